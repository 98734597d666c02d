import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { BrowserContext, Page } from 'playwright-core';
import { afterEach, describe, expect, test } from 'vitest';
import { chromium, launchChromium, whyNoChromium } from './support/chromium.ts';
import { copySite, expectApplication, slowly, tell, waitUntilControlled } from './support/shell.ts';
import { type Site, startSite } from './support/site.ts';

describe.skipIf(!chromium)(`versions of the application${whyNoChromium}`, () => {
  let root: string;
  let site: Site;
  let context: BrowserContext;

  afterEach(async () => {
    await context?.close();
    await site?.stop();
    if (root) await rm(root, { recursive: true });
  });

  /** A visit that is over the first notice. Without a GPU no model is loaded: the page is idle. */
  async function visit(): Promise<Page> {
    root = await copySite();
    site = await startSite({ root, headers: false });
    context = await launchChromium({ withoutGpu: true });
    const page = await context.newPage();
    await page.goto(site.url);
    await waitUntilControlled(page);
    await page.getByRole('button', { name: 'I understand' }).click();
    return page;
  }

  const cacheNames = (page: Page) => page.evaluate(() => caches.keys());

  /** Puts another version on the host, and lets the browser look. */
  async function release(page: Page, version: string): Promise<void> {
    const path = join(root, 'sw.js');
    const script = await readFile(path, 'utf8');
    const current = /`([0-9a-f]{16}|release-\d)`/.exec(script)![1]!;
    await writeFile(path, script.replace(current, version));
    await page.evaluate(() =>
      navigator.serviceWorker.ready.then(registration => registration.update()).catch(() => undefined),
    );
  }

  const waiting = (page: Page) =>
    page.evaluate(async () => (await navigator.serviceWorker.ready).waiting?.state);
  const updateButton = (page: Page) => page.getByRole('button', { name: 'Update', exact: true });

  test('a new version waits until it is applied, then replaces the old one', async () => {
    const page = await visit();
    const before = await cacheNames(page);
    await release(page, 'release-2');
    await updateButton(page).waitFor();
    expect(await waiting(page)).toBe('installed');
    expect(await cacheNames(page)).toEqual([...before, 'bedside-shell / release-2']);

    const reloaded = page.waitForEvent('load');
    await updateButton(page).click();
    await reloaded;
    await expect.poll(() => cacheNames(page), slowly).toEqual(['bedside-shell / release-2']);
    await site.stop();
    await page.reload();
    await expectApplication(page);
  });

  test('it waits while another tab is busy; that tab keeps the files that it was opened with', async () => {
    const page = await visit();
    const [old = ''] = await cacheNames(page);
    const other = await context.newPage();
    // In the place of an application that is writing an answer; in front of it, so that it is heard first.
    await other.addInitScript(() => {
      Object.assign(window, { busy: true });
      navigator.serviceWorker.addEventListener('message', event => {
        if (event.data?.type !== 'is-busy' || !(window as unknown as { busy: boolean }).busy) return;
        event.stopImmediatePropagation();
        event.ports[0]?.postMessage(true);
      });
    });
    await other.goto(site.url);
    await waitUntilControlled(other);
    await release(page, 'release-2');
    await updateButton(page).click();
    await page.getByText('as soon as nothing is being answered').waitFor();
    expect(await waiting(page)).toBe('installed');

    const reloaded = page.waitForEvent('load');
    await other.evaluate(() => Object.assign(window, { busy: false }));
    await reloaded;
    await expectApplication(page);
    await updateButton(other).waitFor();
    expect(await cacheNames(other)).toEqual([old, 'bedside-shell / release-2']);
    // A worker that has to be started anew, of a version that the host does not have any more.
    const folder = 'assets/compute';
    const [engine] = (await readdir(join(root, folder))).filter(name => name.startsWith('engine.worker-'));
    await rm(join(root, folder, engine!));
    const served = (path: string) => other.evaluate(async url => (await fetch(url)).status, path);
    expect(await served(`${folder}/${engine}`)).toBe(200);
  });

  test('while the air gap is on no version is installed', async () => {
    const page = await visit();
    const before = await cacheNames(page);
    expect(await tell(page, { type: 'set-air-gap', isOn: true })).toBe(true);
    await release(page, 'release-2');
    await page.reload();
    await expectApplication(page);
    await expect.poll(() => waiting(page), slowly).toBe(undefined);
    expect(await cacheNames(page)).toEqual([...before, 'bedside-network /']);

    await tell(page, { type: 'set-air-gap', isOn: false });
    await release(page, 'release-3');
    await updateButton(page).waitFor();
  });

  test('the kill switch of docs/operations.md: the old worker and its caches go, the page stays', async () => {
    const page = await visit();
    const operations = await readFile('docs/operations.md', 'utf8');
    const [, killSwitch] = /## The kill switch[\s\S]*?```js\n([\s\S]*?)```/.exec(operations)!;
    await writeFile(join(root, 'sw.js'), killSwitch!);
    await page.evaluate(async () => (await navigator.serviceWorker.ready).update());
    const registrations = () =>
      page.evaluate(async () => (await navigator.serviceWorker.getRegistrations()).length);
    await expect.poll(() => cacheNames(page).catch(() => null), slowly).toEqual([]);
    await expect.poll(() => registrations().catch(() => null), slowly).toBe(0);
    await page.goto(`${site.url}theme.js`);
    await page.goto(site.url);
    await expectApplication(page);
    await site.stop();
    await expect(page.reload()).rejects.toThrow(/ERR_CONNECTION_REFUSED/);
  });
});
