/** Conversations given out, wiped, taken in again and found: by keyboard, as far as the browser lets a page be used by it. */
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { violations } from './support/accessibility.ts';
import { ask, lastAnswer } from './support/chat-page.ts';
import { chromium, whyNoChromium } from './support/chromium.ts';
import { dropFiles, imagesReady, phantom } from './support/images.ts';
import { type LoadedPage, openLoadedPage } from './support/loaded-page.ts';
import { shoot } from './support/shoot.ts';
import { readRecords, type StoredRecords } from './support/stored-records.ts';

/** What is stored of conversations: not of drafts, nor which one is shown. */
const conversationRecords = (all: StoredRecords): StoredRecords =>
  Object.fromEntries(
    Object.entries(all).filter(([key]) => /^(conversation|message|image|answer-record)\//.test(key)),
  );

const pressed = async (page: Page, name: string) => {
  await page.getByRole('button', { name, exact: true }).last().focus();
  await page.keyboard.press('Enter');
};

describe.skipIf(!chromium)(`conversations given out, taken in and found${whyNoChromium}`, () => {
  let loaded: LoadedPage;
  let page: Page;
  let folder: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'bedside-sharing-'));
    loaded = await openLoadedPage();
    ({ page } = loaded);
    await dropFiles(page, phantom('phantom-101-00.png'));
    await imagesReady(page);
    await ask(page, 'Describe the image.');
    await lastAnswer(page);
    await pressed(page, 'Regenerate');
    await page.locator('.branch-count').waitFor();
    await lastAnswer(page);
  });
  afterAll(async () => {
    await loaded?.close();
    await rm(folder, { recursive: true, force: true });
  });

  /** From the open dialog; the path of the file. */
  async function save(): Promise<string> {
    const waiting = page.waitForEvent('download');
    await pressed(page, 'Save file');
    const download = await waiting;
    const path = join(folder, download.suggestedFilename());
    await download.saveAs(path);
    return path;
  }

  const dialog = () => page.getByRole('dialog');
  const choose = async (legend: string, label: string) => {
    const group = dialog().getByRole('group', { name: legend });
    await group.getByRole('radio', { checked: true }).focus();
    // Round once at most.
    for (let step = 0; step < 5; step++) {
      if (await group.getByRole('radio', { name: label, exact: true }).isChecked()) return;
      await page.keyboard.press('ArrowRight');
    }
    throw new Error(`${label} cannot be reached`);
  };

  let exported: string;

  test('exported with all of its versions by keyboard alone', async () => {
    await pressed(page, 'Export conversation');
    await dialog().waitFor();
    expect(await violations(page)).toEqual([]);
    await shoot(page, 'export');
    await choose('What', 'Chosen messages');
    expect(await violations(page)).toEqual([]);
    await shoot(page, 'export-chosen');
    await choose('As', 'Bedside');
    await choose('What', 'All versions');
    exported = await save();
    await expect
      .poll(() => dialog().locator('.share-outcome').innerText())
      .toContain('was offered to be saved');
    await page.keyboard.press('Escape');
    await dialog().waitFor({ state: 'detached' });
    expect(await page.evaluate(() => document.activeElement?.getAttribute('aria-label'))).toBe(
      'Export conversation',
    );
  });

  test('wiped and imported again, all that was stored of it is there, to the byte', async () => {
    const before = conversationRecords(await readRecords(page));
    const kinds = Object.keys(before).map(key => key.split('/')[0]);
    expect(kinds.filter(kind => kind === 'message')).toHaveLength(3);
    expect(kinds.filter(kind => kind === 'image')).toHaveLength(1);
    await pressed(page, 'Settings');
    await pressed(page, 'Delete all conversations…');
    await pressed(page, 'Delete all');
    await expect.poll(async () => conversationRecords(await readRecords(page))).toEqual({});

    await pressed(page, 'Settings');
    await page.getByLabel('Files of conversations').setInputFiles(exported);
    await dialog().getByText('1 conversation added.').waitFor();
    await dialog().getByText('1 conversation added.').scrollIntoViewIfNeeded();
    expect(await violations(page)).toEqual([]);
    await shoot(page, 'import');
    expect(conversationRecords(await readRecords(page))).toEqual(before);
    await page.keyboard.press('Escape');
    await dialog().waitFor({ state: 'detached' });
  });

  test('a file that is none is refused in words, and nothing is added', async () => {
    const before = await readRecords(page);
    await pressed(page, 'Settings');
    await page.getByLabel('Files of conversations').setInputFiles({
      name: 'notes.json',
      mimeType: 'application/json',
      buffer: Buffer.from(readFileSync(exported, 'utf8').replace('"parentId":null', '"parentId":"gone"')),
    });
    await dialog().getByText('do not follow each other').waitFor();
    expect(await readRecords(page)).toEqual(before);
    await page.keyboard.press('Escape');
  });

  test('what was imported is found by keyboard, and the focus goes to the message', async () => {
    const field = page.getByRole('searchbox', { name: 'Search conversations' });
    await field.focus();
    await page.keyboard.type('describe');
    await page.getByText(/places? found\.$/).waitFor();
    expect(await violations(page)).toEqual([]);
    await shoot(page, 'search');
    await field.focus();
    // The title is the first place, the question the second.
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    const focused = () =>
      page.evaluate(() => [document.activeElement?.tagName, document.activeElement?.textContent]);
    await expect.poll(async () => (await focused())[0]).toBe('ARTICLE');
    expect((await focused())[1]).toContain('Describe the image.');
    await field.focus();
    await page.keyboard.press('Escape');
    expect(await field.inputValue()).toBe('');
  });

  test('the page that is exported opens offline, asks for nothing, and shows its image', async () => {
    await pressed(page, 'Export conversation');
    await dialog().waitFor();
    await choose('As', 'Page');
    const path = await save();
    await page.keyboard.press('Escape');
    const reader = await loaded.context.newPage();
    const asked: string[] = [];
    await loaded.context.setOffline(true);
    reader.on('request', request => asked.push(request.url()));
    await reader.goto(pathToFileURL(path).href);
    expect(await reader.locator('img').evaluate((image: HTMLImageElement) => image.naturalWidth)).toBe(233);
    expect(asked.filter(url => !url.startsWith('data:'))).toEqual([pathToFileURL(path).href]);
    const text = await reader.locator('body').innerText();
    for (const fact of [
      'nano-vqa',
      'SHA-256',
      'What the model saw of phantom-101-00.png',
      'not for diagnosis',
    ])
      expect(text).toContain(fact);
    expect(await violations(reader)).toEqual([]);
    await shoot(reader, 'page');
    await reader.close();
    await loaded.context.setOffline(false);
  });

  test('nothing went wrong unseen', () => {
    expect(loaded.problems).toEqual([]);
  });
});
