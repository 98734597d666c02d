import type { Page } from 'playwright-core';

/** Goes on with Tab until what has the focus is called so; whoever cannot get there with the keyboard never arrives. */
export async function tabTo(page: Page, name: RegExp, most = 120): Promise<void> {
  for (let pressed = 0; pressed <= most; pressed++) {
    const found = await page.evaluate(() => {
      const element = document.activeElement;
      if (!(element instanceof HTMLElement)) return '';
      const labels = element instanceof HTMLInputElement ? [...(element.labels ?? [])] : [];
      const words = [...labels, element].map(each => each.textContent).find(text => text?.trim());
      return (element.getAttribute('aria-label') ?? words ?? '').trim();
    });
    if (name.test(found)) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`Tab does not lead to ${name}`);
}
