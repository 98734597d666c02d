import type { BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type FaultyServer, startFaultyServer } from '../test/support/faulty-server.ts';
import { modelShapedBytes } from '../test/support/model-shaped-bytes.ts';
import { acknowledge } from './support/chat-page.ts';
import { chromium, launchChromium, whyNoChromium } from './support/chromium.ts';
import { countBytes, tellOfBytes } from './support/counted-bytes.ts';
import {
  addByAddress,
  isComplete,
  libraryButton,
  libraryRow,
  lookAtAddress,
  offered,
  openLibrary,
} from './support/library-page.ts';
import { prepareWorkers } from './support/prepared-workers.ts';
import { type Site, startSite } from './support/site.ts';
import { expectStored, quietPage } from './support/stored-weights.ts';

const chunkBytes = 16 * 1024 * 1024;
const source = modelShapedBytes(chunkBytes + 3_000_123, 3);

describe.skipIf(!chromium)(`weights and a server that fails them${whyNoChromium}`, () => {
  let site: Site;
  let server: FaultyServer;
  let context: BrowserContext;
  let page: Page;
  let quiet: Page;
  let problems: string[];
  let fetchedBytes: () => Promise<number>;

  beforeAll(async () => {
    server = await startFaultyServer(source);
    site = await startSite();
    // Downloads need no GPU; only a model that is loaded does.
    context = await launchChromium({ withoutGpu: true });
    page = await context.newPage();
    problems = [];
    page.on('pageerror', error => problems.push(String(error)));
    await prepareWorkers(page, tellOfBytes);
    await page.goto(site.url);
    await acknowledge(page);
    quiet = await quietPage(context, site.url);
    await page.bringToFront();
    fetchedBytes = await countBytes(quiet);
  });
  afterAll(async () => {
    await context?.close();
    await site?.stop();
    await server?.close();
  });

  async function expectFetched(name: string, wanted = source): Promise<void> {
    await isComplete(page, name);
    await expectStored(quiet, server.urlOf(name), wanted);
  }

  test('too busy for a while: it is asked again', async () => {
    let refused = false;
    server.misbehave(({ from }) => {
      if (from === 0 || refused) return undefined;
      refused = true;
      return { status: 503, headers: { 'Retry-After': '0' } };
    });
    await addByAddress(page, server.urlOf('busy.gguf'));
    await expectFetched('busy.gguf');
    expect(refused).toBe(true);
  });

  test('another part than the one that was asked for: refused, and asked for again', async () => {
    let shifted = false;
    server.misbehave(({ from }) => {
      if (from === 0 || shifted) return undefined;
      shifted = true;
      return { shiftBy: -1000 };
    });
    await addByAddress(page, server.urlOf('shifted.gguf'));
    await expectFetched('shifted.gguf');
    expect(shifted).toBe(true);
  });

  test('no parts: said, and fetched whole', async () => {
    server.misbehave(() => ({ ignoreRange: true }));
    await addByAddress(page, server.urlOf('no-parts.gguf'));
    await page.getByText('This server cannot send parts of a file').waitFor();
    await expectFetched('no-parts.gguf');
  });

  test('a file that changes half-way: said, and the new one comes out whole', async () => {
    let isChanged = false;
    server.serve(
      // It begins as a model does: what it is is looked at first.
      source.map((byte, at) => (at < 1_000_000 ? byte : byte ^ 1)),
      '"before"',
    );
    server.misbehave(({ from }) => {
      if (from > 0 && !isChanged) {
        isChanged = true;
        server.serve(source, '"after"');
      }
      return undefined;
    });
    await addByAddress(page, server.urlOf('changed.gguf'));
    await page.getByText('is another one than before: the download begins again').waitFor();
    await expectFetched('changed.gguf');
  });

  test('a web page in place of the model: said, and nothing of it is kept', async () => {
    server.misbehave(() => ({ body: '<html>Sign in</html>', headers: { 'Content-Type': 'text/html' } }));
    await lookAtAddress(page, server.urlOf('sign-in.gguf'));
    const alert = offered(page).getByRole('alert');
    expect(await alert.innerText()).toContain('The server sent a web page instead of the model.');
    // The address is there to be tried again.
    expect(await libraryRow(page, 'sign-in.gguf').count()).toBe(0);
    server.misbehave(() => undefined);
    await page.getByRole('button', { name: 'Look what it is' }).click();
    await offered(page).getByRole('button', { name: 'Fetch it, and keep it on this device' }).click();
    await expectFetched('sign-in.gguf');
  });

  test('interrupted twenty times, by cuts, pauses and reloads: next to nothing is fetched twice', async () => {
    const long = modelShapedBytes(80_000_123, 4);
    server.serve(long, '"long"');
    let cuts = 0;
    server.misbehave(({ number, from, to, isRange }) => {
      const cutAfter = 5e5 + 1e5 * cuts;
      return isRange && number % 2 === 1 && cuts < 10 && to - from > cutAfter + 1e6 && ++cuts
        ? { cutAfter }
        : undefined;
    });
    const [readBefore, sentBefore] = [await fetchedBytes(), server.sentBytes()];
    const read = async () => (await fetchedBytes()) - readBefore;
    const readAtLeast = (bytes: number) => expect.poll(read, { interval: 10 }).toBeGreaterThanOrEqual(bytes);
    server.throttle(8e6);
    await addByAddress(page, server.urlOf('broken.gguf'));
    for (let stop = 1; stop <= 10; stop++) {
      await readAtLeast((long.length * stop) / 13);
      // So that nothing ends while buttons are looked for.
      server.throttle(500e3);
      if (stop % 3 === 0) {
        // A few pieces more, so that what is not kept yet is no more than a slow line can lose: 256 KiB of each chunk.
        await readAtLeast((await read()) + 4e5);
        await page.reload();
        await openLibrary(page);
      } else {
        await libraryButton(page, 'broken.gguf', 'Pause').click();
        await libraryButton(page, 'broken.gguf', /^Fetch/).click();
      }
      await libraryButton(page, 'broken.gguf', 'Pause').waitFor();
      server.throttle(8e6);
    }
    server.throttle(Number.POSITIVE_INFINITY);
    await expectFetched('broken.gguf', long);
    server.serve(source);
    const [fetched, sent] = [await read(), server.sentBytes() - sentBefore];
    console.log(`interrupted ${cuts + 10} times: ${fetched} bytes fetched for ${long.length}, ${sent} sent`);
    expect(cuts).toBe(10);
    expect(fetched).toBeGreaterThanOrEqual(long.length);
    expect(fetched).toBeLessThanOrEqual(1.05 * long.length);
  });

  test('silence in the middle: given up after half a minute, and the rest asked for', async () => {
    const library = page.workers().find(worker => worker.url().includes('/library.worker-'));
    // Half a minute is over sooner.
    await library!.evaluate(() => {
      const { setTimeout } = globalThis;
      const hurried = (run: () => void, ms?: number) => setTimeout(run, ms === 30_000 ? 1000 : ms);
      Object.assign(globalThis, { setTimeout: hurried });
    });
    let isSilent = false;
    server.misbehave(({ from, isRange }) => {
      if (from > 0 || !isRange || isSilent) return undefined;
      isSilent = true;
      return { stallAfter: 5e6 };
    });
    await lookAtAddress(page, server.urlOf('silent.gguf'));
    const before = await fetchedBytes();
    await offered(page).getByRole('button', { name: 'Fetch it, and keep it on this device' }).click();
    await expectFetched('silent.gguf');
    expect(isSilent).toBe(true);
    expect((await fetchedBytes()) - before).toBe(source.length);
  });

  test('nothing went wrong unseen', () => {
    expect(problems).toEqual([]);
  });
});
