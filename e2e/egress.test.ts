import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { ask, lastAnswer, openChat } from './support/chat-page.ts';
import { chromium, launchChromium, whyNoChromium } from './support/chromium.ts';
import { dropFiles, imagesReady, phantom } from './support/images.ts';
import { copySite, expectApplication, slowly, waitUntilControlled } from './support/shell.ts';
import { type LoggingProxy, type Sink, startLoggingProxy, startSink } from './support/sink.ts';
import { type Site, startSite } from './support/site.ts';
import { computeFile, startScript } from './support/start-script.ts';
import { navigations, tryFromPage, tryFromWorker } from './support/tried-ways.ts';

/**
 * What Chromium asks of its maker on its own account, whatever page is open: its updates, its sign-in, its guesses at
 * forms. That no script of the application reaches another origin, these hosts included, is what the tests above show.
 */
const ofTheBrowser =
  /^(http:\/\/)?(update\.googleapis\.com|content-autofill\.googleapis\.com|accounts\.google\.com)[:/]/;

/** For the browser to do what it does behind a script's back. */
const aMoment = 700;

describe.skipIf(!chromium)(`ways out of the application${whyNoChromium}`, () => {
  let site: Site;
  let sink: Sink;
  let context: BrowserContext;
  let page: Page;

  beforeAll(async () => {
    // A bare host: what a host's headers would forbid has to be forbidden without them.
    [site, sink] = [await startSite({ headers: false }), await startSink()];
    // Without a GPU no model is loaded, and the engine's worker is idle.
    context = await launchChromium({ withoutGpu: true });
    page = await context.newPage();
    await page.goto(site.url);
    await waitUntilControlled(page);
    await vi.waitUntil(() => page.workers().some(isEngine), slowly);
  });
  afterEach(() => {
    sink.requests.length = sink.contacts.length = 0;
  });
  afterAll(async () => {
    await context?.close();
    await Promise.all([site?.stop(), sink?.close()]);
  });

  const isEngine = (worker: { url(): string }) => worker.url().includes('/engine.worker-');

  async function expectSilence(): Promise<void> {
    await page.waitForTimeout(aMoment);
    expect({ requests: sink.requests, contacts: sink.contacts }).toEqual({ requests: [], contacts: [] });
  }

  test.each(['the first visit', 'a later one'])('the page, %s', async visit => {
    if (visit === 'a later one') {
      await page.reload();
      await waitUntilControlled(page);
    }
    const outcomes = await page.evaluate(tryFromPage(sink.url));
    // A beacon and a fetch for later say nothing of how they ended: that nobody came has to do.
    const open = Object.entries(outcomes as Record<string, string>).filter(
      ([, outcome]) => outcome === 'open',
    );
    expect(open.map(([name]) => name).sort()).toEqual(['beacon', 'fetch later']);
    await expectSilence();
  });

  test.each(Object.entries(navigations))('the tab is not taken elsewhere: %s', async (_, attempt) => {
    const tab = await context.newPage();
    await tab.goto(site.url);
    await tab.evaluate(attempt(sink.url)).catch(() => undefined);
    await expectSilence();
    expect(tab.url()).toBe(site.url);
    await tab.close();
  });

  test("the engine's worker", async () => {
    const engine = page.workers().find(isEngine);
    const outcomes = await engine!.evaluate(tryFromWorker(sink.url));
    expect(new Set(Object.values(outcomes as Record<string, string>))).toEqual(new Set(['blocked']));
    await expectSilence();
  });

  test.each(['processor-helper', 'quantiser'] as const)('a worker that computes: %s', async name => {
    const tab = await context.newPage();
    const helper = await startScript(tab, site.url, await computeFile(name));
    const outcomes = await helper.evaluate(tryFromWorker(sink.url));
    expect(new Set(Object.values(outcomes as Record<string, string>))).toEqual(new Set(['blocked']));
    await expectSilence();
    await tab.close();
  });

  test('the service worker, which no host confines here', async () => {
    const [worker] = context.serviceWorkers();
    const outcomes = await worker!.evaluate(tryFromWorker(sink.url));
    expect(new Set(Object.values(outcomes as Record<string, string>))).toEqual(new Set(['blocked']));
    await expectSilence();
  });

  test('what is left: a hint to connect opens a connection, over which nothing is sent', async () => {
    const tab = await context.newPage();
    await tab.goto(site.url);
    await tab.evaluate(url => {
      const link = Object.assign(document.createElement('link'), { rel: 'preconnect', href: url });
      document.head.append(link);
    }, sink.url);
    await tab.waitForTimeout(aMoment);
    await tab.close();
    expect(new Set(sink.contacts)).toEqual(new Set(['tcp']));
    expect(sink.requests).toEqual([]);
  });

  test('what is left: a link that is opened in a new tab', async () => {
    const tab = await context.newPage();
    await tab.goto(site.url);
    const opened = context.waitForEvent('page');
    await tab.evaluate(url => {
      const link = { href: `${url}new-tab`, target: '_blank', rel: 'noopener' };
      Object.assign(document.createElement('a'), link).click();
    }, sink.url);
    await (await opened).close();
    await tab.close();
  });
});

describe.skipIf(!chromium)(`control: the same ways where nothing confines${whyNoChromium}`, () => {
  let root: string;
  let site: Site;
  let sink: Sink;
  let context: BrowserContext;
  let page: Page;

  beforeAll(async () => {
    root = await copySite();
    await writeFile(join(root, 'bare.html'), '<!doctype html><title>bare</title><body></body>');
    await writeFile(join(root, 'worker.js'), '');
    [site, sink] = [await startSite({ root, headers: false }), await startSink()];
    context = await launchChromium({ serviceWorkers: 'block', withoutGpu: true });
    page = await context.newPage();
    await page.goto(`${site.url}bare.html`);
  });
  afterAll(async () => {
    await context?.close();
    await Promise.all([site?.stop(), sink?.close()]);
    if (root) await rm(root, { recursive: true });
  });

  test('a page reaches the other origin', async () => {
    await page.evaluate(tryFromPage(sink.url));
    await page.waitForTimeout(aMoment);
    const paths = sink.requests.map(path => path.slice(1));
    const reached =
      'fetch no-cors xhr websocket eventsource import beacon later image srcset video svg stylesheet prefetch ' +
      'preload modulepreload icon manifest speculation script background font frame object embed ping blob';
    expect(paths).toEqual(expect.arrayContaining(reached.split(' ')));
    expect(new Set(sink.contacts)).toEqual(new Set(['tcp', 'udp']));
  });

  test.each(Object.entries(navigations))('a tab is taken there: %s', async (_, attempt) => {
    sink.requests.length = 0;
    const tab = await context.newPage();
    await tab.goto(`${site.url}bare.html`);
    await tab.evaluate(attempt(sink.url)).catch(() => undefined);
    await expect.poll(() => sink.requests.length).toBeGreaterThan(0);
    for (const each of context.pages()) if (each !== page) await each.close();
  });

  test('the one thing that needs no service worker: the application does not run in a frame', async () => {
    await writeFile(join(root, 'frame.html'), '<!doctype html><iframe src="index.html"></iframe>');
    const tab = await context.newPage();
    await tab.goto(`${site.url}frame.html`);
    const [frame] = tab.frames().slice(1);
    expect(await frame!.evaluate(() => document.documentElement.textContent)).toMatch(/not run inside/);
    expect(await frame!.locator('#root').count()).toBe(0);
    await tab.close();
  });

  test('a worker reaches it', async () => {
    sink.requests.length = 0;
    const started = page.waitForEvent('worker');
    await page.evaluate(() => Object.assign(window, { kept: new Worker('worker.js') }));
    await (await started).evaluate(tryFromWorker(sink.url));
    const reached = 'fetch no-cors xhr websocket eventsource import importScripts blob';
    expect(sink.requests.map(path => path.slice(1))).toEqual(expect.arrayContaining(reached.split(' ')));
  });
});

describe.skipIf(!chromium)(`a whole visit behind a proxy that sees everything${whyNoChromium}`, () => {
  let site: Site;
  let proxy: LoggingProxy;
  let context: BrowserContext;

  afterAll(async () => {
    await context?.close();
    await Promise.all([site?.stop(), proxy?.close()]);
  });

  test('nothing is asked of anybody but the site', async () => {
    [site, proxy] = [await startSite({ headers: false }), await startLoggingProxy()];
    const proxied = { server: proxy.server, bypass: new URL(site.url).host };
    context = await launchChromium({ proxy: proxied });
    // An image at once: one model is loaded instead of two.
    const { page, problems } = await openChat(context, site.url, false);
    await dropFiles(page, phantom('phantom-101-00.png'));
    for (const name of ['Settings', /^Model:/]) {
      await page.getByRole('button', { name }).click();
      await page.getByRole('dialog').waitFor();
      await page.keyboard.press('Escape');
    }
    await imagesReady(page);
    await ask(page, 'Describe the image.');
    await lastAnswer(page);
    await page.reload();
    await expectApplication(page);
    await site.stop();
    await page.reload();
    await expectApplication(page);
    expect(problems).toEqual([]);
    expect(proxy.wanted.filter(address => !ofTheBrowser.test(address))).toEqual([]);

    const tab = await context.newPage();
    await tab.goto('http://127.0.0.1:4999/control').catch(() => undefined);
    expect(proxy.wanted).toContain('http://127.0.0.1:4999/control');
  });
});
