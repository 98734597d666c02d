import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BrowserContext, Page } from 'playwright-core';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openChat } from './support/chat-page.ts';
import { chromium, launchChromium, whyNoChromium } from './support/chromium.ts';
import { killChromium } from './support/kill-chromium.ts';
import { slowly } from './support/shell.ts';
import { type Site, startSite } from './support/site.ts';

/** Two conversations as an earlier visit left them, newest first in the list: A, then B. */
async function storeTwo(page: Page): Promise<void> {
  await page.evaluate(async () => {
    const settle = <T>(request: IDBRequest<T>) =>
      new Promise<T>((resolve, reject) => {
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error);
      });
    const database = await settle(indexedDB.open('bedside-chats'));
    const records = database.transaction('records', 'readwrite').objectStore('records');
    const now = Date.now();
    for (const [name, at] of [
      ['B', now - 60_000],
      ['A', now],
    ] as const) {
      const id = name.toLowerCase().repeat(32);
      const message = { v: 1, conversationId: id, createdAt: at };
      const conversation = { v: 1, id, title: `In ${name}`, createdAt: at, updatedAt: at };
      records.put({ ...conversation, rootIds: [`${id}1`], currentLeafId: `${id}2` }, `conversation/${id}`);
      records.put(
        { ...message, id: `${id}1`, parentId: null, role: 'user', text: `In ${name}` },
        `message/${id}/${id}1`,
      );
      await settle(
        records.put(
          {
            ...message,
            id: `${id}2`,
            parentId: `${id}1`,
            createdAt: at + 1,
            role: 'assistant',
            text: `${name}, answered.`,
            stopReason: 'end',
          },
          `message/${id}/${id}2`,
        ),
      );
    }
    database.close();
  });
}

/** Waits until these texts are in one draft on the disk. */
async function whenStored(page: Page, texts: readonly string[]): Promise<void> {
  const isStored = () =>
    page.evaluate(async wanted => {
      const settle = <T>(request: IDBRequest<T>) =>
        new Promise<T>((resolve, reject) => {
          request.onsuccess = () => resolve(request.result);
          request.onerror = () => reject(request.error);
        });
      const database = await settle(indexedDB.open('bedside-chats'));
      const range = IDBKeyRange.bound('draft/', 'draft/\uffff');
      const drafts = await settle(database.transaction('records').objectStore('records').getAll(range));
      database.close();
      return drafts.some(draft => wanted.every(text => JSON.stringify(draft).includes(text)));
    }, texts);
  await expect.poll(isStored).toBe(true);
}

const field = (page: Page) => page.getByRole('textbox', { name: 'Your question', exact: true });
const edit = (page: Page) => page.getByRole('textbox', { name: 'Edit your question' });
const cards = (page: Page) => page.locator('.attachment');
const shows = (page: Page, text: string) => page.locator('.message-user', { hasText: text }).waitFor();
const isEmptyChat = (page: Page) => page.locator('.empty').waitFor();
const inList = (page: Page, name: string) => page.getByRole('button', { name, exact: true });
const newChat = (page: Page) => page.getByRole('button', { name: 'New chat' }).first().click();

/** A picture that this browser draws. */
async function attachImage(page: Page): Promise<void> {
  const png = await page.evaluate(() => {
    const canvas = document.createElement('canvas');
    canvas.width = 64;
    canvas.height = 48;
    canvas.getContext('2d')?.fillRect(8, 8, 20, 20);
    return canvas.toDataURL('image/png').split(',')[1] ?? '';
  });
  const chosen = page.waitForEvent('filechooser');
  await page.getByRole('button', { name: 'Attach an image' }).click();
  const chooser = await chosen;
  await chooser.setFiles({ name: 'square.png', mimeType: 'image/png', buffer: Buffer.from(png, 'base64') });
  await page.locator('.attachment[data-status="ready"]').waitFor();
}

describe.skipIf(!chromium)(`what was typed and not sent${whyNoChromium}`, () => {
  let site: Site;
  let profile: string;
  let context: BrowserContext;
  let page: Page;
  let problems: string[];

  const launch = async () => {
    // No model is needed: what is sent waits for one, and is shown.
    context = await launchChromium({ withoutGpu: true, userDataDir: profile });
  };

  beforeEach(async () => {
    profile = await mkdtemp(join(tmpdir(), 'bedside-drafts-'));
    site = await startSite({ basePath: '/tools/bedside/', headers: false });
    await launch();
    ({ page, problems } = await openChat(context, site.url, false));
    await storeTwo(page);
    await page.reload();
    await inList(page, 'In A').click();
    await shows(page, 'In A');
  });
  afterEach(async () => {
    await context?.close();
    await site?.stop();
    await rm(profile, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
  });

  async function prepare(): Promise<void> {
    await attachImage(page);
    // A page that is left can keep texts at once, but no image.
    await whenStored(page, ['square.png']);
    await field(page).fill('Meant for A');
    await page.getByRole('button', { name: 'Edit question' }).click();
    await edit(page).fill('In A, edited');
  }

  async function expectPrepared(shown: Page): Promise<void> {
    await shown.locator('.attachment[data-status="ready"]').waitFor();
    await expect.poll(() => field(shown).inputValue(), slowly).toBe('Meant for A');
    await expect.poll(() => edit(shown).inputValue(), slowly).toBe('In A, edited');
    expect(await cards(shown).count()).toBe(1);
  }

  /** Nothing of A is here, and Enter sends nothing. */
  async function expectNothing(): Promise<void> {
    const before = await page.locator('.message').count();
    await expect.poll(() => field(page).inputValue(), slowly).toBe('');
    expect([await cards(page).count(), await edit(page).count()]).toEqual([0, 0]);
    await field(page).press('Enter');
    expect(await page.locator('.message').count()).toBe(before);
  }

  test('reaches no other conversation: by the list, New chat, its shortcut, back, forward, an address', async () => {
    await prepare();
    const address = page.url();
    expect(new URL(address).hash).toBe(`#/c/${'a'.repeat(32)}`);
    const ways: [there: () => Promise<unknown>, arrived: () => Promise<void>][] = [
      [() => inList(page, 'In B').click(), () => shows(page, 'In B')],
      [() => newChat(page), () => isEmptyChat(page)],
      [() => page.keyboard.press('Control+Shift+O'), () => isEmptyChat(page)],
      [() => page.evaluate(() => history.back()), () => isEmptyChat(page)],
      [
        () =>
          page.evaluate(id => {
            location.hash = `#/c/${id}`;
          }, 'b'.repeat(32)),
        () => shows(page, 'In B'),
      ],
    ];
    for (const [go, arrived] of ways) {
      await go();
      await arrived();
      await expectNothing();
      await inList(page, 'In A').click();
      await shows(page, 'In A');
      await expectPrepared(page);
    }
    await page.evaluate(() => history.back());
    await shows(page, 'In B');
    await expectNothing();
    await page.evaluate(() => history.forward());
    await shows(page, 'In A');
    await expectPrepared(page);
    expect(page.url()).toBe(address);
    expect(problems).toEqual([]);
  });

  test('reaches none by a deletion, here or in another tab, and comes back with an undo', async () => {
    await prepare();
    await page.getByRole('button', { name: 'Delete “In A”' }).press('Enter');
    await isEmptyChat(page);
    await expectNothing();
    await page.getByRole('button', { name: 'Undo' }).click();
    await shows(page, 'In A');
    await expectPrepared(page);
    const other = await context.newPage();
    await other.goto(site.url);
    await other.getByRole('button', { name: 'Delete “In A”' }).press('Enter');
    await isEmptyChat(page);
    await expectNothing();
    expect(problems).toEqual([]);
  });

  test('is there after a reload, and at its address in another tab', async () => {
    await prepare();
    // At once: nothing of the last letters is in IndexedDB yet.
    await page.reload();
    await shows(page, 'In A');
    await expectPrepared(page);
    const other = await context.newPage();
    await other.goto(page.url());
    await shows(other, 'In A');
    await expectPrepared(other);
    expect(problems).toEqual([]);
  });

  test('is there after the browser was killed, text, image and edit', async () => {
    await prepare();
    // Without another word to the page: what it stores by itself while one types is all there is.
    await whenStored(page, ['Meant for A', 'In A, edited']);
    await killChromium(context, profile);
    await launch();
    page = await context.newPage();
    await page.goto(site.url);
    await shows(page, 'In A');
    await expectPrepared(page);
    expect(new URL(page.url()).hash).toBe(`#/c/${'a'.repeat(32)}`);
    // Nor of a new chat that was never sent.
    await newChat(page);
    await field(page).fill('Never sent');
    await whenStored(page, ['Never sent']);
    await killChromium(context, profile);
    await launch();
    page = await context.newPage();
    await page.goto(site.url);
    await expect.poll(() => field(page).inputValue()).toBe('Never sent');
    await isEmptyChat(page);
  });

  test('an address that names nothing shows a new chat and says so', async () => {
    for (const hash of ['#/c/0123456789abcdef0123456789abcdef', '#/c/..%2f..%2fx', '#/nothing']) {
      await page.goto(`${site.url}${hash}`);
      await isEmptyChat(page);
      await page.locator('.toast', { hasText: 'A new chat is shown.' }).first().waitFor();
      await expect.poll(() => new URL(page.url()).hash, slowly).toBe('');
    }
    expect(problems).toEqual([]);
  });
});
