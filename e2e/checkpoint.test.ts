import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { convert } from '../src/cli/commands/convert.ts';
import { shardName } from '../src/engine/formats/shard-name.ts';
import { makeCheckpoint } from '../test/support/checkpoint.ts';
import { fixture, readJson } from '../test/support/data.ts';
import { type FaultyServer, startFaultyServer } from '../test/support/faulty-server.ts';
import { splitGguf } from '../test/support/split-gguf.ts';
import { answerMostLikely, ask, lastAnswer, modelReady, openChat } from './support/chat-page.ts';
import { chromium, launchChromium, whyNoChromium } from './support/chromium.ts';
import {
  addByAddress,
  isComplete,
  libraryButton,
  lookAtAddress,
  offered,
  openLibrary,
  openWay,
} from './support/library-page.ts';
import { dist, type Site, startSite } from './support/site.ts';
import { quietPage, readStoredFiles, sha256Hex } from './support/stored-weights.ts';

const { cases } = readJson<{ cases: { question: string; text: string }[] }>(
  fixture('golden/golden-nano-chat-q8_0.json'),
);
const partName = (number: number) => shardName({ stem: 'in-parts', number, count: 3 });

describe.skipIf(!chromium)(`models that come in several files${whyNoChromium}`, () => {
  let site: Site;
  let server: FaultyServer;
  let checkpoint: ReadonlyMap<string, Uint8Array>;
  let parts: Uint8Array[];
  let context: BrowserContext;
  let page: Page;
  let quiet: Page;
  let folder: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'bedside-checkpoint-'));
    // Large enough that its conversion can be interrupted.
    checkpoint = makeCheckpoint({
      shards: 2,
      hidden: 512,
      feedForward: 2048,
      layers: 4,
      isPatterned: true,
    }).files;
    parts = await splitGguf(await readFile(join(dist, 'models/nano-chat/nano-chat-q8_0.gguf')), 3);
    const split = parts.map((part, index) => [partName(index + 1), part] as const);
    server = await startFaultyServer(new Map([...checkpoint, ...split]));
    site = await startSite();
    context = await launchChromium();
    ({ page } = await openChat(context, site.url));
    await answerMostLikely(page);
    quiet = await quietPage(context, site.url);
  });
  afterAll(async () => {
    await context?.close();
    await site?.stop();
    await server?.close();
    await rm(folder, { recursive: true, force: true });
  });

  test('a split model: fetched from the address of one of its parts, and used', async () => {
    await addByAddress(page, `${server.url}${partName(2)}`);
    await isComplete(page, partName(1));
    const stored = await readStoredFiles(quiet);
    for (const [index, part] of parts.entries()) {
      const file = stored.find(({ url }) => url.endsWith(partName(index + 1)));
      expect(file).toMatchObject({ complete: true, bytes: part.length, sha256: sha256Hex(part) });
    }
    await libraryButton(page, partName(1), /^Use: /).click();
    await modelReady(page);
    const { question, text } = cases.find(each => each.question === 'What is Marfan syndrome?')!;
    await ask(page, question);
    expect((await lastAnswer(page)).startsWith(text)).toBe(true);
  });

  test('a publisher’s checkpoint: converted while it is fetched, across a reload, to the bytes of the command line', async () => {
    const local = join(folder, 'Tiny-Monkey');
    await mkdir(local);
    for (const [name, bytes] of checkpoint) await writeFile(join(local, name), bytes);
    const [text, vision] = [join(folder, 'text.gguf'), join(folder, 'vision.gguf')];
    await convert([local, '--out', text, '--mmproj', vision, '--quant', 'q4_k_m']);

    const way = await openWay(page, 'From a publisher’s checkpoint');
    await way.getByLabel('Precision', { exact: true }).selectOption('Q4_K_M');
    await way.getByLabel('Or the address of its folder').fill(`${server.url}config.json`);
    server.throttle(15e6);
    await way.getByRole('button', { name: 'Fetch and convert' }).click();
    const weights = [...checkpoint.values()].reduce((sum, { length }) => sum + length, 0);
    await expect.poll(() => server.sentBytes() > weights * 0.6, { interval: 5 }).toBe(true);
    // What may compile, and reaches nobody, makes the blocks.
    const quantisers = () => page.workers().filter(worker => worker.url().includes('/quantiser.worker-'));
    await expect.poll(() => quantisers().length).toBe(1);
    await page.reload();
    server.throttle(Number.POSITIVE_INFINITY);
    await openLibrary(page);
    const row = 'tiny-monkey-q4_k_m.gguf';
    await isComplete(page, row);
    await expect.poll(() => quantisers().length).toBe(0);
    const stored = (await readStoredFiles(quiet)).map(({ sha256, complete }) => ({ sha256, complete }));
    for (const path of [text, vision]) {
      expect(stored).toContainEqual({ sha256: sha256Hex(await readFile(path)), complete: true });
    }
  });

  test('a server that passes the request on to a host that nobody allowed: the page says so, and waits for nothing', async () => {
    const asked: (string | undefined)[] = [];
    const other = createServer(({ headers }, response) => {
      asked.push(headers.host);
      const { port } = other.address() as AddressInfo;
      // The same machine by another name is another origin.
      const Location = `http://127.0.0.1:${port}/there.gguf`;
      response.writeHead(302, { Location, 'Access-Control-Allow-Origin': '*' }).end();
    });
    other.listen(0);
    await once(other, 'listening');
    const host = `localhost:${(other.address() as AddressInfo).port}`;
    await lookAtAddress(page, `http://${host}/elsewhere.gguf`);
    const alert = offered(page).getByRole('alert');
    await expect.poll(() => alert.innerText()).toContain('This page may not ask that server');
    expect(asked).toEqual([host]);
    other.close();
  });
});
