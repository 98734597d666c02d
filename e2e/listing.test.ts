import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { violations } from './support/accessibility.ts';
import { chromium, whyNoChromium } from './support/chromium.ts';
import { type ListedPage, openListedPage } from './support/listed-page.ts';
import { storeList } from './support/stored-list.mjs';

const shots = process.env.BEDSIDE_SHOTS;

describe.skipIf(!chromium)(`the list of conversations${whyNoChromium}`, () => {
  let listed: ListedPage;
  let page: Page;

  beforeAll(async () => {
    listed = await openListedPage(opened => storeList(opened, 1000));
    ({ page } = listed);
  });
  afterAll(() => listed?.close());

  const titles = () => page.locator('.history-title').allTextContents();
  const focused = () =>
    page.evaluate(
      () => document.activeElement?.getAttribute('aria-label') ?? document.activeElement?.textContent,
    );
  const shoot = async (name: string) => {
    if (shots) await page.screenshot({ path: join(shots, `${name}.png`) });
  };
  const more = async (title: string, item: string) => {
    await page.locator('.history-item', { hasText: title }).first().hover();
    await page.getByRole('button', { name: `More for “${title}”` }).click();
    await page.getByRole('menuitem', { name: item }).click();
  };

  test('of a thousand conversations only those near what is seen are built, wherever it is scrolled', async () => {
    const built = () => page.locator('.history-open').count();
    // Which rows lie where depends on the months that head them, and so on the day.
    const seen = () =>
      page.locator('.history').evaluate(nav => {
        const { top, bottom } = nav.getBoundingClientRect();
        const rows = [...nav.querySelectorAll('.history-item')].filter(row => {
          const place = row.getBoundingClientRect();
          return place.bottom > top && place.top < bottom;
        });
        return {
          areThere: rows.length > 0,
          areBuilt: rows.every(row => row.querySelector('.history-open') !== null),
        };
      });
    expect(await page.locator('.history-item').count()).toBe(1000);
    expect(await built()).toBeLessThan(120);
    const height = await page.locator('.history').evaluate(nav => nav.scrollHeight);
    for (const part of [0.3, 0.9, 1, 0.5]) {
      await page.locator('.history').evaluate((nav, part) => nav.scrollTo(0, nav.scrollHeight * part), part);
      await expect.poll(seen).toEqual({ areThere: true, areBuilt: true });
      expect(await built()).toBeLessThan(120);
    }
    expect(await page.locator('.history').evaluate(nav => nav.scrollHeight)).toBe(height);
    await page.locator('.history').evaluate(nav => nav.scrollTo(0, 0));
  });

  test('with the keyboard alone: one stop, the last of a thousand and back', async () => {
    await page.getByRole('searchbox').focus();
    await page.keyboard.press('Tab');
    expect(await focused()).toBe('Conversation 999');
    await page.keyboard.press('End');
    expect(await focused()).toBe('Conversation 0');
    await page.keyboard.press('ArrowUp');
    expect(await focused()).toBe('Conversation 1');
    await page.keyboard.press('Home');
    expect(await focused()).toBe('Conversation 999');
    await page.keyboard.press('Tab');
    expect(await page.evaluate(() => document.activeElement?.closest('.history-item'))).toBeNull();
    await page.keyboard.press('Shift+Tab');
    for (let i = 0; i < 4; i++) await page.keyboard.press('ArrowRight');
    expect(await focused()).toBe('More for “Conversation 999”');
    await page.keyboard.press('Enter');
    expect(await focused()).toBe('Pin');
    expect(await violations(page)).toEqual([]);
    await shoot('list-menu');
    await page.keyboard.press('Escape');
    expect(await focused()).toBe('More for “Conversation 999”');
  });

  test('with the mouse: pinned, tagged, archived', async () => {
    await more('Conversation 997', 'Pin');
    await expect.poll(async () => (await titles())[0]).toBe('Conversation 997');
    await more('Conversation 998', 'Tags…');
    const dialog = page.getByRole('dialog', { name: 'Tags of this conversation' });
    await dialog.getByLabel('New tag').fill('teaching');
    await page.keyboard.press('Enter');
    await dialog.getByRole('button', { name: 'Remove “teaching”' }).waitFor();
    expect(await violations(page)).toEqual([]);
    await shoot('list-tags');
    await dialog.getByRole('button', { name: 'Done' }).click();
    await more('Conversation 996', 'Archive');
    await expect.poll(titles).not.toContain('Conversation 996');
    const listed = page.getByLabel('Which conversations are listed');
    await listed.selectOption('archive');
    await expect.poll(titles).toEqual(['Conversation 996']);
    await listed.selectOption('tag:teaching');
    await expect.poll(titles).toEqual(['Conversation 998']);
    await listed.selectOption('all');
    await page.reload();
    await expect.poll(async () => (await titles())[0]).toBe('Conversation 997');
    await shoot('list');
  });

  test('several are deleted, restored from the bin, and nothing is left of what is deleted for good', async () => {
    await more('Conversation 995', 'Choose several');
    await page.locator('.history-open', { hasText: 'Conversation 994' }).click();
    await page.getByText('2 conversations chosen').waitFor();
    expect(await violations(page)).toEqual([]);
    await shoot('list-choosing');
    await page
      .getByRole('group', { name: 'Chosen conversations' })
      .getByRole('button', { name: 'Delete' })
      .click();
    await page.getByText('2 conversations were moved to the bin.').waitFor();
    await page.getByRole('button', { name: 'Bin', exact: true }).click();
    const bin = page.getByRole('dialog', { name: 'Bin' });
    await bin.getByRole('button', { name: 'Restore “Conversation 994”' }).click();
    await bin.getByText('“Conversation 994” is back in the list.').waitFor();
    expect(await violations(page)).toEqual([]);
    await shoot('list-bin');
    await bin.getByRole('button', { name: 'Empty the bin…' }).click();
    await bin.getByRole('button', { name: 'Delete 1 conversation for good' }).click();
    await bin.getByText('Nothing is in the bin.').waitFor();
    await bin.getByRole('button', { name: 'Close' }).click();
    await expect.poll(titles).toContain('Conversation 994');
    const left = await page.evaluate(
      () =>
        new Promise<string[]>(resolve => {
          const request = indexedDB.open('bedside-chats');
          request.onsuccess = () => {
            const keys = request.result.transaction('records').objectStore('records').getAllKeys();
            keys.onsuccess = () => resolve(keys.result.map(String).filter(key => /\bc995\b/.test(key)));
          };
        }),
    );
    expect(left).toEqual([]);
  });

  test.each([
    ['dark', 'ltr', 1280],
    ['light', 'rtl', 1280],
    ['dark', 'rtl', 390],
    ['light', 'ltr', 390],
  ] as const)('axe finds nothing in %s, %s, %i pixels wide', async (colorScheme, direction, width) => {
    await page.emulateMedia({ colorScheme });
    await page.setViewportSize({ width, height: 800 });
    await page.evaluate(dir => document.documentElement.setAttribute('dir', dir), direction);
    if (width === 390) await page.locator('.drawer-open').click();
    await page.locator('.history-open').first().hover();
    await page
      .getByRole('button', { name: /^More for/ })
      .first()
      .click();
    await page.getByRole('menu').waitFor();
    await shoot(`list-${colorScheme}-${direction}-${width}`);
    expect(await violations(page)).toEqual([]);
    const outside = await page.getByRole('menu').evaluate(menu => {
      const { left, right, bottom } = menu.getBoundingClientRect();
      return left < 0 || right > innerWidth || bottom > innerHeight;
    });
    await page.keyboard.press('Escape');
    if (width === 390) await page.keyboard.press('Escape');
    await page.evaluate(() => document.documentElement.removeAttribute('dir'));
    expect(outside).toBe(false);
  });
});
