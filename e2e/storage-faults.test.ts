import type { BrowserContext, CDPSession, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type FaultyServer, startFaultyServer } from '../test/support/faulty-server.ts';
import { modelShapedBytes } from '../test/support/model-shaped-bytes.ts';
import { openChat } from './support/chat-page.ts';
import { chromium, launchChromium, whyNoChromium } from './support/chromium.ts';
import { addByAddress, isComplete, libraryRow, openLibrary } from './support/library-page.ts';
import { type Site, startSite } from './support/site.ts';
import {
  flipStoredByte,
  quietPage,
  readStoredFiles,
  type StoredFile,
  sha256Hex,
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
  });
  afterAll(async () => {
    await context?.close();
    await site?.stop();
    await server?.close();
  });

  const address = (name: string) => server.url.replace('model.gguf', name);
  const origin = () => new URL(site.url).origin;

  async function stored(name: string, where = quiet): Promise<StoredFile | undefined> {
    return (await readStoredFiles(where)).find(({ url }) => url === address(name));
  }

  async function expectWhole(name: string, where = quiet): Promise<void> {
    const file = await stored(name, where);
    expect(file).toMatchObject({ complete: true, sha256: sha256Hex(source), partBytes: 0 });
    expect(wronglyMarked(file!, source)).toEqual([]);
  }

  /** Fetches until something of it is here and something is not; what is missing hardly arrives until `server.throttle`. */
  async function fetchHalf(name: string, on = page, where = quiet): Promise<void> {
    const half = server.sentBytes() + source.length / 2 + 2e6;
    server.throttle(20e6);
    await addByAddress(on, address(name));
    await expect.poll(() => server.sentBytes() >= half, { interval: 1, timeout: 60_000 }).toBe(true);
    server.throttle(100e3);
    await expect.poll(async () => (await stored(name, where))?.chunks.length, { timeout: 60_000 }).toBe(1);
  }

  const storedBytesOf = ({ bytes, chunks }: StoredFile) =>
    chunks.reduce((sum, { index }) => sum + Math.min(chunkBytes, bytes - index * chunkBytes), 0);

  const button = (name: string, label: string | RegExp, on = page) =>
    libraryRow(on, name).getByRole('button', { name: label });

  test('room that runs out: says how much is missing, keeps what is there, goes on when there is room', async () => {
    await addByAddress(page, address('quota.gguf'));
    const alert = libraryRow(page, 'quota.gguf').getByRole('alert');
    await alert.waitFor();
    expect(await alert.innerText()).toMatch(/not enough room on this device\. \d+\.\d MB more are needed/);
    const kept = (await stored('quota.gguf'))!;
    const keptBytes = kept.partBytes + storedBytesOf(kept);
    expect(keptBytes).toBeGreaterThan(0);
    expect(wronglyMarked(kept, source)).toEqual([]);
    await session.send('Storage.overrideQuotaForOrigin', { origin: origin() });
    const sent = server.sentBytes();
    await button('quota.gguf', /^Fetch/).click();
    await isComplete(page, 'quota.gguf');
    await expectWhole('quota.gguf');
    expect(server.sentBytes() - sent).toBe(source.length - keptBytes);
    expect(problems).toEqual([]);
  });

  test('a bit that turns over in the store: found, and only its part is fetched again', async () => {
    await flipStoredByte(quiet, address('quota.gguf'), 1, 12_345);
    await button('quota.gguf', 'Verify').click();
    await expect
      .poll(() => libraryRow(page, 'quota.gguf').getByRole('alert').innerText())
      .toContain('16,777,216 bytes are not as they were stored');
    const sent = server.sentBytes();
    await button('quota.gguf', 'Fetch the rest').click();
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
  });

  test('a server with its bad days: a whole model or a clear message', async () => {
    server.throttle(Number.POSITIVE_INFINITY);
    let refused = false;
    server.misbehave(({ from }) => {
      if (from === 0 || refused) return undefined;
      refused = true;
      return { status: 503, headers: { 'Retry-After': '0' } };
    });
    await addByAddress(page, address('busy.gguf'));
    await isComplete(page, 'busy.gguf');
    await expectWhole('busy.gguf');

    server.misbehave(() => ({ ignoreRange: true }));
    await addByAddress(page, address('no-parts.gguf'));
    await page.getByText('This server cannot send parts of a file').waitFor();
    await isComplete(page, 'no-parts.gguf');
    await expectWhole('no-parts.gguf');

    let isChanged = false;
    server.serve(
      source.map(byte => byte ^ 1),
      '"before"',
    );
    server.misbehave(({ from }) => {
      if (from > 0 && !isChanged) {
        isChanged = true;
        server.serve(source, '"after"');
      }
      return undefined;
    });
    await addByAddress(page, address('changed.gguf'));
    await page.getByText('is another one than before: the download begins again').waitFor();
    await isComplete(page, 'changed.gguf');
    await expectWhole('changed.gguf');

    server.misbehave(() => ({ body: '<html>Sign in</html>', headers: { 'Content-Type': 'text/html' } }));
    await addByAddress(page, address('sign-in.gguf'));
    const alert = libraryRow(page, 'sign-in.gguf').getByRole('alert');
    await alert.waitFor();
    expect(await alert.innerText()).toContain('The server sent a web page instead of the model.');
    server.misbehave(() => undefined);
    await button('sign-in.gguf', 'Fetch').click();
    await isComplete(page, 'sign-in.gguf');
    expect(problems).toEqual([]);
  });

  test('storage that is cleared under the page, during and after a download: no crash, and a new start', async () => {
    let crashes = 0;
    page.on('crash', () => crashes++);
    const clear = () => session.send('Storage.clearDataForOrigin', { origin: origin(), storageTypes: 'all' });
    await fetchHalf('cleared.gguf');
    await clear();
    server.throttle(Number.POSITIVE_INFINITY);
    await button('cleared.gguf', 'Pause').waitFor({ state: 'detached' });
    // Nothing is known any more, the first notice included.
    await page.reload();
    await page.getByRole('button', { name: 'I understand' }).click();
    await addByAddress(page, address('again.gguf'));
    await isComplete(page, 'again.gguf');
    await expectWhole('again.gguf');
    await clear();
    await button('again.gguf', 'Verify').click();
    await libraryRow(page, 'again.gguf').waitFor({ state: 'detached' });
    expect(await page.getByText('is exactly as it was stored').count()).toBe(0);
    await page.reload();
    await page.getByRole('button', { name: 'I understand' }).click();
    await openLibrary(page);
    expect(await page.locator('.library-model').count()).toBe(0);
    expect(await readStoredFiles(quiet)).toEqual([]);
    expect(crashes).toBe(0);
    expect(problems).toEqual([]);
  });
});
