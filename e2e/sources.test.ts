/** A text of the reader's own: attached, asked about, kept, given out and taken in, and what of an answer stands in it. */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { writePdf } from '../test/support/pdf-writer.ts';
import { violations } from './support/accessibility.ts';
import { ask, lastAnswer, modelReady } from './support/chat-page.ts';
import { chromium, whyNoChromium } from './support/chromium.ts';
import { dropFiles } from './support/images.ts';
import { tabTo } from './support/keyboard.ts';
import { type LoadedPage, openLoadedPage } from './support/loaded-page.ts';
import { shoot } from './support/shoot.ts';
import { readRecords, type StoredRecords } from './support/stored-records.ts';

const lines = [
  'Synthetic report.',
  'Potassium was 5.1 mmol/L on admission.',
  'Follow-up is planned in two weeks.',
];
const report = {
  name: 'report.pdf',
  type: 'application/pdf',
  bytes: writePdf([
    lines.map((text, at) => ({ text, x: 72, y: 760 - 14 * at })),
    [{ text: 'Second page.', x: 72, y: 760 }],
  ]),
};

/** An answer whose sentences are known: no model writes the same on every machine. */
function answered(): string {
  const id = 'a'.repeat(32);
  const message = { v: 4, conversationId: id };
  const source = {
    id: 's1',
    name: 'report.pdf',
    kind: 'pdf',
    partCount: 2,
    parts: [{ number: 1, text: lines.join('\n') }],
  };
  const text =
    'Follow-up is planned in **two weeks**. The potassium was 4.1 mmol/L. Hyperkalaemia is treated with calcium first (Smith et al., 2019).';
  return JSON.stringify({
    format: 'bedside-conversations',
    version: 1,
    conversations: [
      {
        index: {
          v: 4,
          id,
          title: 'A report',
          createdAt: 1,
          updatedAt: 2,
          rootIds: ['q'],
          currentLeafId: 'r',
        },
        messages: [
          {
            ...message,
            id: 'q',
            parentId: null,
            role: 'user',
            createdAt: 1,
            text: 'What does it say?',
            sources: [source],
          },
          {
            ...message,
            id: 'r',
            parentId: 'q',
            role: 'assistant',
            createdAt: 2,
            text,
            stopReason: 'end',
            model: 'Synthetic',
          },
        ],
        images: [],
      },
    ],
  });
}

const conversationRecords = (all: StoredRecords): StoredRecords =>
  Object.fromEntries(
    Object.entries(all).filter(([key]) => /^(conversation|message|answer-record)\//.test(key)),
  );

const pressed = async (page: Page, name: string | RegExp) => {
  await page
    .getByRole('button', { name, exact: typeof name === 'string' })
    .last()
    .focus();
  await page.keyboard.press('Enter');
};

describe.skipIf(!chromium)(`a text of the reader's own${whyNoChromium}`, () => {
  let loaded: LoadedPage;
  let page: Page;
  let folder: string;
  const broken: string[] = [];
  const asked: string[] = [];

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'bedside-sources-'));
    loaded = await openLoadedPage();
    ({ page } = loaded);
    page.on('console', message => {
      if (/Content Security Policy|Trusted/i.test(message.text())) broken.push(message.text());
    });
    page.context().on('request', request => asked.push(request.url()));
  });
  afterAll(async () => {
    await loaded?.close();
    await rm(folder, { recursive: true, force: true });
  });

  const card = (name: string) => page.locator('.source-card', { hasText: name });

  test('a PDF that is dropped is read on the device, and counted', async () => {
    await dropFiles(page, report);
    await card('report.pdf').and(page.locator('[data-status="ready"]')).waitFor();
    expect(await card('report.pdf').innerText()).toContain('2 pages');
    await page.locator('.source-room p').waitFor();
    expect(await page.locator('.source-room').innerText()).toMatch(/tokens/);
    expect(await violations(page)).toEqual([]);
    await shoot(page, 'source-attached');
  });

  test('in a narrow window what can be attached is in one menu', async () => {
    const before = page.viewportSize()!;
    await page.setViewportSize({ width: 390, height: 844 });
    await page.getByRole('button', { name: 'Attach a text' }).waitFor({ state: 'hidden' });
    await pressed(page, 'Attach');
    const menu = page.getByRole('menu', { name: 'Attach' });
    expect(await menu.getByRole('menuitem').allInnerTexts()).toEqual([
      'Attach an image',
      'Attach a text',
      'Look through a study',
    ]);
    expect(await violations(page)).toEqual([]);
    // As where the keyboard on the screen comes: the menu stays, and within what is left.
    await page.setViewportSize({ width: 390, height: 500 });
    const bottom = () => menu.evaluate(element => innerHeight - element.getBoundingClientRect().bottom);
    await expect.poll(async () => page.evaluate(() => innerHeight)).toBe(500);
    await expect.poll(bottom).toBeGreaterThanOrEqual(0);
    const choosing = page.waitForEvent('filechooser');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    const chooser = await choosing;
    await chooser.setFiles({ name: 'note.txt', mimeType: 'text/plain', buffer: Buffer.from('A line.') });
    await card('note.txt').and(page.locator('[data-status="ready"]')).waitFor();
    await page.getByRole('button', { name: 'Remove note.txt' }).click();
    await card('note.txt').waitFor({ state: 'detached' });
    await page.setViewportSize(before);
    await page.getByRole('button', { name: 'Attach a text' }).waitFor();
  });

  test('what cannot be read is refused in words', async () => {
    await dropFiles(page, { name: 'letter.docx', type: '', bytes: new TextEncoder().encode('PK') });
    await card('letter.docx').getByRole('alert').waitFor();
    expect(await card('letter.docx').innerText()).toContain('save it as PDF');
    await page.getByRole('button', { name: 'Remove letter.docx' }).click();
    await card('letter.docx').waitFor({ state: 'detached' });
  });

  test('it is there again after a reload', async () => {
    await page.getByRole('textbox', { name: 'Your question' }).fill('What is planned?');
    await expect
      .poll(async () => Object.keys(await readRecords(page)).filter(key => key.startsWith('draft')).length)
      .toBe(2);
    await expect.poll(async () => JSON.stringify(await readRecords(page))).toContain('What is planned?');
    await page.reload();
    await card('report.pdf').and(page.locator('[data-status="ready"]')).waitFor();
    expect(await page.getByRole('textbox', { name: 'Your question' }).inputValue()).toBe('What is planned?');
    await modelReady(page);
  });

  test('a long paste is offered to be kept as a text, and stays where it is otherwise', async () => {
    const field = page.getByRole('textbox', { name: 'Your question' });
    const long = 'A line of a synthetic report. '.repeat(80);
    const paste = (text: string) =>
      field.evaluate((element, pasted) => {
        const clipboardData = new DataTransfer();
        clipboardData.setData('text/plain', pasted);
        element.dispatchEvent(
          new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }),
        );
        document.execCommand('insertText', false, pasted);
      }, text);
    await field.focus();
    await paste('short');
    expect(await page.locator('.paste-offer').count()).toBe(0);
    await field.fill('What is planned?');
    await paste(long);
    await page.locator('.paste-offer').waitFor();
    await shoot(page, 'source-paste');
    await pressed(page, 'Ask about it as a text');
    await card('Pasted text').waitFor();
    expect((await field.inputValue()).trim()).toBe('What is planned?');
    await page.getByRole('button', { name: 'Remove Pasted text' }).click();
  });

  test('asked, it is folded with the question, and the answer is looked through', async () => {
    await ask(page, 'What is planned?');
    await lastAnswer(page);
    await page.getByRole('list', { name: 'Texts of this question' }).waitFor();
    await page.locator('.source-summary').waitFor();
    expect(await page.locator('.source-card').count()).toBe(0);
    await shoot(page, 'source-asked');
    await pressed(page, /^report\.pdf, 2 pages/);
    const dialog = page.getByRole('dialog', { name: 'report.pdf' });
    expect(await dialog.innerText()).toContain('Potassium was 5.1 mmol/L on admission.');
    expect(await violations(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
  });

  test('given out, wiped and taken in again, all of it is there', async () => {
    const before = conversationRecords(await readRecords(page));
    await pressed(page, 'Export conversation');
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('radio', { name: 'Bedside', exact: true }).check();
    const waiting = page.waitForEvent('download');
    await pressed(page, 'Save file');
    const path = join(folder, 'all.json');
    await (await waiting).saveAs(path);
    expect(await readFile(path, 'utf8')).toContain('Potassium was 5.1 mmol/L on admission.');
    await page.keyboard.press('Escape');
    await pressed(page, 'Settings');
    await pressed(page, 'Delete all conversations…');
    await pressed(page, 'Delete all');
    await expect.poll(async () => conversationRecords(await readRecords(page))).toEqual({});
    await pressed(page, 'Settings');
    await page.getByLabel('Files of conversations').setInputFiles(path);
    await dialog.getByText('1 conversation added.').waitFor();
    expect(conversationRecords(await readRecords(page))).toEqual(before);
    await page.getByLabel('Files of conversations').setInputFiles({
      name: 'answered.json',
      mimeType: 'application/json',
      buffer: Buffer.from(answered()),
    });
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
  });

  test('sentences of the text are marked, a value that differs and a reference of its own too', async () => {
    await page.getByText('A report', { exact: true }).first().click();
    const answer = page.getByRole('article', { name: 'Answer' });
    await answer.locator('.source-summary').waitFor();
    expect(await answer.locator('.source-summary').innerText()).toContain(
      '1 of 3 sentences is in your text.',
    );
    expect(await answer.locator('.markdown').textContent()).toBe(
      'Follow-up is planned in two weeks. The potassium was 4.1 mmol/L. Hyperkalaemia is treated with calcium first (Smith et al., 2019).',
    );
    expect(await answer.getByRole('img', { name: 'From the model’s memory' }).count()).toBe(2);
    expect(await answer.getByRole('img', { name: 'Unverified reference' }).count()).toBe(1);
    expect(await answer.getByRole('button', { name: 'The text says 5.1 mmol/L. Show it.' }).count()).toBe(1);
    for (const scheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme: scheme });
      expect(await violations(page)).toEqual([]);
    }
    await page.emulateMedia({ colorScheme: 'light', forcedColors: 'active' });
    expect(await violations(page)).toEqual([]);
    await page.emulateMedia({ forcedColors: 'none' });
    await shoot(page, 'source-marks');
  });

  test('a mark opens the text at its passage by keyboard, and the focus comes back', async () => {
    await page.getByRole('textbox', { name: 'Your question' }).focus();
    await page.getByRole('article', { name: 'Answer' }).focus();
    await tabTo(page, /^In your text: report\.pdf, page 1\./);
    await page.keyboard.press('Enter');
    const mark = page.getByRole('dialog', { name: 'report.pdf' }).locator('mark');
    await mark.waitFor();
    expect(await mark.innerText()).toBe('Follow-up is planned in two weeks');
    await shoot(page, 'source-passage');
    await page.keyboard.press('Escape');
    await mark.waitFor({ state: 'detached' });
    expect(await page.evaluate(() => document.activeElement?.getAttribute('aria-label'))).toMatch(
      /^In your text/,
    );
  });

  test('nothing was asked of another place, and no policy broken', () => {
    const origin = new URL(page.url()).origin;
    expect(asked.filter(url => !url.startsWith(origin) && !/^(blob|data):/.test(url))).toEqual([]);
    expect(broken).toEqual([]);
    expect(loaded.problems).toEqual([]);
  });
});
