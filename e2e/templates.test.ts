import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { violations } from './support/accessibility.ts';
import { lastAnswer } from './support/chat-page.ts';
import { chromium, whyNoChromium } from './support/chromium.ts';
import { type LoadedPage, openLoadedPage } from './support/loaded-page.ts';
import { eachLook } from './support/looks.ts';

const focused = (page: Page) =>
  page.evaluate(() => document.activeElement?.id || (document.activeElement?.textContent ?? ''));

/** As far as the keyboard has to go to it. */
async function tabTo(page: Page, name: string): Promise<void> {
  for (let presses = 0; presses < 30; presses++) {
    if ((await focused(page)) === name) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`no Tab leads to “${name}”`);
}

describe.skipIf(!chromium)(`questions from templates${whyNoChromium}`, () => {
  let loaded: LoadedPage;
  let page: Page;

  const dialog = (name: string) => page.getByRole('dialog', { name });
  const gone = () => page.getByRole('dialog').waitFor({ state: 'detached' });
  const lastQuestion = () =>
    page.getByRole('article', { name: 'Your question' }).last().locator('.bubble').textContent();
  const openList = async () => {
    await page.getByRole('button', { name: 'Templates', exact: true }).click();
    await dialog('Templates').waitFor();
  };

  beforeAll(async () => {
    loaded = await openLoadedPage();
    ({ page } = loaded);
    await page.setViewportSize({ width: 1280, height: 800 });
  });
  afterEach(async () => {
    // What failed leaves no dialog to the next.
    if (await page.getByRole('dialog').isVisible()) await page.keyboard.press('Escape');
  });
  afterAll(() => loaded?.close());

  test('with the keyboard alone: from a slash to an answer', async () => {
    await page.keyboard.press('Shift+Escape');
    await page.keyboard.type('/');
    await dialog('Templates').waitFor();
    await page.keyboard.type('exam');
    await page.keyboard.press('Enter');
    await dialog('Exam question').waitFor();
    await page.keyboard.type('Which vitamin is lacking in scurvy?');
    await page.keyboard.press('Tab');
    await page.keyboard.type('A. Vitamin A');
    await page.keyboard.press('Enter');
    await page.keyboard.type('B. Vitamin C');
    await page.keyboard.press('Tab');
    await page.keyboard.press('ArrowDown');
    const preview = await page.locator('.task-question').textContent();
    expect(preview).toContain('Reasons: for the chosen option.');
    expect(preview).toMatch(/scurvy\?\n\nA\. Vitamin A\nB\. Vitamin C$/);
    await tabTo(page, 'Send');
    await page.keyboard.press('Enter');
    await gone();
    expect(await focused(page)).toBe('question');
    expect(await lastAnswer(page)).not.toBe('');
    expect(await lastQuestion()).toBe(preview);
    await page.getByText('From the template “Exam question”, version 1', { exact: true }).waitFor();
  });

  test('with the mouse: into the question, changed there, to an answer, and as it was after a reload', async () => {
    await openList();
    await dialog('Templates')
      .getByRole('option', { name: /^Differential/ })
      .click();
    await page.getByLabel('Presentation').fill('Fever and a stiff neck since the morning.');
    await page.getByRole('button', { name: 'Put into the question' }).click();
    await gone();
    const field = page.getByRole('textbox', { name: 'Your question' });
    await field.fill(`${await field.inputValue()} Be brief.`);
    await page.getByRole('button', { name: 'Send' }).click();
    expect(await lastAnswer(page)).not.toBe('');
    expect(await lastQuestion()).toMatch(
      /Presentation: Fever and a stiff neck since the morning\. Be brief\.$/,
    );
    const mark = page.getByText(
      'From the template “Differential, with for and against”, version 1, then changed by hand',
    );
    await mark.waitFor();
    await page.reload();
    await mark.waitFor();
  });

  test('what has to be filled in is asked for; a question about an image says what it lacks', async () => {
    await openList();
    await dialog('Templates')
      .getByRole('option', { name: /^Summarise/ })
      .click();
    await dialog('Summarise a note').getByRole('button', { name: 'Send' }).click();
    await page.getByText('This is needed.').waitFor();
    await eachLook(page, 'Template form', async look => expect(await violations(page), look).toEqual([]));
    await page.getByRole('button', { name: 'All templates' }).click();
    await dialog('Templates')
      .getByRole('option', { name: /^Compare/ })
      .click();
    const needs = page.getByRole('status', { name: 'Images' });
    await expect.poll(() => needs.textContent()).toContain('about two images, and none is attached yet');
    expect(await needs.textContent()).toMatch(/reads text alone\. .*, which looks at images, would answer\./);
    await page.keyboard.press('Escape');
    await gone();
  });

  test('one of one’s own: made, used, deleted and had back, out as a file and in again', async () => {
    await openList();
    await page.getByRole('button', { name: 'New template…' }).click();
    await dialog('New template').waitFor();
    await page.getByLabel('Name', { exact: true }).fill('Rounds');
    await page.getByLabel('Text of the question').fill('Prepare rounds for {{Ward}}.\nFocus: {{Focus}}');
    await page.getByRole('group', { name: 'Field Focus' }).getByLabel('It has to be filled in').uncheck();
    await page.getByRole('group', { name: 'Field Ward' }).getByLabel('Kind').selectOption('choice');
    await page.getByLabel('Choices, one a line').fill('ward 1\nward 2');
    await eachLook(page, 'Template editor', async look => expect(await violations(page), look).toEqual([]));
    await page.getByRole('button', { name: 'Save' }).click();
    await dialog('Rounds').waitFor();
    await expect.poll(() => page.locator('.task-question').textContent()).toBe('Prepare rounds for ward 1.');
    await page.getByRole('button', { name: 'Delete this template' }).click();
    await dialog('Templates').waitFor();
    await page.keyboard.press('F8');
    await page.keyboard.press('Enter');
    const own = dialog('Templates').getByRole('option', { name: /^Rounds/ });
    await own.waitFor();
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Export your own…' }).click(),
    ]);
    const path = await download.path();
    expect(JSON.parse(await readFile(path, 'utf8')).templates).toMatchObject([
      { name: 'Rounds', version: 1 },
    ]);
    await own.click();
    await page.getByRole('button', { name: 'Delete this template' }).click();
    await own.waitFor({ state: 'detached' });
    await page.locator('dialog input[type="file"]').setInputFiles({
      name: 'bedside-templates.json',
      mimeType: 'application/json',
      buffer: await readFile(path),
    });
    await own.waitFor();
    await page.keyboard.press('Escape');
    await gone();
  });

  test('each is an action too', async () => {
    await page.keyboard.press('Control+k');
    await page.getByRole('combobox', { name: 'Find an action' }).waitFor();
    await page.keyboard.type('wording patient');
    await page.keyboard.press('Enter');
    await dialog('Wording for a patient').waitFor();
    await page.keyboard.press('Escape');
    await gone();
  });

  test('nothing of it was an error', () => {
    expect(loaded.problems).toEqual([]);
  });
});
