import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { numberBits, writeLargeStudy } from '../scripts/large-study.mjs';
import { openChat } from './support/chat-page.ts';
import { chromium, launchChromium, whyNoChromium } from './support/chromium.ts';
import { dropPaths } from './support/images.ts';
import { keptFrames, watchWorkers } from './support/page-workers.ts';
import { type Site, startSite } from './support/site.ts';

const slices = 600;
const frameBytes = 512 * 512 * 2;
/** Of decoded frames in the worker, as it says itself. */
const mostKeptBytes = 96 * 1024 ** 2;
const mostHeapBytes = 400 * 1024 ** 2;
/** Decoded ahead of what is shown, and behind it. */
const around = 10;

/** What the page drew, with how many headers had been read by then. */
type Drawn = { slice: number; read: number; total: number }[];

describe.skipIf(!chromium)(`a folder of ${slices} slices${whyNoChromium}`, () => {
  let site: Site;
  let context: BrowserContext;
  let page: Page;
  let problems: string[];
  const folder = mkdtempSync(join(tmpdir(), 'bedside-large-study-'));

  beforeAll(async () => {
    writeLargeStudy(folder, slices);
    site = await startSite();
    context = await launchChromium({ measuresMemory: true });
    ({ page, problems } = await openChat(context, site.url, false, async fresh => {
      await watchWorkers(fresh);
      await fresh.addInitScript(watchDrawing, numberBits);
    }));
    await page.setViewportSize({ width: 1280, height: 800 });
  });
  afterAll(async () => {
    await context?.close();
    await site?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const drawn = () => page.evaluate(() => (window as unknown as { drawn: Drawn }).drawn);
  const lastDrawn = async () => (await drawn()).at(-1)?.slice;
  const kept = () => keptFrames(page);
  /** Nothing is decoded any more. */
  const settledKept = async () => {
    let before = await kept();
    await expect
      .poll(
        async () => {
          const same = before.decoded;
          before = await kept();
          return before.decoded === same;
        },
        { interval: 300 },
      )
      .toBe(true);
    return before;
  };
  const stage = () => page.getByRole('application');
  const scroll = async (key: string, times: number) => {
    await stage().focus();
    for (let time = 0; time < times; time++) await page.keyboard.press(key);
  };

  test('dropped as a folder, its first image is there before all headers are read', async () => {
    await dropPaths(page, folder);
    await expect.poll(drawn).not.toEqual([]);
    const [first] = await drawn();
    expect(first!.slice).toBe(0);
    expect(first!.total).toBeLessThanOrEqual(slices + 1);
    expect(first!.read).toBeLessThan(slices);
  });

  test('the series is put together around what is looked at; what is no image is counted', async () => {
    const series = page.getByRole('navigation', { name: 'Series' });
    await series.getByText(`${slices} images`).waitFor();
    await series.getByText('1 file is no image.').waitFor();
    expect(await series.getByRole('progressbar').count()).toBe(0);
    expect(await stage().getAttribute('aria-label')).toBe(`Large phantom, image 1 of ${slices}`);
    expect(await lastDrawn()).toBe(0);
  });

  test('scrolled through, each frame is decoded once at most, and few beyond', async () => {
    const before = await settledKept();
    await scroll('PageDown', 150);
    await expect.poll(lastDrawn).toBe(150);
    const after = await settledKept();
    expect(after.decoded - before.decoded).toBeLessThanOrEqual(150 + around);
    expect(after.frames * frameBytes).toBe(after.bytes);
    // Back through what is kept: nothing is decoded again, only what was left out on the way.
    await scroll('PageUp', 40);
    await expect.poll(lastDrawn).toBe(110);
    expect((await settledKept()).decoded - before.decoded).toBeLessThanOrEqual(150 + around);
  });

  test('far through it, no more is kept than there is room for', async () => {
    for (const key of ['End', 'Home', 'End']) {
      await scroll(key, 1);
      await scroll(key === 'Home' ? 'PageDown' : 'PageUp', 60);
    }
    await expect.poll(lastDrawn).toBe(slices - 1 - 60);
    const { bytes, frames } = await settledKept();
    expect(bytes).toBeLessThanOrEqual(mostKeptBytes);
    expect(frames).toBeLessThanOrEqual(mostKeptBytes / frameBytes);
    // The page, its workers, and the pixels that they hold.
    const measured = await page.evaluate(() => {
      const measure = performance as unknown as {
        measureUserAgentSpecificMemory(): Promise<{ bytes: number }>;
      };
      return measure.measureUserAgentSpecificMemory();
    });
    expect(measured.bytes).toBeGreaterThan(bytes / 2);
    expect(measured.bytes).toBeLessThan(mostHeapBytes);
  });

  test('closed, nothing decoded is kept', async () => {
    await page.keyboard.press('Escape');
    await page.getByRole('dialog', { name: 'Images' }).waitFor({ state: 'detached' });
    await expect.poll(async () => (await kept()).frames).toBe(0);
  });

  test('picked as a folder, and stopped: what was read is shown, and it is said how much was not', async () => {
    await page.evaluate(() => Object.assign(window, { stopsAtFirst: true }));
    await page.getByLabel('Folder of images').setInputFiles(folder);
    const series = page.getByRole('navigation', { name: 'Series' });
    await series.getByText(/^\d+ files were not read\.$/).waitFor();
    const [, left] = /(\d+) files were not/.exec(await series.innerText())!;
    const [, images] = /(\d+) images?/.exec(await series.innerText())!;
    const others = /1 file is no image/.test(await series.innerText()) ? 1 : 0;
    expect(Number(left) + Number(images) + others).toBe(slices + 1);
    expect(Number(left)).toBeGreaterThan(0);
    expect(problems).toEqual([]);
  });
});

/** Runs in the page: which slice is drawn each time, by its own pixels. */
function watchDrawing(bits: number): void {
  const seen: Drawn = [];
  Object.assign(window, { drawn: seen });
  const put = CanvasRenderingContext2D.prototype.putImageData as (
    image: ImageData,
    x: number,
    y: number,
  ) => void;
  CanvasRenderingContext2D.prototype.putImageData = function (image: ImageData, x: number, y: number) {
    put.call(this, image, x, y);
    const { data } = image;
    let slice = 0;
    for (let bit = 0; bit < bits; bit++) if (data[bit * 4]! > 127) slice |= 1 << bit;
    const progress = document.querySelector<HTMLProgressElement>('progress[aria-label="Files read"]');
    seen.push({ slice, read: progress?.value ?? -1, total: progress?.max ?? -1 });
  };
  new MutationObserver(() => {
    const state = window as { stopsAtFirst?: boolean };
    const stop = [...document.querySelectorAll<HTMLButtonElement>('.reading-progress button')].at(0);
    if (!state.stopsAtFirst || !stop) return;
    state.stopsAtFirst = false;
    stop.click();
  }).observe(document, { childList: true, subtree: true });
}
