import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { BrowserContext } from 'playwright-core';
import { afterEach, describe, expect, test, vi } from 'vitest';
import compute from '../src/sw/compute-policy.json' with { type: 'json' };
import { acknowledge, modelReady } from './support/chat-page.ts';
import { chromium, type LaunchOptions, launchChromium, whyNoChromium } from './support/chromium.ts';
import { slowly } from './support/shell.ts';
import { dist, type Site, startSite } from './support/site.ts';

/** Files with a build of processor/ in them. */
const kernels = /^(plain|relaxed)(-shared)?-[\w-]+\.js$/;

const assets = await readdir(join(dist, 'assets'));
const builds = assets.filter(name => kernels.test(name));

describe('the kernels of the processor, in the built site', () => {
  test('are four files, of which a device takes the shared or the unshared one or both: at most 60 kB compressed', async () => {
    expect(builds.map(name => name.replace(kernels, '$1$2')).sort()).toEqual([
      'plain',
      'plain-shared',
      'relaxed',
      'relaxed-shared',
    ]);
    const bytesOf = async (kind: string) => {
      const files = builds.filter(name => name.startsWith(kind));
      const texts = await Promise.all(files.map(name => readFile(join(dist, 'assets', name))));
      return texts.reduce((sum, text) => sum + gzipSync(text).length, 0);
    };
    for (const kind of ['plain', 'relaxed']) expect(await bytesOf(kind)).toBeLessThanOrEqual(60_000);
  });

  test('are named by the engine alone, which imports them when it needs them', async () => {
    const inFolder = await readdir(join(dist, compute.folder));
    expect(inFolder.map(name => name.replace(/-[\w-]{8}\.js$/, '')).sort()).toEqual([
      'engine.worker',
      'processor-helper.worker',
      'quantiser.worker',
    ]);
    const scripts = [
      ...assets.filter(name => name.endsWith('.js') && !kernels.test(name)).map(name => `assets/${name}`),
      ...inFolder.map(name => `${compute.folder}/${name}`),
    ];
    for (const script of scripts) {
      const text = await readFile(join(dist, script), 'utf8');
      const named = builds.filter(name => text.includes(name));
      expect(named, script).toHaveLength(script.includes('/engine.worker-') ? 4 : 0);
      for (const name of named) expect(text).toMatch(new RegExp(`import\\([\`'"]\\.\\./${name}[\`'"]\\)`));
    }
  });

  test('are there without a network, and so is the helper', async () => {
    const worker = await readFile(join(dist, 'sw.js'), 'utf8');
    const helper = (await readdir(join(dist, compute.folder))).find(name => name.startsWith('processor-'));
    for (const name of [...builds, helper!]) expect(worker).toContain(name);
  });
});

describe.skipIf(!chromium)(`what the engine loads of them${whyNoChromium}`, () => {
  let site: Site;
  let context: BrowserContext;

  afterEach(async () => {
    await context?.close();
    await site?.stop();
  });

  async function loadedBy(options: LaunchOptions): Promise<string[]> {
    site = await startSite();
    context = await launchChromium({ ...options, serviceWorkers: 'block' });
    const page = await context.newPage();
    await page.goto(site.url);
    await acknowledge(page);
    await modelReady(page);
    const engine = await vi.waitUntil(
      () => page.workers().find(worker => worker.url().includes('/engine.worker-')),
      slowly,
    );
    const names = await engine.evaluate(() =>
      performance.getEntriesByType('resource').map(({ name }) => name.split('/').at(-1)!),
    );
    return names.filter(name => kernels.test(name)).map(name => name.replace(kernels, '$1$2'));
  }

  test('nothing, where a GPU computes', async () => {
    expect(await loadedBy({ swiftshader: true })).toEqual([]);
  });

  test('what it computes with, where the processor does', async () => {
    const loaded = await loadedBy({});
    expect(loaded[0]).toBe('relaxed-shared');
    expect(['relaxed-shared', 'relaxed']).toEqual(expect.arrayContaining(loaded));
  });
});
