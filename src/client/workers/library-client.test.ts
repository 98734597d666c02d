import { expose } from 'comlink';
import { afterEach, expect, test, vi } from 'vitest';
import { createLibraryClient, type LibraryClient } from './library-client.ts';
import type { WorkerLike } from './worker-connection.ts';

let client: LibraryClient;
const ports: MessagePort[] = [];

afterEach(() => {
  client.dispose();
  for (const port of ports.splice(0)) port.close();
});

/** Workers whose downloads never end, but those of the last one do at once. */
function start(workers: number): { downloads: number[] } {
  const downloads: number[] = [];
  let started = 0;
  const spawn = (): WorkerLike => {
    const number = ++started;
    const { port1, port2 } = new MessageChannel();
    ports.push(port1, port2);
    const download = async (_: unknown, port: MessagePort) => {
      downloads.push(number);
      if (number < workers) return new Promise(() => undefined);
      port.postMessage({ kind: 'end' });
      return { ok: true, value: undefined };
    };
    expose({ ping: async () => 0, download, abort: async () => undefined }, port2);
    return Object.assign(port1, { terminate: () => port1.close() }) as unknown as WorkerLike;
  };
  client = createLibraryClient({ spawn });
  return { downloads };
}

const untilAsked = (downloads: number[], count: number) =>
  vi.waitUntil(() => downloads.length === count, { timeout: 30_000 });

test('a download goes on however often its worker is replaced', async () => {
  const { downloads } = start(4);
  const done = client.download({ id: 'a', url: 'https://a.test/a.gguf' });
  for (let count = 1; count < 4; count++) {
    await untilAsked(downloads, count);
    client.restart();
  }
  await done;
  expect(downloads).toEqual([1, 2, 3, 4]);
});

test('where a fresh worker dies as well, the reader hears of it', async () => {
  const { downloads } = start(4);
  const done = client.download({ id: 'a', url: 'https://a.test/a.gguf' });
  const outcome = expect(done).rejects.toMatchObject({ code: 'worker-died' });
  for (let count = 1; count < 3; count++) {
    await untilAsked(downloads, count);
    ports[2 * (count - 1)]!.dispatchEvent(new Event('error'));
  }
  await outcome;
});
