import 'fake-indexeddb/auto';
import { IDBFactory, IDBObjectStore } from 'fake-indexeddb';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import {
  bytes,
  change,
  chunkBytes,
  hashes,
  model,
  options,
  pieces,
  sha256Hex,
} from '../../test/support/stored-file.ts';
import { readAhead } from '../engine/formats/read-ahead.ts';
import { createWeightStore } from './create-weight-store.ts';
import { chunkKey, manifestKey, mebibyte } from './weight-manifest.ts';
import type { WeightStore } from './weight-store.ts';

let store: WeightStore;

beforeEach(() => {
  globalThis.indexedDB = new IDBFactory();
  store = createWeightStore();
});

afterEach(() => {
  vi.restoreAllMocks();
});

/** Counts reads of chunks from the database. */
function countChunkReads(): () => number {
  const get = IDBObjectStore.prototype.get;
  let reads = 0;
  vi.spyOn(IDBObjectStore.prototype, 'get').mockImplementation(function (this: IDBObjectStore, key) {
    if (String(key).includes('/chunk/')) reads++;
    return get.call(this, key);
  } as typeof get);
  return () => reads;
}

test('reads any range, also across chunks, without the stream', async () => {
  await store.saveFile('m', pieces(500_000), options);
  const source = (await createWeightStore().openFile('m', hashes))!;
  const ranges: [offset: number, length: number][] = [
    [0, 16],
    [chunkBytes - 3, 6],
    [chunkBytes, chunkBytes],
    [bytes - 1, 1],
    [10, 2 * chunkBytes],
    [bytes, 0],
  ];
  for (const [offset, length] of ranges) {
    const read = await source.read(offset, length);
    expect(sha256Hex(read)).toBe(sha256Hex(model.subarray(offset, offset + length)));
  }
  await expect(source.read(bytes - 1, 2)).rejects.toMatchObject({ code: 'truncated-model' });
});

test('reads ahead once a reader goes on to the next chunk, and each chunk once', async () => {
  await store.saveFile('m', pieces(500_000), options);
  const source = (await store.openFile('m'))!;
  const reads = countChunkReads();
  await Promise.all([source.read(0, 8), source.read(8, 8)]);
  expect(reads()).toBe(1);
  await Promise.all([source.read(chunkBytes - 4, 8), source.read(chunkBytes, 2 * mebibyte)]);
  expect(reads()).toBe(3); // chunk 2 is on its way
  const [end] = await Promise.all([source.read(2 * chunkBytes, 8), source.read(bytes - 8, 8)]);
  expect(end).toEqual(model.slice(2 * chunkBytes, 2 * chunkBytes + 8));
  expect(reads()).toBe(3);
  await source.read(0, 8); // Nothing before the chunk read last is kept.
  expect(reads()).toBe(4);
});

test('reads every chunk once for a reader ahead, pieces over a border included', async () => {
  await store.saveFile('m', pieces(500_000), options);
  const source = (await store.openFile('m'))!;
  const reads = countChunkReads();
  const ranges = Array.from({ length: Math.ceil(bytes / 3_000_000) }, (_, i) => ({
    offset: i * 3_000_000,
    bytes: Math.min(3_000_000, bytes - i * 3_000_000),
  }));
  for await (const { range, bytes: read } of readAhead(source, ranges)) {
    const expected = model.subarray(range.offset, range.offset + range.bytes);
    expect(sha256Hex(read)).toBe(sha256Hex(expected));
  }
  expect(reads()).toBe(Math.ceil(bytes / chunkBytes));
});

test('a chunk that was damaged and read ahead is nobody’s error until it is asked for', async () => {
  await store.saveFile('m', pieces(500_000), options);
  await change(chunkKey('m', 2), () => new Blob([new Uint8Array(12_345)]));
  const source = (await store.openFile('m'))!;
  await source.read(0, 8);
  expect(await source.read(chunkBytes, 8)).toEqual(model.slice(chunkBytes, chunkBytes + 8));
  await expect(source.read(2 * chunkBytes, 8)).rejects.toMatchObject({ code: 'wrong-hash' });
});

test('a file stored before there were checksums is compared with its SHA-256', async () => {
  await store.saveFile('m', pieces(500_000), options);
  await change(manifestKey('m'), old => ({ ...(old as object), checksums: undefined }));
  expect(await (await store.openFile('m', hashes))!.read(0, 8)).toEqual(model.slice(0, 8));
  await change(chunkKey('m', 1), () => new Blob([new Uint8Array(chunkBytes)]));
  await expect((await store.openFile('m'))!.read(chunkBytes, 8)).rejects.toMatchObject({
    code: 'wrong-hash',
  });
});

test('finds a damaged chunk when it is read, and has the rest to go on from', async () => {
  await store.saveFile('m', pieces(500_000), options);
  await change(chunkKey('m', 1), () => new Blob([new Uint8Array(chunkBytes)]));
  const source = (await store.openFile('m', hashes))!;
  expect(await source.read(0, 4)).toEqual(model.slice(0, 4));
  await expect(source.read(chunkBytes, 4)).rejects.toMatchObject({
    code: 'wrong-hash',
    message: expect.stringContaining('stored on this device is damaged'),
    advice: expect.stringContaining('fetched again'),
  });
  expect(await store.openFile('m', hashes)).toBeUndefined();
  expect(await store.presentChunks('m')).toEqual([0, 2]);
  await store.saveFile('m', pieces(500_000), options);
  expect(await (await store.openFile('m', hashes))?.read(chunkBytes, 4)).toEqual(
    model.slice(chunkBytes, chunkBytes + 4),
  );
});

test.each<[string, (old: unknown) => unknown]>([
  ['shorter', () => new Blob([model.slice(0, 5)])],
  ['not a Blob', () => 'gone'],
])('treats a chunk that is %s as damaged', async (_, changed) => {
  await store.saveFile('m', pieces(500_000), options);
  await change(chunkKey('m', 0), changed);
  await expect((await store.openFile('m'))?.read(0, 1)).rejects.toMatchObject({ code: 'wrong-hash' });
});

test.each<[string, (old: unknown) => unknown]>([
  ['of a later version', old => ({ ...(old as object), v: 2 })],
  ['without its size', old => ({ ...(old as object), bytes: undefined })],
  ['not complete', old => ({ ...(old as object), complete: false })],
])('does not open a manifest that is %s', async (_, changed) => {
  await store.saveFile('m', pieces(500_000), options);
  await change(manifestKey('m'), changed);
  expect(await store.openFile('m')).toBeUndefined();
});

test('does not open a file with other hashes, or with a chunk gone', async () => {
  await store.saveFile('m', pieces(500_000), options);
  expect(await store.openFile('m', [...hashes].reverse())).toBeUndefined();
  expect(await store.openFile('m', hashes.slice(1))).toBeUndefined();
  const { createStore, del } = await import('idb-keyval');
  await del(chunkKey('m', 2), createStore('bedside-weights', 'records'));
  expect(await store.openFile('m', hashes)).toBeUndefined();
});
