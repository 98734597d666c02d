import type { BrowserContext, Page, Worker } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import oneForAll from '../src/sw/security-headers.json' with { type: 'json' };
import { acknowledge } from './support/chat-page.ts';
import { chromium, launchChromium, whyNoChromium } from './support/chromium.ts';
import { slowly, waitUntilControlled } from './support/shell.ts';
import { type Site, startSite } from './support/site.ts';
import { computeFile, startScript } from './support/start-script.ts';

/** Whether the smallest module there is compiles. */
async function compile(): Promise<string> {
  // Not in the debugger's own task, which policies may not bind.
  await new Promise(resolve => setTimeout(resolve));
  try {
    await WebAssembly.compile(Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0));
    return 'compiled';
  } catch (error) {
    return error instanceof WebAssembly.CompileError ? 'refused' : String(error);
  }
}

const hosts = [
  ['behind the service worker of a host that sends no headers', { headers: false, serviceWorkers: 'allow' }],
  [
    'from a host that sends them by path, without a service worker',
    { headers: true, serviceWorkers: 'block' },
  ],
  [
    'behind the service worker of a host that sends one policy with all',
    { headers: oneForAll, serviceWorkers: 'allow' },
  ],
] as const;

describe.skipIf(!chromium).each(hosts)(`WebAssembly %s${whyNoChromium}`, (_, { headers, serviceWorkers }) => {
  let site: Site;
  let context: BrowserContext;
  let page: Page;

  beforeAll(async () => {
    site = await startSite({ headers });
    // The engine's worker waits, and answers whatever it is asked.
    context = await launchChromium({ withoutGpu: true, serviceWorkers });
    page = await context.newPage();
    await page.goto(site.url);
    if (serviceWorkers === 'allow') await waitUntilControlled(page);
    await acknowledge(page);
  });
  afterAll(async () => {
    await context?.close();
    await site?.stop();
  });

  async function workerOf(name: string): Promise<Worker> {
    const find = () => page.workers().find(worker => worker.url().includes(`/${name}.worker-`));
    return vi.waitUntil(find, slowly);
  }

  test('the page and the library compile nothing', async () => {
    expect(await page.evaluate(compile)).toBe('refused');
    expect(await (await workerOf('library')).evaluate(compile)).toBe('refused');
  });

  test('the engine, its helpers and the quantiser do', async () => {
    expect(await (await workerOf('engine')).evaluate(compile)).toBe('compiled');
    const tab = await context.newPage();
    for (const name of ['processor-helper', 'quantiser'] as const) {
      const worker = await startScript(tab, site.url, await computeFile(name));
      expect(await worker.evaluate(compile), name).toBe('compiled');
    }
    await tab.close();
  });
});

describe.skipIf(!chromium)(
  `a host that sends one policy with all, without a service worker${whyNoChromium}`,
  () => {
    let site: Site;
    let context: BrowserContext;

    afterAll(async () => {
      await context?.close();
      await site?.stop();
    });

    test('the page says that nothing may be computed, and to reload it', async () => {
      site = await startSite({ headers: oneForAll });
      context = await launchChromium({ serviceWorkers: 'block' });
      const page = await context.newPage();
      await page.goto(site.url);
      await acknowledge(page);
      const alert = page.locator('.alert[data-code="no-processor"]').first();
      await alert.waitFor();
      expect(await alert.innerText()).toContain('Reload this page once');
      await alert.getByRole('button', { name: 'Reload the page' }).waitFor();
    });
  },
);
