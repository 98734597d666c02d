import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BrowserContext, chromium as playwright } from 'playwright-core';
import { findChromium } from '../../scripts/find-chromium.mjs';
import { chooseDevice } from './chosen-device.ts';
import { patienceMs } from './patience.ts';

/** Path of the browser, or undefined. A suite that needs it: `describe.skipIf(!chromium)(title + whyNoChromium)`. */
export const chromium: string | undefined = findChromium();

/** For the title of a suite: empty, or why it is skipped. */
export const whyNoChromium = chromium ? '' : ' (skipped: no Chromium found; set BEDSIDE_CHROMIUM)';

export interface LaunchOptions {
  /** WebGPU on Chromium's software adapter, which the reader has chosen. */
  swiftshader?: boolean;
  /** A browser that offers no GPU at all, and a reader who has chosen one: no model is loaded. Without either: as it is installed. */
  withoutGpu?: boolean;
  /** A profile to keep. Without one, a new profile that `close()` of the context deletes. */
  userDataDir?: string;
  /** Scrollbars that take room, as on Windows; a headless browser hides them otherwise. */
  classicScrollbars?: boolean;
  /** Scripts may call `gc()`. */
  collectsGarbage?: boolean;
  /** The memory of a page is measured at once, not when the browser collects garbage next. */
  measuresMemory?: boolean;
  /** Whether service workers run; `block` shows the site as it is without one. */
  serviceWorkers?: 'allow' | 'block';
  /** Everything but what is sent to the host `bypass` goes through it, this machine's own addresses included. */
  proxy?: { server: string; bypass: string };
}

/**
 * A Chromium with a profile on disk (storage and service workers as a visitor has them) that resolves no name
 * but this machine's. Close the context to end it.
 */
export async function launchChromium(options: LaunchOptions = {}): Promise<BrowserContext> {
  if (!chromium) throw new Error(`no Chromium${whyNoChromium}`);
  const userDataDir = options.userDataDir ?? (await mkdtemp(join(tmpdir(), 'bedside-profile-')));
  const adapter = options.withoutGpu
    ? ['--disable-gpu']
    : options.swiftshader
      ? ['--enable-unsafe-webgpu', '--use-webgpu-adapter=swiftshader']
      : [];
  const context = await playwright.launchPersistentContext(userDataDir, {
    executablePath: chromium,
    headless: true,
    chromiumSandbox: false,
    serviceWorkers: options.serviceWorkers ?? 'allow',
    ...(options.classicScrollbars ? { ignoreDefaultArgs: ['--hide-scrollbars'] } : {}),
    args: [
      ...adapter,
      '--disable-quic',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--no-first-run',
      ...(options.collectsGarbage ? ['--js-flags=--expose-gc'] : []),
      ...(options.measuresMemory ? ['--enable-blink-features=ForceEagerMeasureMemory'] : []),
      ...(options.proxy ? proxyArguments(options.proxy) : []),
      '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1',
    ],
  });
  context.setDefaultTimeout(patienceMs);
  // Left to itself, a page prefers the processor to what only passes for a GPU.
  if (options.withoutGpu || options.swiftshader) await chooseDevice(context, 'gpu');
  if (!options.userDataDir) {
    // Removed after the browser has ended, not on its close event: until then it still writes.
    const close = context.close.bind(context);
    context.close = async reason => {
      await close(reason);
      await rm(userDataDir, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
    };
  }
  return context;
}

/** The later rule counts: nothing of this machine is exempt, but the one host is. */
function proxyArguments({ server, bypass }: { server: string; bypass: string }): string[] {
  return [`--proxy-server=${server}`, `--proxy-bypass-list=<-loopback>;${bypass}`];
}
