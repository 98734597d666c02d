// A folder of 600 slices of 512 x 512 with 16 bits in the page: npm run bench:reading -- [--slices 600] [--scrolls 300] [--headed]
// From the drop to the first image and to the last header; images a second while a wheel is turned once a picture of the screen; the
// longest task of the page's own thread; memory. JSON to standard output.
import { mkdtempSync, rmSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { writeLargeStudy } from '../scripts/large-study.mjs';
import { launchBrowser } from './browser/chromium.mjs';
import { startProductSite } from './browser/product-site.mjs';
import { threadTimes } from './browser/thread-times.mjs';

const { values } = parseArgs({
  options: {
    slices: { type: 'string', default: '600' },
    scrolls: { type: 'string', default: '300' },
    headed: { type: 'boolean', default: false },
  },
});
const folder = mkdtempSync(join(tmpdir(), 'bedside-bench-study-'));
writeLargeStudy(folder, Number(values.slices));
const site = await startProductSite();
const browser = await launchBrowser({ adapter: 'default', headed: values.headed });
try {
  const page = await browser.context.newPage();
  await page.setViewportSize({ width: 1280, height: 800 });
  await page.addInitScript(watchPictures);
  await page.goto(site.url);
  await page.getByRole('button', { name: 'I understand' }).click();
  await page.locator('.model-badge[data-phase="ready"]').waitFor({ timeout: 240_000 });
  const loadBefore = loadavg()[0];
  await page.evaluate(() => window.watched.restart());
  await drop(page, folder);
  await page.locator('.reading-window canvas').waitFor({ timeout: 60_000 });
  await page.locator('.reading-stacks progress').waitFor({ state: 'detached', timeout: 120_000 });
  const opening = await page.evaluate(() => window.watched.report());
  // What stays decoded ahead of the first image is there by now.
  await page.waitForTimeout(1000);
  await page.evaluate(() => window.watched.restart());
  const timesBefore = await threadTimes(browser.context);
  await page.evaluate(turnWheel, Number(values.scrolls));
  const scrolling = await page.evaluate(() => window.watched.report());
  const timesAfter = await threadTimes(browser.context);
  const memory = await page.evaluate(async () => (await performance.measureUserAgentSpecificMemory()).bytes);
  const report = {
    browser: browser.version,
    processor: `${cpus().length} x ${cpus()[0].model}`,
    load: { before: loadBefore, after: loadavg()[0] },
    slices: Number(values.slices),
    firstImageMs: Math.round(opening.picturesMs[0] - opening.droppedMs),
    allHeadersMs: Math.round(opening.endedMs - opening.droppedMs),
    openingLongestTaskMs: longest(opening),
    scrolled: Number(values.scrolls),
    picturesDrawn: scrolling.picturesMs.length,
    picturesASecond: Number(((scrolling.picturesMs.length - 1) / seconds(scrolling.picturesMs)).toFixed(1)),
    screensASecond: Number((Number(values.scrolls) / seconds(scrolling.turnedMs)).toFixed(1)),
    scrollingLongestTaskMs: longest(scrolling),
    processorMsAStep: timesBefore && {
      page: perStep(timesAfter.main - timesBefore.main),
      worker: perStep(timesAfter.workers - timesBefore.workers),
    },
    memoryMiB: Math.round(memory / 1024 ** 2),
  };
  console.log(JSON.stringify(report, null, 2));
} finally {
  await browser.close();
  await site.close();
  rmSync(folder, { recursive: true, force: true });
}

function perStep(spentMs) {
  return Number((spentMs / Number(values.scrolls)).toFixed(1));
}

function seconds(timesMs) {
  return (timesMs.at(-1) - timesMs[0]) / 1000;
}

/** Of tasks of 50 ms and more, which a browser tells of; 0: there was none. */
function longest({ longTasksMs }) {
  return Math.round(Math.max(0, ...longTasksMs));
}

/** As a folder is dropped from the desktop. */
async function drop(page, path) {
  const session = await page.context().newCDPSession(page);
  const data = { items: [], files: [path], dragOperationsMask: 1 };
  for (const type of ['dragEnter', 'dragOver', 'drop'])
    await session.send('Input.dispatchDragEvent', { type, x: 640, y: 400, data });
}

/** Runs in the page. */
function watchPictures() {
  let seen;
  const restart = () => {
    seen = { droppedMs: 0, endedMs: 0, picturesMs: [], turnedMs: [], longTasksMs: [] };
  };
  restart();
  const { putImageData } = CanvasRenderingContext2D.prototype;
  CanvasRenderingContext2D.prototype.putImageData = function (...args) {
    putImageData.apply(this, args);
    seen.picturesMs.push(performance.now());
  };
  window.addEventListener('drop', () => (seen.droppedMs = performance.now()), true);
  new PerformanceObserver(list => {
    for (const { duration } of list.getEntries()) seen.longTasksMs.push(duration);
  }).observe({ entryTypes: ['longtask'] });
  window.watched = {
    restart,
    turned: () => seen.turnedMs.push(performance.now()),
    report: () => ({ ...seen, endedMs: performance.now() }),
  };
}

/** Runs in the page: one step with every picture of the screen. */
async function turnWheel(steps) {
  const stage = document.querySelector('.reading-stage');
  for (let step = 0; step < steps; step++) {
    await new Promise(requestAnimationFrame);
    stage.dispatchEvent(new WheelEvent('wheel', { deltaY: 100, bubbles: true, cancelable: true }));
    window.watched.turned();
  }
  await new Promise(resolve => setTimeout(resolve, 500));
}
