import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ask, lastAnswer } from './support/chat-page.ts';
import { chromium, whyNoChromium } from './support/chromium.ts';
import { type LoadedPage, openLoadedPage } from './support/loaded-page.ts';

/** What has the focus, in the words of a screen reader; "BODY" is where it must never be. */
const focused = (page: Page) =>
  page.evaluate(() => {
    const element = document.activeElement;
    return element?.getAttribute('aria-label') ?? (element?.textContent || element?.tagName) ?? 'nothing';
  });

/** As with the keyboard: what is pressed has the focus. */
const press = async (page: Page, name: string) => {
  await page.getByRole('button', { name }).last().focus();
  await page.keyboard.press('Enter');
};

const settled = (page: Page) => page.locator('article[aria-busy="true"]').waitFor({ state: 'detached' });

describe.skipIf(!chromium)(`where the focus goes when its control is gone${whyNoChromium}`, () => {
  let loaded: LoadedPage;
  let page: Page;

  beforeAll(async () => {
    loaded = await openLoadedPage();
    ({ page } = loaded);
    await ask(page, 'Are you a doctor?');
    await lastAnswer(page);
  });
  afterAll(() => loaded?.close());

  test('Regenerate: to the answer that is being written in its place', async () => {
    await press(page, 'Regenerate');
    await page.locator('.branch-count').waitFor();
    await settled(page);
    expect(await focused(page)).toBe('Answer');
  });

  test('the arrows between versions: to the same arrow, or at the end to the other one', async () => {
    await page.getByRole('button', { name: 'Previous answer' }).focus();
    await page.keyboard.press('Enter');
    await page.getByText('1/2').waitFor();
    expect(await focused(page)).toBe('Next answer');
    await page.keyboard.press('Enter');
    await page.getByText('2/2').waitFor();
    expect(await focused(page)).toBe('Previous answer');
  });

  test('Escape and Cancel in the edit field: to the button that opened it', async () => {
    await press(page, 'Edit question');
    expect(await focused(page)).toBe('Edit your question');
    await page.keyboard.press('Escape');
    await expect.poll(() => focused(page)).toBe('Edit question');
    await page.keyboard.press('Enter');
    await press(page, 'Cancel');
    await expect.poll(() => focused(page)).toBe('Edit question');
  });

  test('Ask again: to the question in its place', async () => {
    await press(page, 'Edit question');
    await page.keyboard.type(' Say so.');
    await press(page, 'Ask again');
    await page.locator('article', { hasText: 'Say so.' }).waitFor();
    await settled(page);
    expect(await focused(page)).toMatch(/Your question|Edit question/);
    expect(await page.evaluate(() => document.activeElement?.closest('.messages') !== null)).toBe(true);
  });

  test.each(['Enter', 'Escape'])('%s in the field for a title: to the conversation', async key => {
    await page.locator('.history-open').first().focus();
    await press(page, 'Rename “');
    expect(await focused(page)).toBe('New title');
    await page.keyboard.press(key);
    await expect
      .poll(() => page.evaluate(() => document.activeElement?.className))
      .toMatch(/history-open|icon-button/);
    expect(await page.evaluate(() => document.activeElement?.closest('.history-item') !== null)).toBe(true);
  });

  test('a conversation deleted with the keyboard can be had back with the keyboard', async () => {
    await page.locator('.history-open').first().focus();
    await press(page, 'Delete “');
    expect(await focused(page)).not.toBe('BODY');
    // It is offered once the database has agreed.
    await page.getByRole('button', { name: 'Undo' }).waitFor();
    await page.keyboard.press('F8');
    await expect.poll(() => focused(page)).toBe('Undo');
    await page.keyboard.press('Enter');
    await page.locator('.history-open').first().waitFor();
    expect(await page.evaluate(() => document.activeElement === document.body)).toBe(false);
  });

  test('a notification that is dismissed, and a dialog that is closed: never to the page itself', async () => {
    await press(page, 'Settings');
    await page.keyboard.press('Escape');
    await expect.poll(() => focused(page)).toBe('Settings');
    await page.keyboard.press('Escape');
    expect(await focused(page)).toBe('Settings');
  });
});
