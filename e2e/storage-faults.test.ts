import type { BrowserContext, CDPSession, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type FaultyServer, startFaultyServer } from '../test/support/faulty-server.ts';
import { modelShapedBytes } from '../test/support/model-shaped-bytes.ts';
import { acknowledge, openChat } from './support/chat-page.ts';
import { chromium, launchChromium, whyNoChromium } from './support/chromium.ts';
import { addByAddress, isComplete, libraryButton, libraryRow, openLibrary } from './support/library-page.ts';
import { type Site, startSite } from './support/site.ts';
import {
  expectStored,
  flipStoredByte,
  quietPage,
  readStoredFiles,
  type StoredFile,
  wronglyMarked,
} from './support/stored-weights.ts';

const chunkBytes = 16 * 1024 * 1024;
const source = modelShapedBytes(2 * chunkBytes + 6_000_123, 3);

describe.skipIf(!chromium)(`weights and a device that fails them${whyNoChromium}`, () => {
  let site: Site;
  let server: FaultyServer;
  let context: BrowserContext;
  let page: Page;
  let quiet: Page;
  let session: CDPSession;
  let problems: string[];

  beforeAll(async () => {
    server = await startFaultyServer(source);
    site = await startSite();
    // Downloads need no GPU; only a model that is loaded does.
    context = await launchChromium({ withoutGpu: true });
    // For as long as the session lasts. From the beginning: Chromium believes an answer about the room for half a minute.
    session = await context.newCDPSession(await context.newPage());
    await session.send('Storage.overrideQuotaForOrigin', { origin: origin(), quotaSize: 30e6 });
    ({ page, problems } = await openChat(context, site.url, false));
    quiet = await quietPage(context, site.url);
    await page.bringToFront();
  });
  afterAll(async () => {
    await context?.close();
    await site?.stop();
    await server?.close();
  });

  const origin = () => new URL(site.url).origin;

  const stored = async (name: string) => (await readStoredFiles(quiet, server.urlOf(name)))[0];

  async function expectWhole(name: string): Promise<void> {
    await isComplete(page, name);
    await expectStored(quiet, server.urlOf(name), source);
  }

  /** Fetches until something of it is here and something is not; what is missing hardly arrives until `server.throttle`. */
  async function fetchHalf(name: string): Promise<void> {
    const half = server.sentBytes() + source.length / 2 + 2e6;
    server.throttle(20e6);
    await addByAddress(page, server.urlOf(name));
    await expect.poll(() => server.sentBytes() >= half, { interval: 1 }).toBe(true);
    server.throttle(100e3);
    await expect.poll(async () => (await stored(name))?.chunks.length).toBe(1);
  }

  const storedBytesOf = ({ bytes, chunks }: StoredFile) =>
    chunks.reduce((sum, { index }) => sum + Math.min(chunkBytes, bytes - index * chunkBytes), 0);

  /** Bytes that the server has sent, once nothing is on the wire any more of what was under way. */
  async function sentUntilStill(): Promise<number> {
    let sent = -1;
    const isStill = () => {
      const before = sent;
      sent = server.sentBytes();
      return sent === before;
    };
    await expect.poll(isStill, { interval: 500 }).toBe(true);
    return sent;
  }

  test('room that runs out: says how much is missing, keeps what is there, goes on when there is room', async () => {
    await addByAddress(page, server.urlOf('quota.gguf'));
    const alert = libraryRow(page, 'quota.gguf').getByRole('alert');
    await alert.waitFor();
    expect(await alert.innerText()).toMatch(/not enough room on this device\. \d+\.\d MB more are needed/);
    const kept = (await stored('quota.gguf'))!;
    const keptBytes = kept.partBytes + storedBytesOf(kept);
    expect(keptBytes).toBeGreaterThan(0);
    expect(wronglyMarked(kept, source)).toEqual([]);
    await session.send('Storage.overrideQuotaForOrigin', { origin: origin() });
    const sent = await sentUntilStill();
    await libraryButton(page, 'quota.gguf', /^Fetch/).click();
    await expectWhole('quota.gguf');
    expect(server.sentBytes() - sent).toBe(source.length - keptBytes);
    expect(problems).toEqual([]);
  });

  test('a bit that turns over in the store: found, and only its part is fetched again', async () => {
    await flipStoredByte(quiet, server.urlOf('quota.gguf'), 1, 12_345);
    await libraryButton(page, 'quota.gguf', 'Verify').click();
    await expect
      .poll(() => libraryRow(page, 'quota.gguf').getByRole('alert').innerText())
      .toContain('16,777,216 bytes are not as they were stored');
    const sent = server.sentBytes();
    await libraryButton(page, 'quota.gguf', 'Fetch the rest').click();
    await isComplete(page, 'quota.gguf');
    expect(server.sentBytes() - sent).toBe(chunkBytes);
    await expectWhole('quota.gguf');
  });

  test('three tabs: one of them fetches, all of them have it', async () => {
    const sent = server.sentBytes();
    await fetchHalf('tabs.gguf');
    const others = [await context.newPage(), await context.newPage()];
    for (const other of others) {
      await other.goto(site.url);
      await openLibrary(other);
      await libraryRow(other, 'tabs.gguf').getByText('Another tab is fetching it').waitFor();
    }
    server.throttle(Number.POSITIVE_INFINITY);
    for (const tab of [page, ...others]) await isComplete(tab, 'tabs.gguf');
    expect(server.sentBytes() - sent).toBe(source.length);
    await expectWhole('tabs.gguf');
    for (const other of others) await other.close();
    await page.bringToFront();
  });

  test('a library that is killed while it fetches: another goes on where it was', async () => {
    await fetchHalf('killed.gguf');
    const sent = server.sentBytes();
    const library = page.workers().find(worker => worker.url().includes('/library.worker-'));
    await library!.evaluate(() => {
      setTimeout(() => {
        throw new Error('killed by the test');
      });
    });
    server.throttle(Number.POSITIVE_INFINITY);
    await expectWhole('killed.gguf');
    // The chunk that counted is not fetched again.
    expect(server.sentBytes() - sent).toBeLessThan(2 * chunkBytes + 1e6);
    expect(problems.splice(0).every(problem => problem.includes('killed by the test'))).toBe(true);
  });

  test('storage that is cleared under the page, during and after a download: no crash, and a new start', async () => {
    let crashes = 0;
    page.on('crash', () => crashes++);
    const clear = () => session.send('Storage.clearDataForOrigin', { origin: origin(), storageTypes: 'all' });
    await fetchHalf('cleared.gguf');
    await clear();
    server.throttle(Number.POSITIVE_INFINITY);
    await libraryButton(page, 'cleared.gguf', 'Pause').waitFor({ state: 'detached' });
    // Nothing is known any more, the first notice included.
    await page.reload();
    await acknowledge(page);
    await addByAddress(page, server.urlOf('again.gguf'));
    await expectWhole('again.gguf');
    await clear();
    await libraryButton(page, 'again.gguf', 'Verify').click();
    await libraryRow(page, 'again.gguf').waitFor({ state: 'detached' });
    expect(await page.getByText('is exactly as it was stored').count()).toBe(0);
    await page.reload();
    await acknowledge(page);
    await openLibrary(page);
    expect(await page.locator('.library-model').count()).toBe(0);
    expect(await readStoredFiles(quiet)).toEqual([]);
    expect(crashes).toBe(0);
    expect(problems).toEqual([]);
  });
});
