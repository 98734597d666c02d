/** What a model made of its own answer: by keyboard alone, with the demonstration model. */
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { violations } from './support/accessibility.ts';
import { lastAnswer } from './support/chat-page.ts';
import { chromium, whyNoChromium } from './support/chromium.ts';
import { dropFiles, imagesReady, phantom } from './support/images.ts';
import { type LoadedPage, openLoadedPage } from './support/loaded-page.ts';
import { eachLook } from './support/looks.ts';

const pressed = async (page: Page, name: string) => {
  await page.getByRole('button', { name, exact: true }).last().focus();
  await page.keyboard.press('Enter');
};

/** From the menu of the last answer. */
const chosen = async (page: Page, name: string) => {
  await pressed(page, 'More for this answer');
  await page.getByRole('menuitem', { name, exact: true }).focus();
  await page.keyboard.press('Enter');
};

const asked = async (page: Page, question: string) => {
  await page.getByRole('textbox', { name: 'Your question' }).focus();
  await page.keyboard.insertText(question);
  await page.keyboard.press('Enter');
  return lastAnswer(page);
};

/** No rule of accessibility is broken, and nothing is cut off, in any look. */
const looksWell = (page: Page, what: string) =>
  eachLook(page, what, async look => {
    expect(await violations(page), look).toEqual([]);
    const overflow = await page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    );
    expect(overflow, look).toBeLessThanOrEqual(0);
  });

describe.skipIf(!chromium)(`what a model made of its answer${whyNoChromium}`, () => {
  let loaded: LoadedPage;
  let page: Page;

  beforeAll(async () => {
    loaded = await openLoadedPage();
    ({ page } = loaded);
  });
  afterAll(() => loaded?.close());

  const scored = () => page.getByRole('region', { name: 'The answer, with its uncertain words underlined' });

  test('words are underlined when that is asked for, told one by one, and the text comes back', async () => {
    const answer = await asked(page, 'What is asthma?');
    expect(await scored().count()).toBe(0);
    await chosen(page, 'Underline uncertain words');
    await scored().waitFor();
    expect(await scored().locator('.scored-summary').innerText()).toMatch(/ words? had /);
    const text = await scored().locator('.scored-words').innerText();
    expect(text.replace(/\W+/g, '')).toContain(answer.slice(0, 30).replace(/\W+/g, ''));
    // From the button to the text: one stop of the Tab key for all of its words.
    const words = scored().locator('.scored-words button');
    await words.first().focus();
    await page.keyboard.press('ArrowRight');
    const second = await words.nth(1).innerText();
    await scored().getByText(`The model gave the word “${second}”`).first().waitFor();
    expect(await scored().locator('.scored-told').innerText()).toMatch(/\d+ %/);
    await page.keyboard.press('End');
    const last = await words.last().innerText();
    await scored().getByText(`The model gave the word “${last}”`).first().waitFor();
    expect(await scored().locator('.scored-words button[tabindex="0"]').count()).toBe(1);
    const list = scored().locator('summary');
    if ((await list.count()) > 0) {
      await list.focus();
      await page.keyboard.press('Enter');
    }
    await words.first().focus();
    await looksWell(page, 'words');
    await chosen(page, 'Underline no words');
    await scored().waitFor({ state: 'detached' });
    expect(await lastAnswer(page)).toBe(answer);
  });

  test('an answer about an image is scored with what was seen of it', async () => {
    await page.getByRole('button', { name: 'New chat' }).first().focus();
    await page.keyboard.press('Enter');
    await dropFiles(page, phantom('phantom-101-00.png'));
    await imagesReady(page);
    await asked(page, 'Describe the image.');
    await chosen(page, 'Underline uncertain words');
    await scored().waitFor();
    expect(await scored().locator('.scored-words button').count()).toBeGreaterThan(3);
  });

  test('the options of a question are compared, in both orders, and kept with the answer', async () => {
    await page.getByRole('button', { name: 'New chat' }).first().focus();
    await page.keyboard.press('Enter');
    await asked(
      page,
      'Which vitamin deficiency causes scurvy?\n(A) Vitamin A\n(B) Vitamin C\n(C) Vitamin D\n(D) Vitamin K',
    );
    const comparison = page.getByRole('region', { name: 'The options, compared' });
    await pressed(page, 'Compare the options');
    await comparison.locator('.option-bars').waitFor();
    expect(await comparison.locator('.option-verdict').innerText()).toMatch(
      /^The model leans to [A-D]: .*\d+ % of what it gave these letters\. Of all that its answer could begin with, /,
    );
    expect(await comparison.locator('.option-bars li').count()).toBe(4);
    await pressed(page, 'Turn their order round');
    await comparison.locator('.option-bar[data-turned="true"]').first().waitFor();
    expect(await comparison.locator('.option-verdict').innerText()).toContain(
      'In the opposite order it leans to',
    );
    await looksWell(page, 'options');
    const verdict = await comparison.locator('.option-verdict').innerText();
    await page.reload();
    await comparison.locator('.option-verdict').waitFor();
    expect(await comparison.locator('.option-verdict').innerText()).toBe(verdict);
    const [record] = await page.evaluate(async () => {
      const open = indexedDB.open('bedside-chats');
      const database = await new Promise<IDBDatabase>((resolve, reject) => {
        open.onsuccess = () => resolve(open.result);
        open.onerror = () => reject(open.error);
      });
      const all = database.transaction('records').objectStore('records').getAll();
      await new Promise(resolve => {
        all.onsuccess = resolve;
      });
      database.close();
      return all.result.filter(each => each?.optionLikelihoods).map(each => each.optionLikelihoods);
    });
    expect(record.map(({ letter }: { letter: string }) => letter).join('')).toBe('ABCD');
  });

  test('three answers are written side by side, marked where they part, and kept as versions', async () => {
    await page.getByRole('button', { name: 'New chat' }).first().focus();
    await page.keyboard.press('Enter');
    await asked(page, 'What is asthma?');
    await chosen(page, 'Ask several times');
    const dialog = page.getByRole('dialog', { name: 'Ask several times' });
    await dialog.getByText('The answer took the most likely word every time').waitFor();
    await pressed(page, 'Ask 3 times');
    await dialog.getByRole('button', { name: 'Copy all' }).waitFor();
    expect(await dialog.locator('.sample').count()).toBe(3);
    const texts = await dialog.locator('.sample-text').allInnerTexts();
    expect(new Set(texts).size).toBe(3);
    expect(await dialog.locator('.sample-text mark').count()).toBeGreaterThan(0);
    await looksWell(page, 'samples');
    await pressed(page, 'Show answer 2 in the conversation');
    await dialog.waitFor({ state: 'detached' });
    const shown = page.getByRole('article', { name: 'Answer' }).last();
    await shown.getByText('3/4').waitFor();
    expect((await lastAnswer(page)).slice(0, 20)).toBe(texts[1]!.slice(0, 20));
  });

  test('an emergency is told of beside the question, and can be dismissed', async () => {
    await page.getByRole('button', { name: 'New chat' }).first().focus();
    await page.keyboard.press('Enter');
    await page.getByRole('textbox', { name: 'Your question' }).focus();
    await page.keyboard.insertText('I have chest pain right now');
    const notices = page.getByRole('status', { name: 'Notices about this question' });
    await notices.getByText('call your local emergency number').waitFor();
    await looksWell(page, 'guards');
    await pressed(page, 'Dismiss this notice');
    await notices.getByText('call your local emergency number').waitFor({ state: 'detached' });
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('question');
    await page.keyboard.press('Control+A');
    await page.keyboard.press('Delete');
  });

  test('nothing went wrong unseen', () => {
    expect(loaded.problems).toEqual([]);
  });
});
