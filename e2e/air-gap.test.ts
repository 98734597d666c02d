import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { chromium, launchChromium, whyNoChromium } from './support/chromium.ts';
import {
  copySite,
  expectApplication,
  restartServiceWorker,
  tell,
  waitUntilControlled,
} from './support/shell.ts';
import { type Sink, startSink } from './support/sink.ts';
import { type Site, startSite } from './support/site.ts';
import { workerThatTries } from './support/tried-ways.ts';

interface TryingWindow extends Window {
  tryFrom(script: string, ways: string[], url: string): Promise<Record<string, string>>;
  keep(script: string): Promise<void>;
  tryKept(ways: string[], url: string): Promise<Record<string, string>>;
}

// One browser and one visit: each test leaves the rules as a new visitor has them.
describe.skipIf(!chromium)(`what the service worker lets through${whyNoChromium}`, () => {
  let root: string;
  let site: Site;
  let sink: Sink;
  let other: Sink;
  let context: BrowserContext;
  let page: Page;

  beforeAll(async () => {
    root = await copySite();
    for (const name of ['library', 'engine']) {
      await writeFile(join(root, `assets/${name}.worker-test.js`), workerThatTries);
    }
    await writeFile(join(root, 'plain.js'), workerThatTries);
    await writeFile(join(root, 'not-precached.bin'), 'data');
    [site, sink, other] = [await startSite({ root }), await startSink(), await startSink()];
    // Without a GPU no model is loaded: none is needed here.
    context = await launchChromium({ withoutGpu: true });
    page = await context.newPage();
    await page.addInitScript(installTrying);
    await page.goto(site.url);
    await waitUntilControlled(page);
  });
  afterEach(async () => {
    await tell(page, { type: 'set-air-gap', isOn: false });
    await tell(page, { type: 'set-model-sources', origins: [] });
    sink.requests.length = other.requests.length = 0;
  });
  afterAll(async () => {
    await context?.close();
    await Promise.all([site?.stop(), sink?.close(), other?.close()]);
    if (root) await rm(root, { recursive: true });
  });

  const originOf = ({ url }: Sink) => new URL(url).origin;
  const tryFrom = (script: string, { url }: Sink, ways = ['fetch']) =>
    page.evaluate(([from, each, target]) => (window as unknown as TryingWindow).tryFrom(from, each, target), [
      script,
      ways,
      url,
    ] as const);
  const tryKept = ({ url }: Sink) =>
    page.evaluate(target => (window as unknown as TryingWindow).tryKept(['fetch'], target), url);
  const fetchOwn = (path: string) =>
    page.evaluate(
      url =>
        fetch(url).then(
          response => response.status,
          () => 'refused',
        ),
      path,
    );
  const library = 'assets/library.worker-test.js';

  test('the library worker reaches the origins that were allowed, and no other; nobody else reaches any', async () => {
    expect(await tryFrom(library, sink)).toEqual({ fetch: 'blocked' });
    expect(await tell(page, { type: 'set-model-sources', origins: [originOf(sink)] })).toBe(true);
    expect(await tryFrom(library, sink)).toEqual({ fetch: 'open' });
    expect(sink.requests).toEqual(['/fetch']);
    expect(await tryFrom(library, other)).toEqual({ fetch: 'blocked' });
    for (const script of ['assets/engine.worker-test.js', 'plain.js']) {
      expect(await tryFrom(script, sink), script).toEqual({ fetch: 'blocked' });
    }
    expect([sink.requests, other.requests]).toEqual([['/fetch'], []]);
  });

  test('the engine cannot borrow the library worker', async () => {
    await tell(page, { type: 'set-model-sources', origins: [originOf(sink)] });
    const ways = ['nested worker', 'blob worker'];
    expect(await tryFrom('assets/engine.worker-test.js', sink, ways)).toEqual({
      'nested worker': 'blocked',
      'blob worker': 'blocked',
    });
  });

  test('what was allowed outlives the service worker, which is stopped whenever it is idle', async () => {
    await tell(page, { type: 'set-model-sources', origins: [originOf(sink)] });
    await page.evaluate(script => (window as unknown as TryingWindow).keep(script), library);
    // A request that wakes it comes before it knows the rules.
    await restartServiceWorker(page);
    expect(await tryKept(sink)).toEqual({ fetch: 'open' });
    await restartServiceWorker(page);
    expect(await tryFrom(library, sink)).toEqual({ fetch: 'open' });
  });

  test.each([
    'http://host.example',
    'https://host.example/',
    'https://host.example; script-src *',
    'https://*.example',
    "'unsafe-inline'",
    '*',
    5,
  ])('%j may not be allowed', async origin => {
    expect(await tell(page, { type: 'set-model-sources', origins: [originOf(sink), origin] })).toBe(false);
    expect(await tryFrom(library, sink)).toEqual({ fetch: 'blocked' });
  });

  test('the air gap refuses what is not stored, of this site and of others, after a restart too', async () => {
    await tell(page, { type: 'set-model-sources', origins: [originOf(sink)] });
    await page.evaluate(script => (window as unknown as TryingWindow).keep(script), library);
    expect(await tryKept(sink)).toEqual({ fetch: 'open' });
    expect(await fetchOwn('not-precached.bin')).toBe(200);
    expect(await tell(page, { type: 'set-air-gap', isOn: true })).toBe(true);
    for (const moment of ['at once', 'after a restart']) {
      expect(await fetchOwn('not-precached.bin'), moment).toBe('refused');
      expect(await fetchOwn('models/catalogue.json'), moment).toBe(200);
      // The worker was started before, with a policy that admits the origin.
      expect(await tryKept(sink), moment).toEqual({ fetch: 'blocked' });
      await restartServiceWorker(page);
    }
    expect(sink.requests).toEqual(['/fetch']);

    await page.reload();
    await expectApplication(page);
    await page.goto(`${site.url}no/such/page`);
    expect(page.url()).toBe(site.url);
    expect(await tell(page, { type: 'ask-air-gap' })).toBe('on');
  });

  test('the switch in the settings, its mark in every tab, and a reload', async () => {
    await acknowledge(page);
    await page.getByRole('button', { name: 'Settings' }).click();
    await page.getByRole('checkbox', { name: 'Air gap' }).click();
    await page.keyboard.press('Escape');
    await page.locator('.air-gap-mark').waitFor();
    const second = await context.newPage();
    await second.goto(site.url);
    await second.locator('.air-gap-mark').waitFor();
    await second.getByRole('button', { name: 'Settings' }).click();
    await second.getByRole('checkbox', { name: 'Air gap', checked: true }).click();
    await page.locator('.air-gap-mark').waitFor({ state: 'detached' });
    await second.close();
  });
});

async function acknowledge(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'I understand' }).click();
}

/** Runs in the page before its own scripts; takes the one policy name that the header admits. */
function installTrying(): void {
  const { trustedTypes } = window as unknown as {
    trustedTypes: { createPolicy(name: string, rules: object): { createScriptURL(url: string): string } };
  };
  const rules = { createScriptURL: (url: string) => url };
  const trusted = trustedTypes.createPolicy('bedside', rules);
  // The application may not name a second one; here it gets the first.
  trustedTypes.createPolicy = () => trusted;
  const ask = (worker: Worker, ways: string[], url: string) =>
    new Promise<Record<string, string>>((resolve, reject) => {
      worker.onmessage = event => resolve(event.data);
      worker.onerror = () => reject(new Error('the worker did not start'));
      worker.postMessage({ ways, url });
    });
  let kept: Worker;
  const trying: Partial<TryingWindow> = {
    async tryFrom(script, ways, url) {
      const worker = new Worker(trusted.createScriptURL(script));
      const outcomes = await ask(worker, ways, url);
      worker.terminate();
      return outcomes;
    },
    async keep(script) {
      kept = new Worker(trusted.createScriptURL(script));
      await ask(kept, [], '');
    },
    tryKept: (ways, url) => ask(kept, ways, url),
  };
  Object.assign(window, trying);
}
