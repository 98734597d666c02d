import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { violations } from './support/accessibility.ts';
import { chromium, whyNoChromium } from './support/chromium.ts';
import { type ListedPage, openListedPage } from './support/listed-page.ts';
import { readPdf } from './support/pdf-text.ts';
import { storeList } from './support/stored-list.mjs';

describe.skipIf(!chromium)(`a long conversation${whyNoChromium}`, () => {
  let listed: ListedPage;
  let page: Page;

  beforeAll(async () => {
    listed = await openListedPage(opened => storeList(opened, 2, 1000));
    ({ page } = listed);
    await page.locator('.history-open').first().click();
    await page.getByText('Answer 999 of 1 begins.').waitFor();
  });
  afterAll(() => listed?.close());

  const built = () => page.locator('.messages article').count();
  /** Two frames: what was scrolled to has been built. */
  const frames = () =>
    page.evaluate(
      () => new Promise(resolve => requestAnimationFrame(() => requestAnimationFrame(() => resolve(null)))),
    );

  test('is opened at its end, and of 2,000 messages only those near what is seen are built', async () => {
    expect(await page.locator('.messages > [data-message]').last().getAttribute('aria-setsize')).toBe('2000');
    expect(await built()).toBeLessThan(60);
    const fromEnd = await page
      .locator('.chat-scroll')
      .evaluate(({ scrollHeight, clientHeight, scrollTop }) => scrollHeight - clientHeight - scrollTop);
    expect(fromEnd).toBeLessThan(2);
  });

  test('stays where it is read while what is above is built', async () => {
    const scroller = page.locator('.chat-scroll');
    for (const part of [0.5, 0.1, 0.8]) {
      await scroller.evaluate((each, part) => each.scrollTo(0, each.scrollHeight * part), part);
      await expect.poll(built).toBeGreaterThan(2);
      await frames();
      // Upwards by less than a screen at a time, as a wheel does: what was at the top is lower by just as much.
      for (let step = 0; step < 12; step++) {
        const moved = await scroller.evaluate(async each => {
          const items = [...each.querySelectorAll('.messages > li')];
          const { top } = each.getBoundingClientRect();
          const first = items.find(item => item.getBoundingClientRect().bottom > top)!;
          const before = first.getBoundingClientRect().top;
          each.scrollBy(0, -300);
          const frame = () => new Promise(resolve => requestAnimationFrame(resolve));
          for (let i = 0; i < 4; i++) await frame();
          return first.getBoundingClientRect().top - before - 300;
        });
        expect(Math.abs(moved)).toBeLessThan(2);
        expect(await built()).toBeLessThan(60);
      }
    }
  });

  test('is selected whole by the browser, each message once and in order, and found by its search wherever it is', async () => {
    await expect
      .poll(() => page.locator('.messages').evaluate(list => list.textContent.includes('Question 0 of 1:')))
      .toBe(true);
    await page.locator('.chat-scroll').focus();
    await page.keyboard.press('ControlOrMeta+a');
    await frames();
    const selected = await page.evaluate(() => document.getSelection()!.toString());
    const turns = Array.from({ length: 1000 }, (_, turn) => String(turn));
    const places = (what: RegExp) => [...selected.matchAll(what)].map(found => found[1]);
    expect(places(/Question (\d+) of 1:/g)).toEqual(turns);
    expect(places(/Answer (\d+) of 1 begins/g)).toEqual(turns);
    expect(await built()).toBeLessThan(60);
    const found = await page.evaluate(() => {
      document.getSelection()!.removeAllRanges();
      const browser: { find?: (text: string) => boolean } = window as object;
      return browser.find?.('Question 37 of 1:');
    });
    expect(found).toBe(true);
    await page.evaluate(() => document.getSelection()!.removeAllRanges());
  });

  test('shows by keyboard its beginning and its end', async () => {
    await page.locator('.chat-scroll').focus();
    await page.keyboard.press('Home');
    await page.locator('article', { hasText: 'Question 0 of 1' }).waitFor();
    await page.keyboard.press('End');
    await page.locator('article', { hasText: 'Answer 999 of 1' }).waitFor();
  });

  test('shows a message that was searched for, with the focus on it', async () => {
    await page.getByRole('searchbox').fill('Question 321 of 1');
    await page.locator('.found-open', { hasText: 'Question 321 of 1' }).first().click();
    const focused = () =>
      page.evaluate(() => document.querySelector<HTMLElement>('article:focus')?.textContent ?? '');
    await expect.poll(focused).toContain('Question 321 of 1');
    await frames();
    const place = await page.evaluate(
      () =>
        document.activeElement!.getBoundingClientRect().top -
        document.querySelector('.chat-scroll')!.getBoundingClientRect().top,
    );
    expect(place).toBeGreaterThan(-50);
    expect(place).toBeLessThan(300);
    await page.getByRole('searchbox').fill('');
  });

  test('is printed whole', async () => {
    await storeList(page, 2, 60);
    await page.reload();
    await page.locator('.history-open').first().click();
    await page.getByText('Answer 59 of 1 begins.').waitFor();
    expect(await page.locator('.messages > [data-message]').last().getAttribute('aria-setsize')).toBe('120');
    expect(await built()).toBeLessThan(60);
    expect(await violations(page)).toEqual([]);
    const pages = await readPdf(await page.pdf({ preferCSSPageSize: true }));
    const words = JSON.stringify(pages);
    for (const turn of [0, 1, 17, 30, 59]) {
      expect(words).toContain(`Question ${turn} of 1`);
      expect(words).toContain(`Answer ${turn} of 1`);
    }
    await expect.poll(built).toBeLessThan(60);
  });
});
