import 'fake-indexeddb/auto';
import { createHash } from 'node:crypto';
import { IDBFactory } from 'fake-indexeddb';
import { createStore, get, keys, set } from 'idb-keyval';
import { afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { type Checkpoint, makeCheckpoint } from '../../../test/support/checkpoint.ts';
import { CountingNetwork } from '../../../test/support/counting-network.ts';
import { type FaultyServer, startFaultyServer } from '../../../test/support/faulty-server.ts';
import { streamGguf } from '../../engine/convert/gguf-stream.ts';
import { planConversion } from '../../engine/convert/plan-conversion.ts';
import { createWeightStore } from '../../storage/create-weight-store.ts';
import { chunkKey, mebibyte } from '../../storage/weight-manifest.ts';
import type { WeightStore } from '../../storage/weight-store.ts';
import type { DownloadNotice } from '../remote/download-notice.ts';
import type { ConvertRequest } from './library-messages.ts';
import { storeConversion } from './store-conversion.ts';

// The text half is one and a half chunks in F16.
const size = {
  layers: 1,
  hidden: 768,
  heads: 12,
  kvHeads: 4,
  feedForward: 1024,
  vocabulary: 800,
  visionLayers: 1,
  visionHidden: 64,
  visionFeedForward: 96,
  shards: 2,
  isPatterned: true,
};
const retry = { attempts: 8, firstDelayMs: 1, longestDelayMs: 5, silenceMs: 30_000 };
const sha256Hex = (data: Uint8Array) => createHash('sha256').update(data).digest('hex');
const isWeights = (name: string) => name.endsWith('.safetensors');

const chunkBytes = 8 * mebibyte;
const enough = 1.1 * chunkBytes;

let checkpoint: Checkpoint;
let other: Checkpoint;
let weightBytes = 0;
let expected: { text: string; vision: string; bytes: number };
let expectedOfOther: typeof expected;

const network = new CountingNetwork(isWeights);

let server: FaultyServer;
let weights: WeightStore;
let notices: DownloadNotice[];

async function convertedBytes(made: Checkpoint) {
  const plans = await planConversion(made.folder, { name: 'Tiny', type: 'F16', withVision: true });
  const hashes = [];
  for (const plan of [plans.text, plans.vision!]) {
    const hash = createHash('sha256');
    for await (const piece of streamGguf(plan)) hash.update(piece);
    hashes.push(hash.digest('hex'));
  }
  return { text: hashes[0]!, vision: hashes[1]!, bytes: plans.text.bytes + plans.vision!.bytes };
}

beforeAll(async () => {
  checkpoint = makeCheckpoint(size);
  for (const [name, data] of checkpoint.files) if (isWeights(name)) weightBytes += data.length;
  expected = await convertedBytes(checkpoint);
  other = makeCheckpoint({ ...size, seed: 2 });
  expectedOfOther = await convertedBytes(other);
});

beforeEach(async () => {
  globalThis.indexedDB = new IDBFactory();
  weights = createWeightStore();
  server = await startFaultyServer(checkpoint.files);
  notices = [];
  network.fetched = 0;
});

afterEach(async () => {
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
  await server.close();
});

function convert(
  from: ConvertRequest['from'] = { kind: 'address', url: server.url },
  signal = new AbortController().signal,
  onProgress: (done: number, total: number) => void = () => undefined,
  policy = retry,
) {
  const request: ConvertRequest = {
    textId: 'text',
    visionId: 'vision',
    textName: 'text.gguf',
    name: 'Tiny',
    type: 'F16',
    from,
  };
  const onNotice = (notice: DownloadNotice) => notices.push(notice);
  return storeConversion(request, weights, network, {
    signal,
    onProgress,
    onNotice,
    retry: policy,
    chunkBytes,
  });
}

async function storedHash(id: string): Promise<string | undefined> {
  const source = await weights.openFile(id);
  return source && sha256Hex(await source.read(0, source.bytes));
}

async function expectWhole({ text, vision } = expected): Promise<void> {
  expect(await storedHash('text')).toBe(text);
  expect(await storedHash('vision')).toBe(vision);
}

describe('a checkpoint on a good server', () => {
  test('becomes the bytes of the same files on this device, each fetched once', async () => {
    const progress: [number, number][] = [];
    expect(await convert(undefined, undefined, (...said) => progress.push(said))).toEqual([]);
    await expectWhole();
    expect(network.fetched).toBeLessThan(weightBytes * 1.001);
    expect(progress[0]).toEqual([0, expected.bytes]);
    expect(progress.at(-1)).toEqual([expected.bytes, expected.bytes]);
    expect(progress.map(([done]) => done)).toEqual(progress.map(([done]) => done).sort((a, b) => a - b));
    expect(notices).toEqual([]);
    // A fused tensor whose parts are read one after the other comes in one piece.
    expect(server.requests.filter(({ name }) => isWeights(name)).length).toBeLessThan(70);
  });

  test('is asked for nothing of the weights once it is stored', async () => {
    await convert();
    network.fetched = 0;
    await convert();
    await expectWhole();
    expect(network.fetched).toBeLessThan(weightBytes / 100);
  });

  test('of another version is not mixed with what was stored of the first', async () => {
    const stop = new AbortController();
    await expect(
      convert(undefined, stop.signal, done => done > enough && stop.abort()),
    ).rejects.toMatchObject({ code: 'aborted' });
    expect(await weights.presentChunks('text')).toEqual([0]);
    for (const [name, data] of other.files) server.serve(data, '"2"', name);
    await convert();
    await expectWhole(expectedOfOther);
    expect(notices).toEqual(['file-changed']);
  });

  test('is asked only for what became damaged on this device', async () => {
    await convert();
    const records = createStore('bedside-weights', 'records');
    const key = chunkKey('text', 1);
    const chunk = new Uint8Array(await (await get<Blob>(key, records))!.arrayBuffer());
    chunk[5_000]! ^= 1;
    await set(key, new Blob([chunk]), records);
    expect(await weights.verifyFile('text')).toEqual([1]);
    network.fetched = 0;
    await convert();
    await expectWhole();
    // In F16 the chunk is made of as many bytes of BF16; at each of its ends a group of rows is read whole.
    expect(network.fetched).toBeGreaterThan(chunk.length - mebibyte);
    expect(network.fetched).toBeLessThan(chunk.length + 2 * mebibyte);
  });
});

describe('interruptions', () => {
  test('twenty cut, stalled, busy or wrong answers cost no more than a few bytes', async () => {
    let faults = 0;
    server.misbehave(({ name, from, to }) => {
      if (!isWeights(name) || to - from < 100_000 || faults === 20) return undefined;
      faults++;
      if (faults % 5 === 4) return { status: 503, headers: { 'Retry-After': '1' } };
      if (faults % 5 === 3) return { shiftBy: 2 };
      if (faults % 20 === 7) return { isSilent: true };
      if (faults % 10 === 2) return { stallAfter: 70_000 };
      return { cutAfter: Math.floor((to - from) / 2) };
    });
    await convert(undefined, undefined, undefined, { ...retry, silenceMs: 3000 });
    expect(faults).toBe(20);
    await expectWhole();
    expect(network.fetched).toBeLessThan(weightBytes * 1.05);
    expect(notices.length).toBeGreaterThanOrEqual(20);
    expect(new Set(notices)).toEqual(new Set(['waiting']));
  });

  test('stopped and begun again, it goes on where it was', async () => {
    let before = 0;
    for (const share of [0.1, 0.3, 0.31, 0.5, 0.7, 0.9, 1.1]) {
      const stop = new AbortController();
      const seen: number[] = [];
      const converting = convert(undefined, stop.signal, (done, total) => {
        seen.push(done);
        if (done > share * total) stop.abort();
      });
      if (share < 1) await expect(converting).rejects.toMatchObject({ code: 'aborted' });
      else await converting;
      // First what chunks hold, then what was kept of the next one.
      expect(seen[1]).toBe(before);
      before = seen.at(-1)!;
    }
    await expectWhole();
    expect(notices).toEqual([]);
  });

  test('a folder that is picked again goes on too, one that was changed begins anew', async () => {
    const pick = (lastModified: number): ConvertRequest['from'] => ({
      kind: 'files',
      files: [...checkpoint.files].map(
        ([name, data]) => new File([data as BlobPart], name, { lastModified }),
      ),
    });
    const stop = new AbortController();
    await expect(convert(pick(1), stop.signal, done => done > enough && stop.abort())).rejects.toMatchObject({
      code: 'aborted',
    });
    expect(await weights.presentChunks('text')).toEqual([0]);

    const progress: number[] = [];
    await convert(pick(1), undefined, done => progress.push(done));
    expect(progress[0]).toBe(chunkBytes);
    await expectWhole();

    progress.length = 0;
    await convert(pick(2), undefined, done => progress.push(done));
    expect(progress[0]).toBe(0);
    await expectWhole();
  });

  test('room for each half, but not for both, is refused before any weights are fetched', async () => {
    const estimate = async () => ({ usage: 1000, quota: 999 + expected.bytes });
    vi.stubGlobal('navigator', { storage: { estimate } });
    await expect(convert()).rejects.toMatchObject({ code: 'storage-full' });
    expect(network.fetched).toBeLessThan(weightBytes / 10);
  });

  test('deleted while it is made: nothing of it stays behind', async () => {
    const stop = new AbortController();
    let deleting: Promise<void> | undefined;
    const converting = convert(undefined, stop.signal, (done, total) => {
      if (done < 0.8 * total || deleting) return;
      stop.abort();
      deleting = weights.deleteFile('text');
    });
    await expect(converting).rejects.toMatchObject({ code: 'aborted' });
    await deleting;
    const kept = await keys(createStore('bedside-weights', 'records'));
    expect(kept).toEqual(['vision/manifest']);
  });

  test('a connection that stays broken ends in an error, and what was verified stays', async () => {
    server.misbehave(({ number }) => (number > 14 ? { cutAfter: 10_000 } : undefined));
    await expect(convert()).rejects.toMatchObject({
      code: 'network',
      message: expect.stringMatching(/breaks again and again|could not be reached/),
    });
    server.misbehave(() => undefined);
    await convert();
    await expectWhole();
  });
});

describe('a checkpoint that changes on the server while it is fetched', () => {
  test('begins anew, and the reader is told', async () => {
    let isChanged = false;
    server.misbehave(({ number }) => {
      if (number === 15 && !isChanged) {
        isChanged = true;
        for (const [name, data] of other.files) server.serve(data, '"2"', name);
      }
      return undefined;
    });
    await convert();
    await expectWhole(expectedOfOther);
    expect(notices).toEqual(['file-changed']);
  });

  test('again and again is given up', async () => {
    let version = 1;
    server.misbehave(({ name, from }) => {
      const data = checkpoint.files.get(name);
      if (isWeights(name) && data && from > 100_000) server.serve(data, `"${++version}"`, name);
      return undefined;
    });
    await expect(convert()).rejects.toMatchObject({
      code: 'network',
      message: 'The file on the server changed while it was being fetched.',
    });
    expect(notices).toEqual(['file-changed', 'file-changed', 'file-changed']);
    expect(await weights.listFiles()).toEqual([]);
  });
});

describe('what a server cannot or will not send', () => {
  const tiny = makeCheckpoint({ shards: 2 });
  beforeEach(async () => {
    await server.close();
    server = await startFaultyServer(tiny.files);
  });

  test('no parts', async () => {
    server.misbehave(({ name }) => (isWeights(name) ? { ignoreRange: true } : undefined));
    await expect(convert()).rejects.toMatchObject({
      code: 'network',
      message: 'This server cannot send parts of a file, which converting while it is fetched needs.',
    });
  });

  test('small files whole are enough', async () => {
    server.misbehave(({ name }) => (isWeights(name) ? undefined : { ignoreRange: true }));
    await convert();
    await expectWhole(await convertedBytes(tiny));
  });

  test.each<[string, number | undefined, object]>([
    ['config.json', 404, { code: 'no-model', message: 'There is no config.json at this address.' }],
    ['config.json', undefined, { code: 'no-model', message: 'There is no config.json at this address.' }],
    ['config.json', 401, { code: 'network', message: expect.stringContaining('it answered 401') }],
    [
      'tokenizer.model',
      404,
      { code: 'no-model', message: expect.stringContaining('Missing: tokenizer.model or tokenizer.json.') },
    ],
    [
      'model-00002-of-00002.safetensors',
      403,
      { code: 'no-model', message: expect.stringContaining('Missing: model-00002-of-00002.safetensors.') },
    ],
  ])('%s, answered with %s', async (file, status, error) => {
    server.misbehave(({ name }) => {
      if (name !== file) return undefined;
      if (status) return { status };
      return { body: '<!doctype html>', headers: { 'Content-Type': 'text/html' } };
    });
    await expect(convert()).rejects.toMatchObject(error);
  });

  test('weights that are not finite: nothing of them stays', async () => {
    const name = 'model-00002-of-00002.safetensors';
    const data = tiny.files.get(name)!.slice();
    data.fill(255, data.length - 64);
    server.serve(data, '"3"', name);
    await expect(convert()).rejects.toMatchObject({ code: 'invalid-model' });
    const stored = await weights.listFiles();
    expect(stored.every(({ complete, storedBytes }) => complete || storedBytes === 0)).toBe(true);
    expect(stored.length).toBe(1);
  });
});
