/** Downloads of which only the hash of the whole file is known. */
import 'fake-indexeddb/auto';
import { createHash } from 'node:crypto';
import { IDBFactory } from 'fake-indexeddb';
import { createStore, get, set } from 'idb-keyval';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { type FaultyServer, startFaultyServer } from '../../../test/support/faulty-server.ts';
import { createWeightStore } from '../../storage/create-weight-store.ts';
import { mebibyte } from '../../storage/weight-manifest.ts';
import type { WeightStore } from '../../storage/weight-store.ts';
import { downloadFile } from './download-file.ts';

const chunkBytes = 8 * mebibyte;
const bytes = 3 * chunkBytes + 54_321;
const model = Uint8Array.from({ length: bytes }, (_, i) => (i * 31 + (i >> 9)) & 255);
const sha256 = createHash('sha256').update(model).digest('hex');
const retry = { attempts: 4, firstDelayMs: 1, longestDelayMs: 5, silenceMs: 30_000 };
const network = { isOnline: () => true, fetch: (url: string, init: RequestInit) => fetch(url, init) };

let server: FaultyServer;
let weights: WeightStore;
/** Chunks in the order in which they were read to be hashed. */
let read: number[];
let verified: number[];

beforeEach(async () => {
  globalThis.indexedDB = new IDBFactory();
  server = await startFaultyServer(model);
  weights = watched(createWeightStore());
  verified = [];
});

afterEach(() => server.close());

function watched(store: WeightStore): WeightStore {
  read = [];
  return {
    ...store,
    readStoredChunk: (id, index) => {
      read.push(index);
      return store.readStoredChunk(id, index);
    },
  };
}

const download = (expected = sha256, abort = new AbortController(), onVerify?: (done: number) => void) =>
  downloadFile({ id: 'm', url: server.url, chunkBytes, sha256: expected }, weights, network, {
    signal: abort.signal,
    onProgress: () => undefined,
    onVerify: done => {
      verified.push(done);
      onVerify?.(done);
    },
    retry,
  });

const isComplete = async () => (await weights.openFile('m')) !== undefined;

test('chunks that come in another order are hashed in that of the file, each read once', async () => {
  let letFirstGo: () => void = () => undefined;
  const others = new Promise<void>(resolve => {
    letFirstGo = resolve;
  });
  const late = {
    ...network,
    async fetch(url: string, init: RequestInit) {
      const range = new Headers(init.headers).get('Range') ?? '';
      if (range.startsWith(`bytes=${chunkBytes}-`)) await others;
      return network.fetch(url, init);
    },
  };
  const downloading = downloadFile({ id: 'm', url: server.url, chunkBytes, sha256 }, weights, late, {
    signal: new AbortController().signal,
    onProgress: () => undefined,
    retry,
  });
  await expect.poll(() => weights.presentChunks('m'), { timeout: 30_000 }).toEqual([0, 2, 3]);
  letFirstGo();
  await downloading;
  expect(read).toEqual([0, 1, 2, 3]);
  expect(await isComplete()).toBe(true);
});

test('an upper-case hash is the same hash', async () => {
  await download(sha256.toUpperCase());
  expect(await isComplete()).toBe(true);
});

test('what an earlier visit stored is hashed from the store, and not asked for again', async () => {
  const abort = new AbortController();
  const stopping = {
    ...network,
    async fetch(url: string, init: RequestInit) {
      const range = new Headers(init.headers).get('Range') ?? '';
      if (!range.startsWith('bytes=0-') && !range.startsWith(`bytes=${chunkBytes}-`)) {
        await vi.waitUntil(async () => (await weights.presentChunks('m')).length === 2, { timeout: 30_000 });
        abort.abort();
      }
      return network.fetch(url, init);
    },
  };
  const options = { signal: abort.signal, onProgress: () => undefined, retry };
  const file = { id: 'm', url: server.url, chunkBytes, sha256 };
  await expect(downloadFile(file, weights, stopping, options)).rejects.toMatchObject({ code: 'aborted' });
  expect(await weights.presentChunks('m')).toEqual([0, 1]);
  weights = watched(createWeightStore());
  await download();
  expect(read).toEqual([0, 1, 2, 3]);
  expect(server.requests.filter(({ from }) => from < 2 * chunkBytes)).toHaveLength(2);
  expect(await isComplete()).toBe(true);
  expect(verified.at(-1)).toBe(bytes);
});

test('another file: nothing of it counts, and both hashes are named', async () => {
  const expected = `0123456789ab${'f'.repeat(52)}`;
  await expect(download(expected)).rejects.toMatchObject({
    code: 'wrong-hash',
    message: `The file is not the one that was expected: its SHA-256 begins with ${sha256.slice(0, 12)}…, and 0123456789ab… was expected.`,
    advice: expect.stringContaining('Nothing of it was kept'),
  });
  expect(await weights.listFiles()).toEqual([]);
  expect(await weights.presentChunks('m')).toEqual([]);
});

test('paused while the rest is being hashed: everything is kept, nothing is complete, and later it is', async () => {
  const abort = new AbortController();
  await expect(download(sha256, abort, () => abort.abort())).rejects.toMatchObject({ code: 'aborted' });
  expect(await weights.presentChunks('m')).toEqual([0, 1, 2, 3]);
  expect(await isComplete()).toBe(false);
  weights = watched(createWeightStore());
  await download();
  expect(read).toEqual([0, 1, 2, 3]);
  expect(server.sentBytes()).toBe(bytes);
  expect(await isComplete()).toBe(true);
});

test('a chunk that was damaged on the disk is fetched again, and only that one', async () => {
  const abort = new AbortController();
  await expect(download(sha256, abort, () => abort.abort())).rejects.toMatchObject({ code: 'aborted' });
  const records = createStore('bedside-weights', 'records');
  expect(await get('m/chunk/1', records)).toBeInstanceOf(Blob);
  await set('m/chunk/1', new Blob([new Uint8Array(chunkBytes)]), records);
  weights = watched(createWeightStore());
  await download();
  expect(server.sentBytes()).toBe(bytes + chunkBytes);
  expect(await isComplete()).toBe(true);
});

test('a disk that damages the same chunk each time is given up', async () => {
  const store = weights;
  weights = {
    ...store,
    readStoredChunk: async (id, index) => (index === 2 ? undefined : store.readStoredChunk(id, index)),
  };
  await expect(download()).rejects.toMatchObject({ code: 'storage-unavailable' });
  expect(await isComplete()).toBe(false);
});

test('deleted while it is being hashed: it is not fetched again', async () => {
  const deleting = download(sha256, undefined, () => void weights.deleteFile('m'));
  await expect(deleting).rejects.toMatchObject({ code: 'aborted' });
  expect(server.sentBytes()).toBe(bytes);
});

test('verifying a stored file against another hash says the same', async () => {
  await download();
  await expect(weights.verifyFile('m', { sha256: 'a'.repeat(64) })).rejects.toMatchObject({
    code: 'wrong-hash',
    message: expect.stringContaining('aaaaaaaaaaaa…'),
  });
  expect(await weights.listFiles()).toEqual([]);
});
