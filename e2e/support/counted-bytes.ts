import type { Page, Worker } from 'playwright-core';

/**
 * Has a worker tell of every byte that it reads from the body of an answer, before whoever asked for it gets it: what a
 * server's or the browser's buffers have taken was not fetched yet. For `prepareWorkers`.
 */
export const tellOfBytes = (worker: Worker): Promise<void> =>
  worker.evaluate(() => {
    const channel = new BroadcastChannel('bytes-read');
    const tell = (value: unknown) => {
      if (value instanceof Uint8Array) channel.postMessage(value.length);
    };
    const { read } = ReadableStreamDefaultReader.prototype;
    ReadableStreamDefaultReader.prototype.read = async function () {
      const result = await read.apply(this);
      tell(result.value);
      return result;
    };
    const { read: readInto } = ReadableStreamBYOBReader.prototype;
    ReadableStreamBYOBReader.prototype.read = async function <T extends ArrayBufferView<ArrayBuffer>>(
      view: T,
    ) {
      const result = await readInto.call(this, view);
      tell(result.value);
      return result as ReadableStreamReadResult<T>;
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
