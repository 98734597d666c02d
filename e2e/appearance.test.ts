import type { BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { violations } from './support/accessibility.ts';
import { acknowledge } from './support/chat-page.ts';
import { chromium, launchChromium, whyNoChromium } from './support/chromium.ts';
import { type Site, startSite } from './support/site.ts';
import { storeConversation } from './support/stored-conversation.ts';

const shots = process.env.BEDSIDE_SHOTS;

describe.skipIf(!chromium)(`how the page looks where the browser decides${whyNoChromium}`, () => {
  let site: Site;
  let context: BrowserContext;
  let page: Page;

  beforeAll(async () => {
    site = await startSite();
    context = await launchChromium({ classicScrollbars: true });
    page = await context.newPage();
    await page.setViewportSize({ width: 1280, height: 720 });
    await page.goto(site.url);
    await acknowledge(page);
    await page.locator('.model-badge[data-phase="ready"]').waitFor();
    await storeConversation(page, 'A synthetic conversation', [
      { question: 'What is this?', answer: 'A **synthetic** answer.\n\n| a | b |\n| - | - |\n| 1 | 2 |' },
    ]);
    await page.reload();
    await page.locator('.model-badge[data-phase="ready"]').waitFor();
    await page.locator('.history-open').first().click();
    await page.locator('.messages').waitFor();
  });
  afterAll(async () => {
    await context?.close();
    await site?.stop();
  });

  const shoot = async (name: string) => {
    if (shots) await page.screenshot({ path: `${shots}/${name}.png` });
  };

  const open = async (name: 'Settings' | 'Models') => {
    if (name === 'Settings') await page.getByRole('button', { name: 'Settings' }).click();
    else await page.locator('.model-badge').click();
    await page.getByRole('dialog', { name }).waitFor();
  };
  const close = () => page.getByRole('dialog').getByRole('button', { name: 'Close' }).click();

  test.each(['Settings', 'Models'] as const)(
    'the dialog "%s" has one scrollbar: that of its body',
    async name => {
      await open(name);
      const sizes = await page.locator('dialog[open]').evaluate(dialog => {
        const body = dialog.querySelector('.modal-body')!;
        const frame = dialog.querySelector('.modal-frame')!;
        return {
          surplus: dialog.scrollHeight - dialog.clientHeight,
          aside: dialog.scrollWidth - dialog.clientWidth,
          frame: frame.getBoundingClientRect().height - dialog.clientHeight,
          bodyScrolls: body.scrollHeight > body.clientHeight,
          bar: (body as HTMLElement).offsetWidth - body.clientWidth,
        };
      });
      await shoot(`dialog-${name}`);
      await close();
      expect(sizes).toMatchObject({ surplus: 0, aside: 0, frame: 0, bodyScrolls: true });
      expect(sizes.bar, 'classic scrollbars take room').toBeGreaterThan(0);
    },
  );

  test.each([1280, 390])(
    'at %s pixels, the question before a deletion leaves a model its name',
    async width => {
      await page.setViewportSize({ width, height: 720 });
      await open('Models');
      const row = page.locator('.library-model').first();
      await row.getByRole('button', { name: /Delete the stored copy/ }).click();
      const { lines, words } = await row.locator('.library-name').evaluate(name => ({
        lines: name.getBoundingClientRect().height / Number.parseFloat(getComputedStyle(name).lineHeight),
        words: name.textContent?.split(/\s+/).length ?? 0,
      }));
      await shoot(`deleting-${width}`);
      const wide = await page.locator('dialog[open]').evaluate(each => each.scrollWidth - each.clientWidth);
      await row.getByRole('button', { name: /^Keep/ }).click();
      await close();
      await page.setViewportSize({ width: 1280, height: 720 });
      expect(lines).toBeLessThanOrEqual(words);
      expect(wide).toBe(0);
    },
  );

  test.each([1280, 390])('at %s pixels, a notification lies on nothing and breaks no button', async width => {
    await page.setViewportSize({ width, height: 720 });
    if (width === 390) await page.locator('.drawer-open').click();
    // With a mouse a row has its buttons when it is pointed at; the drawer has to be there before.
    await page.locator('.history-item').first().hover();
    await page.getByRole('button', { name: 'Delete “' }).first().click();
    // Deleted while it was shown: the drawer closes over an empty chat.
    await page.locator('.sidebar[data-open="false"]').waitFor({ state: 'attached' });
    const toast = page.locator('.toast');
    await toast.waitFor();
    await shoot(`toast-${width}`);
    const covered = await toast.evaluate(element => {
      const box = element.getBoundingClientRect();
      const others = ['.topbar', '.chat', '.dock'].map(name =>
        document.querySelector(name)!.getBoundingClientRect(),
      );
      return others.filter(other => other.top < box.bottom - 0.5 && other.bottom > box.top + 0.5).length;
    });
    const lines = await toast.evaluate(element =>
      ['.toast-action', 'kbd'].map(name => {
        const text = document.createRange();
        text.selectNodeContents(element.querySelector(name)!);
        return text.getClientRects().length;
      }),
    );
    expect(await violations(page)).toEqual([]);
    await page.keyboard.press('F8');
    await expect
      .poll(() => page.evaluate(() => document.activeElement?.closest('.toast') !== null))
      .toBe(true);
    await page.keyboard.press('Enter');
    await toast.waitFor({ state: 'detached' });
    await page.setViewportSize({ width: 1280, height: 720 });
    await page.locator('.history-open').first().click();
    await page.locator('.messages').waitFor();
    expect(covered).toBe(0);
    expect(lines).toEqual([1, 1]);
  });

  test('in forced colours buttons, the current conversation, the light and bars are to be seen', async () => {
    await page.emulateMedia({ forcedColors: 'active' });
    await page.locator('.history-item').first().hover();
    await shoot('forced');
    const seen = await page.evaluate(() => {
      const style = (name: string) => getComputedStyle(document.querySelector(name)!);
      const bar = document.createElement('progress');
      bar.className = 'bar';
      bar.value = 0.5;
      document.querySelector('.dock .chat-column')!.append(bar);
      const found = {
        buttons: ['.topbar .icon-button', '.new-chat', '.send', '.message-actions .icon-button'].map(name =>
          Number.parseFloat(style(name).borderTopWidth),
        ),
        current: style('.history-item[data-current="true"]').outlineStyle,
        light: style('.model-light').backgroundColor,
        ground: getComputedStyle(document.body).backgroundColor,
        barLine: Number.parseFloat(getComputedStyle(bar).borderTopWidth),
        barAdjust: getComputedStyle(bar).forcedColorAdjust,
        hidden: [
          ...document.querySelectorAll('.history-item:not(:hover, :focus-within) .history-actions'),
        ].map(each => each.getBoundingClientRect().width),
      };
      bar.remove();
      return found;
    });
    await open('Models');
    await shoot('forced-models');
    await close();
    await page.emulateMedia({ forcedColors: null });
    expect(seen.buttons.every(width => width >= 1)).toBe(true);
    expect(seen.current).toBe('solid');
    expect(seen.light).not.toBe(seen.ground);
    expect([seen.barLine, seen.barAdjust]).toEqual([1, 'none']);
    expect(seen.hidden.every(width => width === 0)).toBe(true);
  });
});
