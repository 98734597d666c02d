import { mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { request as httpRequest } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import securityHeaders from '../src/sw/security-headers.json' with { type: 'json' };
import { chromium, launchChromium, whyNoChromium } from './support/chromium.ts';
import { copySite, expectApplication, waitUntilControlled } from './support/shell.ts';
import { dist, type Site, startSite } from './support/site.ts';

const policy = securityHeaders['Content-Security-Policy'];

describe('the static server', () => {
  let root: string;
  let site: Site;
  const bytes = Buffer.from(Array.from({ length: 1000 }, (_, index) => index % 251));

  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), 'bedside-root-'));
    await writeFile(join(root, 'index.html'), '<!doctype html>');
    await writeFile(join(root, 'weights.gguf'), bytes);
    await writeFile(join(root, 'empty.js'), '');
    await writeFile(join(root, '.hidden'), 'hidden');
    await symlink('/etc/hostname', join(root, 'link.txt'));
    site = await startSite({ root });
  });
  afterAll(async () => {
    await site.stop();
    await rm(root, { recursive: true });
  });

  const get = (path: string, headers: Record<string, string> = {}) => fetch(site.url + path, { headers });

  test('sends every security header, on errors too', async () => {
    for (const path of ['', 'weights.gguf', 'missing']) {
      const response = await get(path);
      for (const [name, value] of Object.entries(securityHeaders)) {
        expect(response.headers.get(name), `${name} of /${path}`).toBe(value);
      }
    }
  });

  test.each([
    ['', 'text/html; charset=utf-8'],
    ['empty.js', 'text/javascript; charset=utf-8'],
    ['weights.gguf', 'application/octet-stream'],
  ])('type of /%s is %s', async (path, type) => {
    expect((await get(path)).headers.get('Content-Type')).toBe(type);
  });

  test.each([
    ['bytes=0-9', 0, 9],
    ['bytes=990-', 990, 999],
    ['bytes=-10', 990, 999],
    ['bytes=995-5000', 995, 999],
    ['bytes=-5000', 0, 999],
  ])('%s', async (range, first, last) => {
    const response = await get('weights.gguf', { Range: range });
    expect(response.status).toBe(206);
    expect(response.headers.get('Content-Range')).toBe(`bytes ${first}-${last}/1000`);
    expect(Buffer.from(await response.arrayBuffer())).toEqual(bytes.subarray(first, last + 1));
  });

  test.each(['bytes=1000-', 'bytes=-0'])('%s lies outside', async range => {
    const response = await get('weights.gguf', { Range: range });
    expect(response.status).toBe(416);
    expect(response.headers.get('Content-Range')).toBe('bytes */1000');
  });

  test.each(['bytes=5-2', 'bytes=0-1,4-5', 'lines=1-2', 'bytes=-'])('%s is ignored', async range => {
    const response = await get('weights.gguf', { Range: range });
    expect(response.status).toBe(200);
    expect((await response.arrayBuffer()).byteLength).toBe(1000);
  });

  test('answers 304 to its own validators and ignores a range of an older file', async () => {
    const { headers } = await get('weights.gguf');
    const etag = headers.get('ETag') ?? '';
    const modified = headers.get('Last-Modified') ?? '';
    expect((await get('weights.gguf', { 'If-None-Match': etag })).status).toBe(304);
    expect((await get('weights.gguf', { 'If-None-Match': '"other"' })).status).toBe(200);
    expect((await get('weights.gguf', { 'If-Modified-Since': modified })).status).toBe(304);
    expect((await get('weights.gguf', { Range: 'bytes=0-9', 'If-Range': etag })).status).toBe(206);
    expect((await get('weights.gguf', { Range: 'bytes=0-9', 'If-Range': '"older"' })).status).toBe(200);
  });

  test('HEAD has the length and no body; an empty file is no error; other methods are refused', async () => {
    const head = await fetch(`${site.url}weights.gguf`, { method: 'HEAD' });
    expect(head.headers.get('Content-Length')).toBe('1000');
    expect(await head.text()).toBe('');
    expect(await (await get('empty.js')).text()).toBe('');
    expect((await fetch(site.url, { method: 'POST' })).status).toBe(405);
  });

  test.each([
    '/../package.json',
    '/..%2fpackage.json',
    '/%2e%2e/%2e%2e/etc/hostname',
    '/..%5c..%5cpackage.json',
    '/weights.gguf%00.html',
    '/%E0%A4%A',
    '/.hidden',
    '/link.txt',
    '/weights.gguf/',
    '//etc/hostname',
  ])('does not answer %s', async path => {
    expect(await rawStatus(site.url, path)).toBe(404);
  });
});

describe.skipIf(!chromium)(`the site in Chromium${whyNoChromium}`, () => {
  let site: Site | undefined;
  let context: BrowserContext | undefined;
  let root: string | undefined;

  afterEach(async () => {
    await context?.close();
    await site?.stop();
    if (root) await rm(root, { recursive: true });
    context = site = root = undefined;
  });

  /** A first visit, over as soon as the service worker controls the page. */
  async function visit(options: Parameters<typeof startSite>[0]): Promise<Page> {
    site = await startSite(options);
    context = await launchChromium();
    const page = await context.newPage();
    await page.goto(site.url);
    await waitUntilControlled(page);
    return page;
  }

  test('the first visit is controlled without a reload, under a sub-path and without headers', async () => {
    const page = await visit({ basePath: '/some/place/', headers: false });
    const scope = await page.evaluate(async () => (await navigator.serviceWorker.ready).scope);
    expect(scope).toBe(site?.url);
  });

  test('opens after the host is gone, in the same tab, in a new one and at an unknown address', async () => {
    const page = await visit({ basePath: '/bedside/', headers: false });
    await site?.stop();
    await page.reload();
    await expectApplication(page);
    const other = await page.context().newPage();
    await other.goto(`${site?.url}?opened=later#somewhere`);
    await expectApplication(other);
    await other.goto(`${site?.url}no/such/page`);
    expect(other.url()).toBe(site?.url);
    await expectApplication(other);
  });

  test('every file of the shell, and no weights, is kept', async () => {
    const page = await visit({ headers: false });
    const cached = await page.evaluate(async () => {
      const [name = ''] = await caches.keys();
      const requests = await (await caches.open(name)).keys();
      return requests.map(request => new URL(request.url).pathname.slice(1));
    });
    expect(cached).toEqual(expect.arrayContaining(['index.html', 'manifest.webmanifest', 'icons/icon.svg']));
    expect(cached.filter(path => /^_headers$|^sw\.js$/.test(path))).toEqual([]);
    for (const path of cached) {
      if (path.startsWith('models/')) {
        expect((await readFile(join(dist, decodeURI(path)))).length, path).toBeLessThanOrEqual(1024 * 1024);
      }
    }
  });

  test('the service worker adds the headers that the host does not send', async () => {
    const page = await visit({ headers: false });
    expect((await page.goto(site?.url ?? ''))?.headers()['content-security-policy']).toBe(policy);
    const seen = await page.evaluate(async () => ({
      isolated: crossOriginIsolated,
      script: (await fetch('theme.js')).headers.get('content-security-policy'),
    }));
    expect(seen).toEqual({ isolated: true, script: policy });
  });

  test('the browser would install it as an application', async () => {
    const page = await visit({ basePath: '/tools/bedside/', headers: false });
    const session = await page.context().newCDPSession(page);
    const { installabilityErrors } = await session.send('Page.getInstallabilityErrors');
    expect(installabilityErrors).toEqual([]);
    const { errors, data = '{}' } = await session.send('Page.getAppManifest');
    expect(errors).toEqual([]);
    const icons = (JSON.parse(data) as { icons: { purpose: string; sizes: string }[] }).icons;
    const sizes = (purpose: string) => icons.filter(icon => icon.purpose === purpose).map(icon => icon.sizes);
    expect(sizes('maskable')).toEqual(['192x192', '512x512']);
  });

  test('the page breaks none of its own rules', async () => {
    site = await startSite();
    context = await launchChromium();
    const complaints: string[] = [];
    context.on('console', message => {
      if (/Content Security Policy|TrustedScript|Permissions policy/i.test(message.text())) {
        complaints.push(message.text());
      }
    });
    const page = await context.newPage();
    await page.goto(site.url);
    await waitUntilControlled(page);
    expect(complaints).toEqual([]);
  });

  test('a release of which one file is not the one that was built is not installed', async () => {
    root = await copySite();
    await writeFile(join(root, 'theme.js'), '// not what was built');
    site = await startSite({ root });
    context = await launchChromium();
    const page = await context.newPage();
    const refused = page.waitForEvent('console', message => /could not be stored/.test(message.text()));
    await page.goto(site.url);
    await refused;
    expect(await page.evaluate(async () => (await navigator.serviceWorker.getRegistrations()).length)).toBe(
      0,
    );
    expect(await page.evaluate(() => caches.keys())).toEqual([]);
  });

  test('a forced reload is taken back under control', async () => {
    const page = await visit({ headers: false });
    const session = await page.context().newCDPSession(page);
    const loaded = page.waitForEvent('load');
    await session.send('Page.reload', { ignoreCache: true });
    await loaded;
    await waitUntilControlled(page);
  });

  test('the software adapter offers WebGPU to the page', async () => {
    site = await startSite();
    context = await launchChromium({ swiftshader: true });
    const page = await context.newPage();
    await page.goto(site.url);
    const limit = await page.evaluate(
      async () => (await navigator.gpu.requestAdapter())?.limits.maxStorageBufferBindingSize,
    );
    expect(limit).toBeGreaterThanOrEqual(128 * 1024 * 1024);
  });
});

/** The path as written: fetch and URL would tidy it up. */
function rawStatus(url: string, path: string): Promise<number | undefined> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    httpRequest({ hostname, port, path }, response => {
      response.resume();
      resolve(response.statusCode);
    })
      .on('error', reject)
      .end();
  });
}
