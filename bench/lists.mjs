// A list of 1,000 conversations and a conversation of 2,000 messages, in the built site (npx vite build):
//   node bench/lists.mjs [--rounds 5] [--headed]
// opening: from the press on its row to the first frame with its last answer. scrolling: a screen a frame, 60 of them, half of them
// upwards. Of each the tasks of 50 ms or more on the page's own thread, and how busy the machine was. Beside the time that passed, the
// processor's time of the longest tasks, which says the same on a machine that does other work meanwhile.
import { loadavg } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { storeList } from '../e2e/support/stored-list.mjs';
import { serveStatic } from '../scripts/serve.mjs';
import { launchBrowser } from './browser/chromium.mjs';

const { values } = parseArgs({
  options: { rounds: { type: 'string', default: '5' }, headed: { type: 'boolean', default: false } },
});
const root = join(dirname(dirname(fileURLToPath(import.meta.url))), 'dist');
const site = await serveStatic({ root, port: 0 });
const browser = await launchBrowser({ adapter: 'default', headed: values.headed });
try {
  const page = await browser.context.newPage();
  await page.goto(site.url);
  await page.getByRole('button', { name: 'I understand' }).click();
  await storeList(page, 1000, 1000);
  await page.reload();
  await page.locator('.history-open').first().waitFor();
  await page.locator('.model-badge:not([data-life="probing"]):not([data-phase="loading"])').waitFor();
  await page.evaluate(watch);
  const line = async (name, run) => {
    const { result, processorMs } = await traced(page, run);
    const { ms, tasks } = result;
    console.log(
      `${name}: ${ms.map(each => each.toFixed(0)).join(', ')} ms; tasks of 50 ms or more: ${
        tasks.length > 0 ? tasks.map(each => each.toFixed(0)).join(', ') : 'none'
      }; processor's time of the longest: ${processorMs.map(each => each.toFixed(0)).join(', ')} ms; load ${loadavg()[0].toFixed(1)}`,
    );
  };
  console.log(`Chromium ${browser.version}, load at the start ${loadavg()[0].toFixed(1)}`);
  await line('opening 2,000 messages', () => page.evaluate(openAgain, Number(values.rounds)));
  await line('scrolling them', () => page.evaluate(scroll, '.chat-scroll'));
  await line('scrolling 1,000 conversations', () => page.evaluate(scroll, '.history'));
} finally {
  await browser.close();
  await site.close();
}

/** What `run` resolves with, and of the ten longest tasks of the page's own thread the processor's time, in milliseconds. */
async function traced(page, run) {
  const session = await page.context().newCDPSession(page);
  const events = [];
  session.on('Tracing.dataCollected', ({ value }) => events.push(...value));
  const complete = new Promise(resolve => session.once('Tracing.tracingComplete', resolve));
  const categories = 'toplevel,blink.user_timing';
  await session.send('Tracing.start', { categories, transferMode: 'ReportEvents' });
  await page.evaluate(() => void performance.mark('bedside-thread'));
  const result = await run();
  await session.send('Tracing.end');
  await complete;
  await session.detach();
  const { pid, tid } = events.find(({ name }) => name === 'bedside-thread');
  const processorMs = events
    .filter(event => event.pid === pid && event.tid === tid && event.name.endsWith('RunTask') && event.tdur)
    .map(({ tdur }) => tdur / 1000)
    .sort((a, b) => b - a)
    .slice(0, 10);
  return { result, processorMs };
}

/** Runs in the page, as what follows does. */
function watch() {
  window.tasks = [];
  new PerformanceObserver(list => {
    for (const { duration } of list.getEntries()) window.tasks.push(duration);
  }).observe({ entryTypes: ['longtask'] });
  window.frame = () => new Promise(resolve => requestAnimationFrame(resolve));
  /** What the observer has not been told yet comes after a moment. */
  window.settle = () => new Promise(resolve => setTimeout(resolve, 300));
}

async function openAgain(rounds) {
  const rows = () => [...document.querySelectorAll('.history-open')];
  const shows = text =>
    [...document.querySelectorAll('article')].some(each => each.textContent.includes(text));
  const ms = [];
  window.tasks.length = 0;
  for (let round = 0; round < rounds; round++) {
    rows()[1].click();
    while (!shows('Answer 0 of 998')) await window.frame();
    await window.settle();
    const from = performance.now();
    rows()[0].click();
    while (!shows('Answer 999 of 999')) await window.frame();
    await window.frame();
    ms.push(performance.now() - from);
    await window.settle();
  }
  return { ms, tasks: [...window.tasks] };
}

async function scroll(name) {
  const scroller = document.querySelector(name);
  window.tasks.length = 0;
  const from = performance.now();
  for (let step = 0; step < 60; step++) {
    scroller.scrollBy(0, (step < 30 ? -1 : 1) * scroller.clientHeight);
    await window.frame();
  }
  const ms = [performance.now() - from];
  await window.settle();
  return { ms, tasks: [...window.tasks] };
}
