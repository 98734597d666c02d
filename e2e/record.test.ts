/** From a question to its answer, the answer's record, and the same answer computed once more: by keyboard alone. */
import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { violations } from './support/accessibility.ts';
import { lastAnswer } from './support/chat-page.ts';
import { chromium, whyNoChromium } from './support/chromium.ts';
import { dropFiles, imagesReady, phantom } from './support/images.ts';
import { type LoadedPage, openLoadedPage } from './support/loaded-page.ts';
import { shoot } from './support/shoot.ts';
import { readRecords, type StoredRecords } from './support/stored-records.ts';

const pressed = async (page: Page, name: string) => {
  await page.getByRole('button', { name, exact: true }).last().focus();
  await page.keyboard.press('Enter');
};

const asked = async (page: Page, question: string) => {
  await page.getByRole('textbox', { name: 'Your question' }).focus();
  await page.keyboard.type(question);
  await page.keyboard.press('Enter');
  return lastAnswer(page);
};

/** The records of conversations, without drafts and what is shown. */
const kept = (all: StoredRecords) =>
  Object.entries(all).filter(([key]) => /^(conversation|message|answer-record)\//.test(key));

describe.skipIf(!chromium)(`the record of an answer${whyNoChromium}`, () => {
  let loaded: LoadedPage;
  let page: Page;
  let answer: string;

  beforeAll(async () => {
    loaded = await openLoadedPage();
    ({ page } = loaded);
    answer = await asked(page, 'What is asthma?');
  });
  afterAll(() => loaded?.close());

  const dialog = () => page.getByRole('dialog', { name: 'Record of this answer' });
  const facts = () => dialog().locator('.modal-body').innerText();

  test('says what the model read, which it was, and how it was asked', async () => {
    await pressed(page, 'Record of this answer');
    await dialog().getByRole('heading', { name: 'What it read' }).waitFor();
    const shown = await facts();
    for (const fact of [
      'nano-chat',
      'the processor',
      'Half (16 bit)',
      'Seed',
      '400 tokens',
      '0.1.0, build index-',
    ])
      expect(shown).toContain(fact);
    expect(shown).toMatch(/SHA-256 of the file\s+[0-9a-f]{64}/);
    const prompt = dialog().getByRole('region', { name: 'The exact prompt, as text' });
    expect(await prompt.locator('mark').allInnerTexts()).toContain('What is asthma?');
    expect(await violations(page)).toEqual([]);
    await shoot(page, 'record');
  });

  test('the same again comes out identical, and leaves the conversation as it was', async () => {
    const before = kept(await readRecords(page));
    await pressed(page, 'Reproduce this answer');
    await dialog().locator('.record-verdict').waitFor();
    const verdict = await dialog().locator('.record-verdict').innerText();
    expect(verdict).toMatch(/^Identical: all \d+ tokens came out the same\.$/);
    expect(kept(await readRecords(page))).toEqual(before);
    expect(await violations(page)).toEqual([]);
    await shoot(page, 'record-identical');
  });

  test('is saved as a file that says all of it', async () => {
    const waiting = page.waitForEvent('download');
    await pressed(page, 'Save as JSON');
    const download = await waiting;
    const record = JSON.parse(await readFile(await download.path(), 'utf8'));
    expect(record).toMatchObject({
      format: 'bedside-answer-record',
      notice: expect.stringContaining('not for diagnosis'),
      model: { name: 'nano-chat', quantisation: expect.any(String) },
      request: { sampling: { temperature: 0 }, maxTokens: 400 },
      answer: { stopReason: 'end' },
    });
    expect(record.prompt.text).toContain('What is asthma?');
    expect(record.prompt.ids).toHaveLength(record.answer.usage.promptTokens);
    expect(record.answer.text.trim()).toContain(answer.slice(0, 20));
    await page.keyboard.press('Escape');
    await dialog().waitFor({ state: 'detached' });
    expect(await page.evaluate(() => document.activeElement?.getAttribute('aria-label'))).toBe(
      'Record of this answer',
    );
  });

  test('an answer about an image is computed again as well, with what was seen of it', async () => {
    await page.getByRole('button', { name: 'New chat' }).first().focus();
    await page.keyboard.press('Enter');
    await dropFiles(page, phantom('phantom-101-00.png'));
    await imagesReady(page);
    await asked(page, 'Describe the image.');
    await pressed(page, 'Record of this answer');
    await dialog().getByRole('heading', { name: 'What it saw of images' }).waitFor();
    expect(await facts()).toMatch(/phantom-101-00\.png\s+detailed 2 × 4, .*240 of them in the prompt/);
    await pressed(page, 'Reproduce this answer');
    expect(await dialog().locator('.record-verdict').innerText()).toMatch(/^Identical/);
    expect(await violations(page)).toEqual([]);
    await shoot(page, 'record-image');
    await page.keyboard.press('Escape');
  });

  test('where another model is loaded, it says so, loads the one that wrote the answer, and goes on', async () => {
    await page.getByRole('complementary', { name: 'Conversations' }).getByText('What is asthma?').click();
    await page
      .getByRole('article', { name: 'Answer' })
      .getByText('asthma', { exact: false })
      .first()
      .waitFor();
    await pressed(page, 'Record of this answer');
    await dialog().getByText('nano-vqa is loaded, and nano-chat wrote this answer').waitFor();
    expect(await violations(page)).toEqual([]);
    await shoot(page, 'record-other-model');
    await pressed(page, 'Load nano-chat');
    await dialog().getByRole('button', { name: 'Reproduce this answer' }).waitFor();
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Reproduce this answer');
    await pressed(page, 'Reproduce this answer');
    expect(await dialog().locator('.record-verdict').innerText()).toMatch(/^Identical/);
    await page.keyboard.press('Escape');
  });

  test('what was recorded otherwise parts where it does, and says at which token', async () => {
    await page.evaluate(async () => {
      const settle = <T>(request: IDBRequest<T>) =>
        new Promise<T>((resolve, reject) => {
          request.onsuccess = () => resolve(request.result);
          request.onerror = () => reject(request.error);
        });
      const database = await settle(indexedDB.open('bedside-chats'));
      const records = database.transaction('records', 'readwrite').objectStore('records');
      const all = await settle(records.getAll());
      const record = all.find(each => each.model?.name === 'nano-chat');
      const key = `answer-record/${record.conversationId}/${record.id}`;
      const [first, , ...rest] = record.answer.ids.split(' ');
      record.answer.ids = [first, '7', ...rest].join(' ');
      record.device.precision = 'q8';
      await settle(records.put(record, key));
      database.close();
    });
    await pressed(page, 'Record of this answer');
    await pressed(page, 'Reproduce this answer');
    await dialog().locator('.record-verdict').waitFor();
    expect(await dialog().locator('.record-verdict').innerText()).toContain('They part at token 2');
    expect(await facts()).toContain('kept the conversation in memory with another precision');
    expect(await violations(page)).toEqual([]);
    await shoot(page, 'record-parts');
    await page.keyboard.press('Escape');
  });

  test('nothing went wrong unseen', () => {
    expect(loaded.problems).toEqual([]);
  });
});
