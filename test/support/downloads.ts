/** What tests of downloads share: a server with faults, a store of weights, and what was told. To be imported once a file. */
import 'fake-indexeddb/auto';
import { createHash } from 'node:crypto';
import { IDBFactory } from 'fake-indexeddb';
import { afterEach, beforeEach, expect, vi } from 'vitest';
import { createWeightStore } from '../../src/storage/create-weight-store.ts';
import { mebibyte } from '../../src/storage/weight-manifest.ts';
import type { WeightStore } from '../../src/storage/weight-store.ts';
import { downloadFile } from '../../src/worker/library/download-file.ts';
import type { RemoteFile } from '../../src/worker/library/library-messages.ts';
import type { DownloadNotice } from '../../src/worker/remote/download-notice.ts';
import { CountingNetwork } from './counting-network.ts';
import { type FaultyServer, startFaultyServer } from './faulty-server.ts';

export const chunkBytes = 8 * mebibyte;
export const bytes = 2 * chunkBytes + 54_321;
export const model = Uint8Array.from({ length: bytes }, (_, i) => (i * 31 + (i >> 9)) & 255);
export const other = model.map(byte => byte ^ 0x55);
export const sha256Hex = (data: Uint8Array) => createHash('sha256').update(data).digest('hex');
export const hashes = [0, 1, 2].map(i => sha256Hex(model.subarray(i * chunkBytes, (i + 1) * chunkBytes)));
export const retry = { attempts: 4, firstDelayMs: 1, longestDelayMs: 5, silenceMs: 3000 };
export const ignore = () => undefined;

export const network = new CountingNetwork();

export let server: FaultyServer;
export let weights: WeightStore;
export let notices: DownloadNotice[];

beforeEach(async () => {
  globalThis.indexedDB = new IDBFactory();
  weights = createWeightStore();
  server = await startFaultyServer(model);
  notices = [];
  network.fetched = 0;
});

afterEach(async () => {
  vi.restoreAllMocks();
  await server.close();
});

/** What a page that is opened again has: the same store, opened anew. */
export function openStoreAgain(): void {
  weights = createWeightStore();
}

export function download(
  changes: Partial<RemoteFile> = {},
  signal = new AbortController().signal,
  onProgress: (done: number) => void = ignore,
) {
  const file = { id: 'm', url: server.url, name: 'model.gguf', chunkBytes, ...changes };
  const onNotice = (notice: DownloadNotice) => notices.push(notice);
  return downloadFile(file, weights, network, { signal, onProgress, onNotice, retry });
}

export async function storedHash(): Promise<string | undefined> {
  const source = await weights.openFile('m');
  return source && sha256Hex(await source.read(0, source.bytes));
}

export const expectWhole = async (data = model) => expect(await storedHash()).toBe(sha256Hex(data));
