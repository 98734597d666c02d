import { type BrowserContext, firefox as playwright } from 'playwright-core';
import { findFirefox } from '../../scripts/find-firefox.mjs';
import type { DeviceChoice } from '../../src/engine/types/device-choice.ts';
import { driverFile } from '../../test/support/gpu.ts';
import { chooseDevice } from './chosen-device.ts';
import { patienceMs } from './patience.ts';

/** Path of the browser, or undefined. */
export const firefox: string | undefined = findFirefox();

/** For the title of a suite: empty, or why it is skipped. */
export const whyNoFirefox = firefox ? '' : ' (skipped: no Firefox found; set BEDSIDE_FIREFOX)';

/** Mesa's Vulkan driver for processors, on which Firefox computes here. */
export const lavapipe = driverFile('lavapipe');

export interface FirefoxContext {
  context: BrowserContext;
  close(): Promise<void>;
}

/**
 * The browser as it is installed, over WebDriver BiDi. On Linux it offers WebGPU only where its preferences are set,
 * as `webgpu` does; then it computes on lavapipe. `device` is what the reader has chosen.
 */
export async function launchFirefox({
  webgpu = false,
  device = 'auto' as DeviceChoice,
} = {}): Promise<FirefoxContext> {
  if (!firefox) throw new Error(`no Firefox${whyNoFirefox}`);
  const browser = await playwright.launch({
    channel: 'moz-firefox',
    executablePath: firefox,
    headless: true,
    timeout: patienceMs,
    env: { ...process.env, ...(lavapipe ? { VK_DRIVER_FILES: lavapipe } : {}) },
    firefoxUserPrefs: webgpu
      ? { 'dom.webgpu.enabled': true, 'gfx.webgpu.ignore-blocklist': true, 'gfx.webgpu.force-enabled': true }
      : {},
  });
  skipMediaEmulation(browser);
  const context = await browser.newContext();
  context.setDefaultTimeout(patienceMs);
  if (device !== 'auto') await chooseDevice(context, device);
  return { context, close: () => browser.close() };
}

interface Session {
  send(method: string, ...rest: unknown[]): Promise<unknown>;
}

/**
 * Playwright sets the colour scheme of every context, by a command that Firefox does not know before 154, and takes no
 * option not to. Its version is pinned; where it hides its session elsewhere, this fails.
 */
function skipMediaEmulation(browser: object): void {
  const { _connection } = browser as {
    _connection: { toImpl(object: object): { _browserSession: Session } };
  };
  const session = _connection.toImpl(browser)._browserSession;
  const send = session.send.bind(session);
  session.send = (method, ...rest) =>
    method === 'emulation.setMediaFeaturesOverride' ? Promise.resolve({}) : send(method, ...rest);
}
