import { cp, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { vi } from 'vitest';
import { patienceMs } from './patience.ts';
import { dist } from './site.ts';

/** For what takes as long as the machine takes. */
export const slowly = { timeout: patienceMs, interval: 100 };

export async function waitUntilControlled(page: Page): Promise<void> {
  const state = () => page.evaluate(() => navigator.serviceWorker.controller?.state);
  await vi.waitUntil(async () => (await state()) === 'activated', slowly);
}

/** The application started: its script ran and filled the page. */
export async function expectApplication(page: Page): Promise<void> {
  await vi.waitUntil(async () => (await page.locator('#root').textContent()) !== '', slowly);
}

/** A copy of the built site that a test may change. The caller removes it. */
export async function copySite(): Promise<string> {
  const root = await mkdtemp(join(tmpdir(), 'bedside-release-'));
  await cp(dist, root, { recursive: true });
  return root;
}

/** What the application's own client does to tell the service worker something. Runs in the page. */
export function tell(page: Page, message: object): Promise<unknown> {
  return page.evaluate(
    sent =>
      new Promise(resolve => {
        const { port1, port2 } = new MessageChannel();
        port1.onmessage = event => resolve(event.data);
        navigator.serviceWorker.controller?.postMessage(sent, [port2]);
      }),
    message,
  );
}

/** Ends the service worker as the browser does when it is idle: the next event starts it anew, with empty memory. */
export async function restartServiceWorker(page: Page): Promise<void> {
  const session = await page.context().newCDPSession(page);
  await session.send('ServiceWorker.enable');
  await session.send('ServiceWorker.stopAllWorkers');
  await session.detach();
}
