import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { BrowserContext, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { convert } from '../src/cli/commands/convert.ts';
import { makeCheckpoint } from '../test/support/checkpoint.ts';
import { fixture, readJson } from '../test/support/data.ts';
import { type FaultyServer, startFaultyServer } from '../test/support/faulty-server.ts';
import { violations } from './support/accessibility.ts';
import { ask, lastAnswer, modelReady, openChat } from './support/chat-page.ts';
import { chromium, launchChromium, whyNoChromium } from './support/chromium.ts';
import { dist, type Site, startSite } from './support/site.ts';

const { cases } = readJson<{ cases: { question: string; text: string }[] }>(
  fixture('golden/golden-nano-chat-q8_0.json'),
);
const sha256Hex = (data: Uint8Array) => createHash('sha256').update(data).digest('hex');

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
    context = await launchChromium({ swiftshader: true });
    ({ page } = await openChat(context, site.url));
  });
  afterAll(async () => {
    await context?.close();
    await site?.stop();
    await server?.close();
    await rm(folder, { recursive: true, force: true });
  });

  const row = (name: string): Locator => page.locator('.library-model').filter({ hasText: name });

  async function openModels(): Promise<void> {
    if (!(await page.getByRole('dialog', { name: 'Models' }).isVisible())) {
      await page.getByRole('button', { name: /^Model:/ }).click();
    }
    const add = page.locator('.add-model');
    if (!(await add.evaluate(details => (details as HTMLDetailsElement).open))) {
      await add.locator('summary').click();
    }
  }

  async function addByAddress(url: string, sha256 = ''): Promise<void> {
    await openModels();
    await page.getByLabel('Kind of model').selectOption('pmc-llama-13b');
    await page.getByLabel('Address of the GGUF file').fill(url);
    await page.getByLabel('SHA-256, where the publisher names it').fill(sha256);
    await page.getByRole('button', { name: 'Fetch', exact: true }).click();
  }

  test('a model is fetched from another server in parts, checked against its hash, used and verified', async () => {
    await addByAddress(server.url, sha256Hex(model));
    await row('model.gguf').getByRole('button', { name: 'Use', exact: true }).waitFor({ timeout: 30_000 });
    expect(server.sentBytes()).toBe(model.length);
    await row('model.gguf').getByRole('button', { name: 'Verify' }).click();
    await page.getByText('model.gguf is exactly as it was stored.').waitFor();
    expect(await violations(page)).toEqual([]);
    await row('model.gguf').getByRole('button', { name: 'Use', exact: true }).click();
    await modelReady(page);
    await ask(page, 'What is Marfan syndrome?');
    const golden = cases.find(({ question }) => question === 'What is Marfan syndrome?')!.text;
    expect((await lastAnswer(page)).startsWith(golden)).toBe(true);
  });

  test('exported, deleted, and brought back from the drive with every part compared', async () => {
    await openModels();
    const downloads: Record<string, string> = {};
    page.on('download', download => {
      const path = join(folder, download.suggestedFilename());
      downloads[download.suggestedFilename()] = path;
      void download.saveAs(path);
    });
    await row('model.gguf').getByRole('button', { name: 'Export' }).click();
    await expect.poll(() => Object.keys(downloads).sort()).toEqual(['model.gguf', 'model.gguf.bedside.json']);
    await expect.poll(async () => sha256Hex(await readFile(downloads['model.gguf']!))).toBe(sha256Hex(model));
    await row('model.gguf')
      .getByRole('button', { name: /^Delete/ })
      .click();
    await row('model.gguf').getByRole('button', { name: 'Delete for good' }).click();
    await row('model.gguf').waitFor({ state: 'detached' });

    const files = page.getByLabel('Files of PMC-LLaMA 13B to copy');
    const damaged = new Uint8Array(model);
    damaged[4_000_000]! ^= 1;
    const damagedFile = join(folder, 'damaged', 'model.gguf');
    await mkdir(dirname(damagedFile));
    await writeFile(damagedFile, damaged);
    await files.setInputFiles([damagedFile, downloads['model.gguf.bedside.json']!]);
    await row('model.gguf').locator('[role=alert]').waitFor();
    await row('model.gguf')
      .getByRole('button', { name: /^Delete/ })
      .click();
    await row('model.gguf').getByRole('button', { name: 'Delete for good' }).click();
    await row('model.gguf').waitFor({ state: 'detached' });
    await files.setInputFiles([downloads['model.gguf']!, downloads['model.gguf.bedside.json']!]);
    await row('model.gguf').getByRole('button', { name: 'Use', exact: true }).waitFor();
  });

  test('a checkpoint of two halves becomes the bytes that the command line writes', async () => {
    const checkpoint = join(folder, 'checkpoint');
    await mkdir(checkpoint);
    for (const [name, bytes] of makeCheckpoint({ shards: 2 }).files)
      await writeFile(join(checkpoint, name), bytes);
    const [text, vision] = [join(folder, 'text.gguf'), join(folder, 'vision.gguf')];
    await convert([checkpoint, '--out', text, '--mmproj', vision, '--quant', 'q4_0']);

    await openModels();
    await page.getByLabel('Kind of model').selectOption('mini-monkey-2b');
    await page.getByLabel('Precision', { exact: true }).selectOption('Q4_0');
    await page.getByLabel('Checkpoint folder of Mini-Monkey 2B').setInputFiles(checkpoint);
    const converted = row('Mini-Monkey 2B (Q4_0)');
    await converted.getByRole('button', { name: 'Use', exact: true }).waitFor({ timeout: 30_000 });
    await converted.getByRole('button', { name: 'Export' }).click();
    const exported = (name: string) => readFile(join(folder, name)).then(sha256Hex, () => '');
    const original = async (path: string) => sha256Hex(await readFile(path));
    await expect.poll(() => exported('mini-monkey-2b-q4_0.gguf')).toBe(await original(text));
    await expect.poll(() => exported('mini-monkey-2b-mmproj-f16.gguf')).toBe(await original(vision));
  });

  test('a folder that is no checkpoint says what is missing', async () => {
    const empty = join(folder, 'empty');
    await mkdir(empty);
    await writeFile(join(empty, 'config.json'), '{}');
    await page.getByLabel('Kind of model').selectOption('pmc-llama-13b');
    await page.getByLabel('Checkpoint folder of PMC-LLaMA 13B').setInputFiles(empty);
    const alert = row('PMC-LLaMA 13B (Q4_0)').getByRole('alert');
    await expect.poll(() => alert.innerText()).toContain('Missing: tokenizer.model');
  });
});
