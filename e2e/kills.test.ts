import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BrowserContext, Page } from 'playwright-core';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { fixture, readJson } from '../test/support/data.ts';
import { startFaultyServer } from '../test/support/faulty-server.ts';
import { modelShapedBytes } from '../test/support/model-shaped-bytes.ts';
import { seededRandom } from '../test/support/random.ts';
import { ask, modelReady, openChat } from './support/chat-page.ts';
import { chromium, type LaunchOptions, launchChromium, whyNoChromium } from './support/chromium.ts';
import { killChromium } from './support/kill-chromium.ts';
import { addByAddress, isComplete, openLibrary } from './support/library-page.ts';
import { type Site, startSite } from './support/site.ts';
import { readStoredMessages, type StoredMessage } from './support/stored-messages.ts';
import { quietPage, readStoredFiles, sha256Hex, wronglyMarked } from './support/stored-weights.ts';

type Adapter = Pick<LaunchOptions, 'swiftshader' | 'withoutGpu'>;

// Seconds each, so CI has a few; BEDSIDE_ALL_CASES=1 has fifty.
const kills =
  process.env.BEDSIDE_ALL_CASES === '1' ? { download: 30, answer: 20 } : { download: 2, answer: 2 };

const { cases } = readJson<{ cases: { question: string; text: string }[] }>(
  fixture('golden/golden-nano-chat-q8_0.json'),
);
const pause = (ms: number) => new Promise(resolve => setTimeout(resolve, ms));

describe.skipIf(!chromium)(`a browser that is killed${whyNoChromium}`, () => {
  let site: Site;
  let profile: string;
  let context: BrowserContext;

  beforeEach(async () => {
    profile = await mkdtemp(join(tmpdir(), 'bedside-killed-'));
    site = await startSite();
  });
  afterEach(async () => {
    await context?.close();
    await site?.stop();
    await rm(profile, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
  });

  async function launch(adapter: Adapter): Promise<void> {
    context = await launchChromium({ ...adapter, userDataDir: profile });
  }

  /** Kills the browser and starts it again on the same profile; `look` sees the storage before the application does. */
  async function killAndReturn<T>(adapter: Adapter, look: (page: Page) => Promise<T>) {
    await killChromium(context, profile);
    await launch(adapter);
    const quiet = await quietPage(context, site.url);
    const seen = await look(quiet);
    const page = await context.newPage();
    await quiet.close();
    await page.goto(site.url);
    await page.getByRole('textbox', { name: 'Your question' }).waitFor();
    return { page, seen };
  }

  test(`in a download of 208 MB: ${kills.download} times`, { timeout: 1_200_000 }, async () => {
    const random = seededRandom(1);
    const source = modelShapedBytes(208_000_123, 1);
    const server = await startFaultyServer(source);
    // The slower, the less lies between the server and the page when the browser is killed; CI has no time for that.
    server.throttle(kills.download > 10 ? 12e6 : 40e6);
    const start = performance.now();
    // A download needs no GPU, and no model is loaded beside it.
    const adapter = { withoutGpu: true };
    await launch(adapter);
    let { page } = await openChat(context, site.url, false);
    await addByAddress(page, server.url, sha256Hex(source));
    let booted = 0;
    let mostMarked = 0;
    for (let kill = 0; kill < kills.download; kill++) {
      // Within the share of the file that is this kill's, so that the last one still falls into the download; and a moment
      // later, so that every step between two bytes has its turn.
      const moment = server.sentBytes() + (source.length / kills.download) * random() * 0.9;
      await expect.poll(() => server.sentBytes() >= moment, { interval: 1 }).toBe(true);
      await pause(random() * 300);
      const { page: next, seen } = await killAndReturn(adapter, readStoredFiles);
      page = next;
      booted++;
      const file = seen.find(({ url }) => url === server.url);
      if (!file) continue; // Killed before its first chunk was begun.
      expect(file.bytes).toBe(source.length);
      expect(wronglyMarked(file, source)).toEqual([]);
      expect(file.chunks.length).toBeGreaterThanOrEqual(mostMarked);
      mostMarked = file.chunks.length;
    }
    await openLibrary(page);
    await isComplete(page, 'model.gguf');
    const [whole] = (await readStoredFiles(page)).filter(({ url }) => url === server.url);
    expect(whole).toMatchObject({ complete: true, bytes: source.length, sha256: sha256Hex(source) });
    expect(wronglyMarked(whole!, source)).toEqual([]);
    const share = server.sentBytes() / source.length;
    const seconds = ((performance.now() - start) / 1000).toFixed(0);
    console.log(
      `${kills.download} kills, ${booted} restarts, ${server.sentBytes()} bytes sent for ${source.length} (${share.toFixed(3)}), ${whole!.partBytes} bytes of parts left, ${seconds} s`,
    );
    await server.close();
  });

  test(`while an answer is written: ${kills.answer} times`, { timeout: 1_200_000 }, async () => {
    const random = seededRandom(2);
    const long = cases.filter(({ question, text }) => text.length > 250 && /^[\w ?]+$/.test(question));
    const start = performance.now();
    const adapter = { swiftshader: true };
    await launch(adapter);
    let { page } = await openChat(context, site.url);
    let before: StoredMessage[] = [];
    let keptCharacters = 0;
    let shownCharacters = 0;
    for (let kill = 0; kill < kills.answer; kill++) {
      const { question, text } = long[kill % long.length]!;
      await ask(page, question);
      const length = Math.ceil(text.length * (0.1 + 0.8 * random()));
      const streaming = page.locator('.streaming .markdown, article[aria-label="Answer"] .markdown').last();
      await expect
        .poll(async () => (await streaming.textContent())?.length ?? 0, { interval: 5 })
        .toBeGreaterThanOrEqual(length);
      const shown = ((await streaming.textContent()) ?? '').trim();
      await pause(random() * 50);
      const { page: next, seen } = await killAndReturn(adapter, readStoredMessages);
      page = next;
      const added = seen.slice(before.length);
      expect(seen.slice(0, before.length)).toEqual(before);
      expect(added.map(({ role }) => role)).toEqual(['user', 'assistant']);
      expect(added[0]!.text).toBe(question);
      const kept = added[1]!.text;
      expect(text.startsWith(kept.trim()), `kept: ${kept}`).toBe(true);
      before = seen;
      keptCharacters += kept.length;
      shownCharacters += shown.length;
      await page.locator('.history-open').first().click();
      await expect
        .poll(() => page.getByRole('article', { name: 'Answer' }).last().textContent())
        .toContain(kept.trim());
      await modelReady(page);
      await page.getByRole('button', { name: 'New chat' }).first().click();
    }
    const seconds = ((performance.now() - start) / 1000).toFixed(0);
    console.log(
      `${kills.answer} kills, ${before.length / 2} transcripts, ${keptCharacters} characters kept of ${shownCharacters} shown, ${seconds} s`,
    );
  });
});
