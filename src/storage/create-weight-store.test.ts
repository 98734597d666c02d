import 'fake-indexeddb/auto';
import { IDBFactory, IDBObjectStore } from 'fake-indexeddb';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import {
  bytes,
  chunkBytes,
  hashes,
  model,
  options,
  pieces,
  sha256Hex,
  url,
} from '../../test/support/stored-file.ts';
import { createWeightStore } from './create-weight-store.ts';
import { openDatabase } from './database.ts';
import { chunkKey, chunkLength, mebibyte } from './weight-manifest.ts';
import type { WeightStore } from './weight-store.ts';

let store: WeightStore;

beforeEach(() => {
  globalThis.indexedDB = new IDBFactory();
  store = createWeightStore();
});

afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

/** Lets `allowed` writes of chunks through; those after it fail as a full disk does. */
function failWritesAfter(allowed: number, name = 'QuotaExceededError'): void {
  const put = IDBObjectStore.prototype.put;
  let chunks = 0;
  vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(function (this: IDBObjectStore, value, key) {
    if (String(key).includes('/chunk/') && ++chunks > allowed) throw new DOMException('injected', name);
    return put.call(this, value, key);
  } as typeof put);
}

describe('saveFile', () => {
  test.each([1_000_003, 65_536, chunkBytes, bytes, 7])(
    'cuts pieces of %i bytes into the same chunks',
    async size => {
      // Pieces of 7 bytes are slow over the whole model: the odd size matters, not the length.
      const data = size === 7 ? model.subarray(0, 100_000) : model;
      const expectedSha256 = size === 7 ? [sha256Hex(data)] : hashes;
      await store.saveFile('m', pieces(size, data), { ...options, bytes: data.length, expectedSha256 });
      const source = await store.openFile('m', expectedSha256);
      expect(source?.bytes).toBe(data.length);
      expect(sha256Hex((await source?.read(0, data.length)) ?? new Uint8Array())).toBe(sha256Hex(data));
    },
  );

  test('takes a ReadableStream and reports progress', async () => {
    const progress: number[] = [];
    const stream = new Blob([model]).stream();
    await store.saveFile('m', stream, { ...options, onProgress: done => progress.push(done) });
    expect(progress).toEqual([chunkBytes, 2 * chunkBytes, bytes]);
  });

  test('asks for no more than is written plus one chunk', async () => {
    let written = 0;
    let mostAhead = 0;
    const size = 999_983;
    const stream = pieces(size, model, handedOut => {
      mostAhead = Math.max(mostAhead, handedOut + size - written);
    });
    await store.saveFile('m', stream, {
      ...options,
      onProgress: done => {
        written = done;
      },
    });
    expect(mostAhead).toBeLessThanOrEqual(chunkBytes + size);
  });

  test('keeps what arrived before a chunk with a wrong hash, and does not keep that', async () => {
    const damaged = model.slice();
    damaged[chunkBytes + 5]! ^= 1;
    await expect(store.saveFile('m', pieces(500_000, damaged), options)).rejects.toMatchObject({
      code: 'wrong-hash',
    });
    expect(await store.presentChunks('m')).toEqual([0]);
    expect(await store.openFile('m')).toBeUndefined();
  });

  test('refuses a stream that goes on after the last byte', async () => {
    const longer = new Uint8Array(bytes + 1);
    longer.set(model);
    await expect(store.saveFile('m', pieces(500_000, longer), options)).rejects.toMatchObject({
      code: 'wrong-hash',
    });
    expect(await store.openFile('m')).toBeUndefined();
  });

  test('names no limit where the browser only pretends to tell one', async () => {
    const usage = 9e9;
    const quota = usage + 10 * 2 ** 30;
    vi.stubGlobal('navigator', { storage: { estimate: async () => ({ usage, quota }) } });
    failWritesAfter(1);
    await expect(store.saveFile('m', pieces(500_000), options)).rejects.toMatchObject({
      message: 'There is not enough room on this device. 8.4 MB more are needed. Bedside uses 9.0 GB.',
    });
  });

  test('says how much is missing when the storage is full, and goes on later', async () => {
    vi.stubGlobal('navigator', { storage: { estimate: async () => ({ usage: 9e9, quota: 10e9 }) } });
    failWritesAfter(1);
    await expect(store.saveFile('m', pieces(500_000), options)).rejects.toMatchObject({
      code: 'storage-full',
      message:
        'There is not enough room on this device. 8.4 MB more are needed. ' +
        'Bedside uses 9.0 GB of the 10.0 GB that the browser allows.',
    });
    vi.restoreAllMocks();
    expect(await store.presentChunks('m')).toEqual([0]);
    const put = vi.spyOn(IDBObjectStore.prototype, 'put');
    await store.saveFile('m', pieces(500_000), options);
    const chunkWrites = put.mock.calls.map(([, key]) => String(key)).filter(key => key.includes('/chunk/'));
    expect(chunkWrites).toEqual([chunkKey('m', 1), chunkKey('m', 2)]);
    expect(await store.openFile('m', hashes)).toBeDefined();
  });

  test('does not begin what cannot fit', async () => {
    vi.stubGlobal('navigator', { storage: { estimate: async () => ({ usage: 0, quota: 1000 }) } });
    const stream = pieces(500_000);
    const next = vi.spyOn(stream, 'next');
    await expect(store.saveFile('m', stream, options)).rejects.toMatchObject({ code: 'storage-full' });
    expect(next).not.toHaveBeenCalled();
  });

  test('calls a short stream a connection that ended early', async () => {
    await expect(
      store.saveFile('m', pieces(500_000, model.subarray(0, chunkBytes + 10)), options),
    ).rejects.toMatchObject({
      code: 'network',
      message: 'The download ended early, after 8.4 MB of 16.8 MB.',
    });
    expect(await store.presentChunks('m')).toEqual([0]);
  });

  test('calls a stream that breaks a connection that broke', async () => {
    async function* breaking() {
      yield model.slice(0, chunkBytes + 1);
      throw new TypeError('terminated');
    }
    await expect(store.saveFile('m', breaking(), options)).rejects.toMatchObject({ code: 'network' });
    expect(await store.presentChunks('m')).toEqual([0]);
  });

  test('stops at once when aborted, even while the stream is silent', async () => {
    const abort = new AbortController();
    let isCancelled = false;
    const silent = new ReadableStream<Uint8Array>({
      start: controller => controller.enqueue(model.slice(0, 10)),
      // More is asked for once the first bytes are taken, and never comes.
      pull: () => {
        setTimeout(() => abort.abort());
        return new Promise(() => undefined);
      },
      cancel: () => {
        isCancelled = true;
      },
    });
    const saving = store.saveFile('m', silent, { ...options, signal: abort.signal });
    await expect(saving).rejects.toMatchObject({ code: 'aborted' });
    expect(isCancelled).toBe(true);
    expect(await store.openFile('m')).toBeUndefined();
  });

  test('replaces another version of the file', async () => {
    await store.saveFile('m', pieces(500_000), options);
    const other = model.map(byte => byte ^ 1).subarray(0, 1000);
    const expectedSha256 = [sha256Hex(other)];
    await store.saveFile('m', pieces(100, other), { url, bytes: 1000, chunkBytes, expectedSha256 });
    expect(await store.presentChunks('m')).toEqual([0]);
    expect(await store.openFile('m', hashes)).toBeUndefined();
    expect(await (await store.openFile('m', expectedSha256))?.read(0, 1000)).toEqual(other);
  });

  test.each([
    [
      'a chunk size below 8 MiB',
      'm',
      { ...options, chunkBytes: 8 * mebibyte - 1, expectedSha256: undefined },
    ],
    [
      'a chunk size above 64 MiB',
      'm',
      { ...options, chunkBytes: 64 * mebibyte + 1, expectedSha256: undefined },
    ],
    ['too few hashes', 'm', { ...options, expectedSha256: hashes.slice(1) }],
    ['an id that is a path', 'm/manifest', options],
    ['an empty model', 'm', { ...options, bytes: 0, expectedSha256: undefined }],
  ])('refuses %s', async (_, id, wrong) => {
    await expect(store.saveFile(id, pieces(500_000), wrong)).rejects.toMatchObject({
      code: 'invalid-request',
    });
  });
});

test('lists and deletes files', async () => {
  const short = { url, bytes: 3, chunkBytes };
  await store.saveFile('a', pieces(1, model.subarray(0, 3)), short);
  await store.saveFile('a.b', pieces(2, model.subarray(0, 3)), short);
  await expect(store.saveFile('c', pieces(2, model.subarray(0, 2)), short)).rejects.toThrow();
  expect((await store.listFiles()).map(({ id, complete }) => [id, complete])).toEqual([
    ['a.b', true],
    ['a', true],
    ['c', false],
  ]);
  await store.deleteFile('a');
  expect((await store.listFiles()).map(({ id }) => id)).toEqual(['a.b', 'c']);
  expect(await store.openFile('a')).toBeUndefined();
  expect(await store.openFile('a.b')).toBeDefined();
});

test.each<[string, unknown]>([
  ['missing', undefined],
  [
    'blocked',
    {
      open() {
        throw new DOMException('A mutation operation was attempted', 'InvalidStateError');
      },
    },
  ],
])('says that storage is unavailable where IndexedDB is %s', async (_, factory) => {
  vi.stubGlobal('indexedDB', factory);
  await expect(createWeightStore().openFile('m')).rejects.toMatchObject({ code: 'storage-unavailable' });
  await expect(createWeightStore().listFiles()).rejects.toMatchObject({ code: 'storage-unavailable' });
});

test('opens IndexedDB again where it could not be opened', async () => {
  const open = vi.spyOn(indexedDB, 'open').mockImplementationOnce(() => {
    const request = {
      error: new DOMException('Internal error opening backing store', 'UnknownError'),
      onerror: (): void => undefined,
    };
    queueMicrotask(() => request.onerror());
    return request as unknown as IDBOpenDBRequest;
  });
  expect(await store.listFiles()).toEqual([]);
  expect(open).toHaveBeenCalledTimes(2);
});

test('remembers no refusal to open IndexedDB', async () => {
  const open = vi.spyOn(indexedDB, 'open').mockImplementationOnce(() => {
    throw new DOMException('busy', 'UnknownError');
  });
  await expect(store.listFiles()).rejects.toMatchObject({ code: 'storage-unavailable' });
  expect(await store.listFiles()).toEqual([]);
  expect(open).toHaveBeenCalledTimes(2);
});

test('says what is kept of chunks that are still arriving, and gives it back', async () => {
  const layout = { url, bytes, chunkBytes };
  const writer = await store.begin('a', layout);
  await writer.write(0, model.slice(0, chunkBytes));
  await writer.writePart(1, 0, model.slice(chunkBytes, chunkBytes + 1000));
  await writer.writePart(1, 1000, model.slice(chunkBytes + 1000, chunkBytes + 1500));
  expect(await store.listFiles()).toMatchObject([{ storedBytes: chunkBytes, keptBytes: 1500 }]);
  const again = await store.begin('a', layout);
  const chunk = new Uint8Array(chunkLength({ bytes, chunkBytes }, 1));
  expect(await again.readParts(1, chunk)).toBe(1500);
  expect(chunk.subarray(0, 1500)).toEqual(model.slice(chunkBytes, chunkBytes + 1500));
});

describe('a full disk', () => {
  test.each(['before', 'after'])(
    'a part that is kept a moment %s a chunk takes no room from it',
    async order => {
      const put = IDBObjectStore.prototype.put;
      const remove = IDBObjectStore.prototype.delete;
      const stored = new Map<string, number>();
      const sizeOf = (value: unknown) =>
        value instanceof Blob ? value.size : ((value as { data?: Uint8Array }).data?.length ?? 0);
      vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(function (
        this: IDBObjectStore,
        value,
        key,
      ) {
        const used = [...stored.values()].reduce((sum, size) => sum + size, 0);
        if (used + sizeOf(value) > 2 * chunkBytes) throw new DOMException('', 'QuotaExceededError');
        stored.set(String(key), sizeOf(value));
        return put.call(this, value, key);
      } as typeof put);
      vi.spyOn(IDBObjectStore.prototype, 'delete').mockImplementation(function (this: IDBObjectStore, key) {
        stored.delete(String(key));
        return remove.call(this, key);
      } as typeof remove);
      const writer = await store.begin('m', { ...options, expectedSha256: hashes });
      const chunk = (index: number) =>
        model.slice(index * chunkBytes, index * chunkBytes + chunkLength(writer, index));
      const part = model.slice(chunkBytes, chunkBytes + 70_000);
      await writer.writePart(1, 0, part);
      // All at once: each finds what the others have taken and given back.
      const parts = [70_000, 140_000].map(offset => () => writer.writePart(1, offset, part));
      const chunks = [0, 1].map(index => () => writer.write(index, chunk(index)));
      const calls = order === 'before' ? [...parts, ...chunks] : [...chunks, ...parts];
      await Promise.all(calls.map(call => call()));
      expect(writer.missing()).not.toContain(0);
      expect(writer.missing()).not.toContain(1);
      expect([...stored.keys()].filter(key => key.includes('/part/'))).toEqual([]);
    },
  );
});

describe('deleted while another tab stores it', () => {
  const layout = { url, bytes, chunkBytes };

  test('what it keeps of a chunk that is arriving leaves nothing behind', async () => {
    const database = openDatabase('bedside-weights');
    const writer = await store.begin('a', layout);
    await writer.writePart(0, 0, model.slice(0, 1000));
    await store.deleteFile('a');
    await writer.writePart(0, 1000, model.slice(1000, 2000));
    expect(await database.keys()).toEqual([]);
  });

  test('nor does a chunk that is stored just then', async () => {
    const database = openDatabase('bedside-weights');
    const writer = await store.begin('a', layout);
    const keys = async () => {
      const listed = await database.keys();
      await writer.write(0, model.slice(0, chunkBytes));
      return listed;
    };
    await createWeightStore({ ...database, keys }).deleteFile('a');
    expect(await database.keys()).toEqual([]);
  });

  test('what is missing when it is read back is no broken disk', async () => {
    const database = openDatabase('bedside-weights');
    const setMany = async (entries: [key: string, value: unknown][]) => {
      await database.setMany(entries);
      if (entries[0]![0].includes('/chunk/')) await store.deleteFile('a');
    };
    const writer = await createWeightStore({ ...database, setMany }).begin('a', layout);
    const writing = writer.write(0, model.slice(0, chunkBytes));
    await expect(writing).rejects.toMatchObject({ code: 'aborted' });
    expect(await database.keys()).toEqual([]);
  });
});
