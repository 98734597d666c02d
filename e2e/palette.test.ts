import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { lastAnswer } from './support/chat-page.ts';
import { chromium, whyNoChromium } from './support/chromium.ts';
import { type LoadedPage, openLoadedPage } from './support/loaded-page.ts';

const focusedId = (page: Page) => page.evaluate(() => document.activeElement?.id);

describe.skipIf(!chromium)(`the list of all actions${whyNoChromium}`, () => {
  let loaded: LoadedPage;
  let page: Page;

  beforeAll(async () => {
    loaded = await openLoadedPage();
    ({ page } = loaded);
    await page.setViewportSize({ width: 1280, height: 800 });
  });
  afterAll(() => loaded?.close());

  const openPalette = async () => {
    await page.keyboard.press('Control+k');
    await page.getByRole('combobox', { name: 'Find an action' }).waitFor();
  };

  test('what is typed before it is there goes nowhere', async () => {
    await page.keyboard.press('Shift+Escape');
    await page.keyboard.press('Control+k');
    await page.keyboard.type('at once');
    await page.getByRole('combobox', { name: 'Find an action' }).waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    expect(await page.getByRole('textbox', { name: 'Your question' }).inputValue()).toBe('');
  });

  test('with the keyboard alone: a question is sent, the answer written again, another theme chosen', async () => {
    await page.keyboard.press('Shift+Escape');
    expect(await focusedId(page)).toBe('question');
    await page.keyboard.type('Are you a doctor?');
    await openPalette();
    await page.keyboard.type('send the');
    await page.keyboard.press('Enter');
    await lastAnswer(page);
    expect(await focusedId(page)).toBe('question');
    await openPalette();
    await page.keyboard.type('answer again');
    await page.keyboard.press('Enter');
    await page.locator('.branch-count').waitFor();
    await lastAnswer(page);
    await page.keyboard.press('Shift+Escape');
    await openPalette();
    await page.keyboard.type('colours');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await expect.poll(() => page.evaluate(() => document.documentElement.dataset.theme)).toBe('dark');
    expect(await focusedId(page)).toBe('question');
  });

  test('with the mouse: from the head of the page to the sheet of keys', async () => {
    await page.getByRole('button', { name: 'All actions' }).click();
    const dialog = page.getByRole('dialog', { name: 'All actions' });
    await dialog.getByRole('option', { name: /^Colours of the system/ }).click();
    await expect.poll(() => page.evaluate(() => document.documentElement.dataset.theme)).toBeUndefined();
    await page.getByRole('button', { name: 'All actions' }).click();
    await dialog.getByRole('option', { name: /^Keys/ }).click();
    await page.getByRole('dialog', { name: 'Keys' }).waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
  });

  test('nothing of it was an error', () => {
    expect(loaded.problems).toEqual([]);
  });
});
