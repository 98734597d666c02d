import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { findChromium } from '../../scripts/find-chromium.mjs';

/** A browser with a profile on disk, which `close` deletes, that reaches no host but this machine. */
export async function launchBrowser({ adapter, headed }) {
  const executablePath = findChromium();
  if (!executablePath) throw new Error('No Chromium found; set BEDSIDE_CHROMIUM.');
  const profile = mkdtempSync(join(tmpdir(), 'bedside-bench-profile-'));
  const context = await chromium.launchPersistentContext(profile, {
    executablePath,
    headless: !headed,
    chromiumSandbox: false,
    args: [
      '--enable-unsafe-webgpu',
      ...(adapter === 'swiftshader' ? ['--use-webgpu-adapter=swiftshader'] : []),
      '--disable-quic',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--no-first-run',
      '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1',
    ],
  });
  return {
    version: context.browser()?.version() ?? '',
    context,
    async close() {
      await context.close();
      rmSync(profile, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
    },
  };
}
