import type { Page, Worker } from 'playwright-core';

/**
 * Has a worker tell of every byte that it reads from the body of an answer, before whoever asked for it gets it: what a
 * server's or the browser's buffers have taken was not fetched yet. For `prepareWorkers`.
 */
export const tellOfBytes = (worker: Worker): Promise<void> =>
  worker.evaluate(() => {
    const channel = new BroadcastChannel('bytes-read');
    const { read } = ReadableStreamDefaultReader.prototype;
    ReadableStreamDefaultReader.prototype.read = async function () {
      const result = await read.apply(this);
      if (result.value instanceof Uint8Array) channel.postMessage(result.value.length);
      return result;
    };
  });

/** Counts them in a page of the same origin, which outlives the workers and their own page's reloads. */
export async function countBytes(page: Page): Promise<() => Promise<number>> {
  await page.evaluate(() => {
    const counter = Object.assign(new BroadcastChannel('bytes-read'), { bytes: 0 });
    counter.onmessage = ({ data }) => {
      counter.bytes += data;
    };
    Object.assign(window, { counter });
  });
  return () => page.evaluate(() => (window as unknown as { counter: { bytes: number } }).counter.bytes);
}
