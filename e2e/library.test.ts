import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { convert } from '../src/cli/commands/convert.ts';
import { makeCheckpoint } from '../test/support/checkpoint.ts';
import { fixture, readJson } from '../test/support/data.ts';
import { type FaultyServer, startFaultyServer } from '../test/support/faulty-server.ts';
import { spreadGguf } from '../test/support/spread-gguf.ts';
import { violations } from './support/accessibility.ts';
import { answerMostLikely, ask, lastAnswer, openChat } from './support/chat-page.ts';
import { chromium, launchChromium, whyNoChromium } from './support/chromium.ts';
import {
  addByAddress,
  deleteForGood,
  isComplete,
  libraryButton,
  libraryRow,
  offered,
  openLibrary,
  openWay,
  useModel,
} from './support/library-page.ts';
import { dist, type Site, startSite } from './support/site.ts';
import { expectStored, flipStoredByte, quietPage, sha256Hex } from './support/stored-weights.ts';

const { cases } = readJson<{ cases: { question: string; text: string }[] }>(
  fixture('golden/golden-nano-chat-q8_0.json'),
);

const golden = (question: string) => cases.find(each => each.question === question)!.text;
const chunkBytes = 16 * 1024 * 1024;

describe.skipIf(!chromium)(`the library of models${whyNoChromium}`, () => {
  let site: Site;
  let server: FaultyServer;
  let model: Uint8Array;
  let context: BrowserContext;
  let page: Page;
  let folder: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'bedside-library-'));
    model = await readFile(join(dist, 'models/nano-chat/nano-chat-q8_0.gguf'));
    server = await startFaultyServer(model);
    site = await startSite({ headers: false });
    context = await launchChromium();
    ({ page } = await openChat(context, site.url));
    await answerMostLikely(page);
  });
  afterAll(async () => {
    await context?.close();
    await site?.stop();
    await server?.close();
    await rm(folder, { recursive: true, force: true });
  });

  test('a model is fetched from another server in parts, checked against its hash, used and verified', async () => {
    await addByAddress(page, server.url, sha256Hex(model));
    await isComplete(page, 'model.gguf');
    expect(server.sentBytes()).toBe(model.length);
    await libraryButton(page, 'model.gguf', 'Verify').click();
    const notice = page.locator('.toast').filter({ hasText: 'nano-chat is exactly as it was stored.' });
    await notice.waitFor();
    // The dialog is open: what it covers or makes inert could not be pressed.
    await notice.getByRole('button', { name: 'Dismiss' }).click();
    await notice.waitFor({ state: 'detached' });
    expect(await violations(page)).toEqual([]);
    await useModel(page, 'model.gguf');
    await ask(page, 'What is Marfan syndrome?');
    expect((await lastAnswer(page)).startsWith(golden('What is Marfan syndrome?'))).toBe(true);
  });

  test('a bit that turned over in the store is found when the model is used: its part is fetched again, and it answers', async () => {
    // The tensors in the second part, so that nothing but the model itself reads it.
    const spread = await spreadGguf(model, chunkBytes);
    server.serve(spread);
    await addByAddress(page, server.urlOf('spread.gguf'));
    await isComplete(page, 'spread.gguf');
    const quiet = await quietPage(context, site.url);
    await flipStoredByte(quiet, server.urlOf('spread.gguf'), 1, 4_000_000);
    await page.bringToFront();
    const asked = server.requests.length;
    await useModel(page, 'spread.gguf');
    expect(server.requests.slice(asked)).toMatchObject([{ from: chunkBytes, to: spread.length }]);
    await expectStored(quiet, server.urlOf('spread.gguf'), spread);
    await quiet.close();
    await page.getByRole('button', { name: 'New chat' }).first().click();
    await ask(page, 'Are you a doctor?');
    expect(await lastAnswer(page)).toBe(golden('Are you a doctor?'));
    expect(await page.getByRole('alert').count()).toBe(0);
  });

  test('exported, deleted, and brought back from the drive with every part compared', async () => {
    await openLibrary(page);
    const downloads: Record<string, string> = {};
    page.on('download', download => {
      const path = join(folder, download.suggestedFilename());
      downloads[download.suggestedFilename()] = path;
      void download.saveAs(path);
    });
    await libraryButton(page, 'model.gguf', 'Export').click();
    await expect.poll(() => Object.keys(downloads).sort()).toEqual(['model.gguf', 'nano-chat.bedside.json']);
    await expect.poll(async () => sha256Hex(await readFile(downloads['model.gguf']!))).toBe(sha256Hex(model));
    await deleteForGood(page, 'model.gguf');

    const keep = async (...files: string[]) => {
      await page.getByLabel('Model files to open').setInputFiles(files);
      await offered(page).getByRole('button', { name: 'Keep it on this device' }).click();
    };
    const damaged = new Uint8Array(model);
    damaged[4_000_000]! ^= 1;
    const damagedFile = join(folder, 'damaged', 'model.gguf');
    await mkdir(dirname(damagedFile));
    await writeFile(damagedFile, damaged);
    await keep(damagedFile, downloads['nano-chat.bedside.json']!);
    await page.locator('.own-file').getByRole('alert').waitFor();
    expect(await libraryRow(page, 'model.gguf').count()).toBe(0);
    await keep(downloads['model.gguf']!, downloads['nano-chat.bedside.json']!);
    await isComplete(page, 'model.gguf');

    // Damaged later, there is no server to mend it from; what has answered until now goes on.
    const quiet = await quietPage(context, site.url);
    await flipStoredByte(quiet, '', 0, 4_000_000);
    await quiet.close();
    await page.bringToFront();
    await libraryButton(page, 'model.gguf', /^Use: /).click();
    const alert = page.locator('[role=alert][data-code="invalid-model"]').first();
    await alert.waitFor();
    expect(await alert.innerText()).toContain('Only what is damaged is made anew.');
    await page.locator('.model-badge[data-phase="ready"]').filter({ hasText: 'Bedside nano chat' }).waitFor();
  });

  test('a checkpoint of two halves becomes the bytes that the command line writes', async () => {
    const checkpoint = join(folder, 'checkpoint');
    await mkdir(checkpoint);
    for (const [name, bytes] of makeCheckpoint({ shards: 2 }).files)
      await writeFile(join(checkpoint, name), bytes);
    const [text, vision] = [join(folder, 'text.gguf'), join(folder, 'vision.gguf')];
    await convert([checkpoint, '--out', text, '--mmproj', vision, '--quant', 'q4_0']);

    const way = await openWay(page, 'From a publisher’s checkpoint');
    await way.getByLabel('Precision', { exact: true }).selectOption('Q4_0');
    await way.getByLabel('Checkpoint folder').setInputFiles(checkpoint);
    await isComplete(page, 'checkpoint-q4_0.gguf');
    await libraryButton(page, 'checkpoint-q4_0.gguf', 'Export').click();
    const exported = (name: string) => readFile(join(folder, name)).then(sha256Hex, () => '');
    const original = async (path: string) => sha256Hex(await readFile(path));
    await expect.poll(() => exported('checkpoint-q4_0.gguf')).toBe(await original(text));
    await expect.poll(() => exported('checkpoint-mmproj-f16.gguf')).toBe(await original(vision));
  });

  test('a folder that is no checkpoint says what is missing', async () => {
    const empty = join(folder, 'empty');
    await mkdir(empty);
    await writeFile(join(empty, 'config.json'), makeCheckpoint().files.get('config.json')!);
    const way = await openWay(page, 'From a publisher’s checkpoint');
    await way.getByLabel('Checkpoint folder').setInputFiles(empty);
    const alert = way.getByRole('alert');
    await expect.poll(() => alert.innerText()).toContain('Missing: tokenizer.model');
  });
});
