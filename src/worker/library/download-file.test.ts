import 'fake-indexeddb/auto';
import { createHash } from 'node:crypto';
import { IDBFactory, IDBObjectStore } from 'fake-indexeddb';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { CountingNetwork } from '../../../test/support/counting-network.ts';
import { type FaultyServer, startFaultyServer } from '../../../test/support/faulty-server.ts';
import { createWeightStore } from '../../storage/create-weight-store.ts';
import { mebibyte } from '../../storage/weight-manifest.ts';
import type { WeightStore } from '../../storage/weight-store.ts';
import type { DownloadNotice } from '../remote/download-notice.ts';
import { downloadFile } from './download-file.ts';
import type { RemoteFile } from './library-messages.ts';

const chunkBytes = 8 * mebibyte;
const bytes = 2 * chunkBytes + 54_321;
const model = Uint8Array.from({ length: bytes }, (_, i) => (i * 31 + (i >> 9)) & 255);
const other = model.map(byte => byte ^ 0x55);
const sha256Hex = (data: Uint8Array) => createHash('sha256').update(data).digest('hex');
const hashes = [0, 1, 2].map(i => sha256Hex(model.subarray(i * chunkBytes, (i + 1) * chunkBytes)));
const retry = { attempts: 4, firstDelayMs: 1, longestDelayMs: 5, silenceMs: 3000 };
const ignore = () => undefined;

const network = new CountingNetwork();

let server: FaultyServer;
let weights: WeightStore;
let notices: DownloadNotice[];

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

function download(
  changes: Partial<RemoteFile> = {},
  signal = new AbortController().signal,
  onProgress: (done: number) => void = ignore,
) {
  const file = { id: 'm', url: server.url, name: 'model.gguf', chunkBytes, ...changes };
  const onNotice = (notice: DownloadNotice) => notices.push(notice);
  return downloadFile(file, weights, network, { signal, onProgress, onNotice, retry });
}

async function storedHash(): Promise<string | undefined> {
  const source = await weights.openFile('m');
  return source && sha256Hex(await source.read(0, source.bytes));
}

const expectWhole = async (data = model) => expect(await storedHash()).toBe(sha256Hex(data));

describe('a good server', () => {
  test('each byte once, in parts, progress to the end', async () => {
    const progress: number[] = [];
    await download({}, undefined, done => progress.push(done));
    await expectWhole();
    expect(server.sentBytes()).toBe(bytes);
    expect(server.requests.map(({ from, to }) => to - from).sort()).toEqual(
      [54_321, chunkBytes, chunkBytes].sort(),
    );
    expect(progress.at(-1)).toBe(bytes);
    expect(progress.every((done, i) => done >= (progress[i - 1] ?? 0))).toBe(true);
    expect(notices).toEqual([]);
  });

  test('what is complete is not asked for again', async () => {
    await download();
    await download();
    expect(server.sentBytes()).toBe(bytes);
  });

  test('without ETag and without a readable Content-Range, the size known beforehand', async () => {
    server.serve(model, null);
    server.misbehave(() => ({ headers: { 'Access-Control-Expose-Headers': '' } }));
    const hidden = {
      ...network,
      fetch: async (url: string, init: RequestInit) => {
        const response = await fetch(url, init);
        const headers = new Headers(response.headers);
        headers.delete('Content-Range');
        return new Response(response.body, { status: response.status, headers });
      },
    };
    const file = { id: 'm', url: server.url, chunkBytes, bytes };
    const signal = new AbortController().signal;
    await downloadFile(file, weights, hidden, { signal, onProgress: ignore, retry });
    await expectWhole();
  });
});

describe('interruptions', () => {
  test('twenty cuts cost next to nothing: each goes on at the byte where it broke', async () => {
    let cuts = 20;
    server.misbehave(() => (cuts-- > 0 ? { cutAfter: 700_000 + cuts * 1000 } : undefined));
    await download();
    await expectWhole();
    expect(server.requests.length).toBeGreaterThanOrEqual(21);
    expect(network.fetched).toBeLessThanOrEqual(bytes * 1.05);
  });

  test('twenty pauses, each in a new run as after a reload, cost next to nothing', async () => {
    for (let pause = 1; pause <= 20; pause++) {
      const abort = new AbortController();
      const stopAt = (bytes * pause) / 21;
      const paused = download({}, abort.signal, done => {
        if (done >= stopAt) abort.abort();
      });
      await expect(paused).rejects.toMatchObject({ code: 'aborted' });
      weights = createWeightStore();
    }
    await download();
    await expectWhole();
    expect(network.fetched).toBeLessThanOrEqual(bytes * 1.05);
  });

  test.each([
    ['goes silent', { stallAfter: 100_000 }],
    ['is never answered', { isSilent: true }],
  ])('a connection that %s is given up, and the rest fetched by another', async (_, fault) => {
    server.misbehave(({ number }) => (number === 1 ? fault : undefined));
    await download();
    await expectWhole();
    expect(server.sentBytes()).toBeLessThanOrEqual(bytes * 1.01);
    expect(notices).toContain('waiting');
  });

  test.each([
    ['503', { status: 503, headers: { 'Retry-After': '0' } }],
    ['429', { status: 429 }],
    ['502', { status: 502 }],
  ])('%s is waited out', async (_, fault) => {
    server.misbehave(({ number }) => (number % 3 === 0 ? fault : undefined));
    await download();
    await expectWhole();
  });

  test('a server that stays away: a clear message, everything kept, and later the rest', async () => {
    server.misbehave(({ number }) => (number < 2 ? undefined : { status: 503 }));
    let asked = 0;
    const away = {
      ...network,
      async fetch(url: string, init: RequestInit) {
        // Before it stays away, what it sent has arrived.
        if (asked++ >= 2)
          await vi.waitUntil(async () => (await weights.presentChunks('m')).length === 2, {
            timeout: 30_000,
          });
        return network.fetch(url, init);
      },
    };
    const options = { signal: new AbortController().signal, onProgress: ignore, retry };
    await expect(
      downloadFile({ id: 'm', url: server.url, chunkBytes }, weights, away, options),
    ).rejects.toMatchObject({
      code: 'network',
      message: 'The server did not send the model: it answered 503 Service Unavailable.',
    });
    expect((await weights.presentChunks('m')).length).toBe(2);
    server.misbehave(() => undefined);
    await download();
    await expectWhole();
    expect(server.sentBytes()).toBe(bytes);
  });

  test('a server that has sent something is given more time to come back than one that never answers', async () => {
    let isGone = true;
    server.misbehave(({ number }) => (isGone || number === 1 ? { status: 503 } : undefined));
    const patient = { ...retry, attempts: 2, attemptsWhereKnown: 6 };
    const file = { id: 'm', url: server.url, chunkBytes };
    const heard: DownloadNotice[] = [];
    const run = () =>
      downloadFile(file, weights, network, {
        signal: new AbortController().signal,
        onProgress: ignore,
        onNotice: notice => heard.push(notice),
        retry: patient,
      });
    await expect(run()).rejects.toMatchObject({ code: 'network' });
    expect(server.requests).toHaveLength(2);
    expect(new Set(heard)).toEqual(new Set(['no-answer']));

    isGone = false;
    let refused = 0;
    server.misbehave(({ from }) => (from > 0 && refused++ < 5 ? { status: 503 } : undefined));
    await run();
    expect(heard).toContain('waiting');
    expect((await weights.listFiles())[0]).toMatchObject({ complete: true });
  });

  test('a request that the page’s own policy stops is not tried again', async () => {
    let blocked = 0;
    const confined = {
      isOnline: () => true,
      async fetch(): Promise<Response> {
        setTimeout(() => blocked++);
        throw new TypeError('Failed to fetch');
      },
      blockedCount: () => blocked,
    };
    const file = { id: 'm', url: server.url };
    const options = { signal: new AbortController().signal, onProgress: ignore, retry };
    await expect(downloadFile(file, weights, confined, options)).rejects.toMatchObject({
      code: 'network',
      message: expect.stringContaining('may not ask that server'),
    });
    expect(blocked).toBe(1);
  });

  test('no network at all', async () => {
    const away = { fetch: () => Promise.reject(new TypeError('Failed to fetch')), isOnline: () => false };
    const file = { id: 'm', url: server.url };
    const options = { signal: new AbortController().signal, onProgress: ignore, retry };
    await expect(downloadFile(file, weights, away, options)).rejects.toMatchObject({
      code: 'network',
      message: expect.stringContaining('offline'),
    });
  });
});

describe('a server that is not what it should be', () => {
  test('sends no parts: said once, fetched whole; a cut begins again and compares', async () => {
    server.misbehave(({ number }) => ({
      ignoreRange: true,
      ...(number === 1 ? { cutAfter: chunkBytes + 9 } : {}),
    }));
    await download();
    await expectWhole();
    expect(notices.filter(notice => notice === 'no-ranges')).toHaveLength(1);
  });

  test('sends more than it says, as one does that packs: the beginning is not taken for the file', async () => {
    const packing = {
      ...network,
      fetch: async () => new Response(model, { headers: { 'Content-Length': String(chunkBytes + 5) } }),
    };
    const file = { id: 'm', url: server.url, chunkBytes };
    const { signal } = new AbortController();
    const downloading = downloadFile(file, weights, packing, { signal, onProgress: ignore, retry });
    await expect(downloading).rejects.toMatchObject({
      code: 'network',
      message: 'The server does not say how large the file is.',
    });
    expect(await weights.listFiles()).toEqual([]);
  });

  test('stops sending parts half-way: what is there is kept and compared', async () => {
    server.misbehave(({ number }) => (number >= 2 ? { ignoreRange: true } : undefined));
    await download();
    await expectWhole();
    expect(notices).toEqual(['no-ranges']);
  });

  test('sends the wrong part: nothing of it is stored', async () => {
    server.misbehave(({ number }) => (number === 1 ? { shiftBy: 4096 } : undefined));
    await download();
    await expectWhole();
    server.misbehave(() => ({ shiftBy: 4096 }));
    await weights.deleteFile('m');
    await expect(download()).rejects.toMatchObject({
      message: 'The server sends other parts of the file than it is asked for.',
    });
    expect(await weights.presentChunks('m')).toEqual([]);
  });

  test('calls the whole file a part, where nobody may read which: nothing of it is stored', async () => {
    const headers = { 'Content-Length': String(bytes) };
    const lying = { ...network, fetch: async () => new Response(model, { status: 206, headers }) };
    const file = { id: 'm', url: server.url, chunkBytes, bytes };
    const { signal } = new AbortController();
    const downloading = downloadFile(file, weights, lying, { signal, onProgress: ignore, retry });
    await expect(downloading).rejects.toMatchObject({
      code: 'network',
      message: expect.stringContaining('other parts of the file'),
    });
    expect(await weights.listFiles()).toEqual([]);
  });

  test('changes the file half-way: one whole file comes out, the new one', async () => {
    server.misbehave(({ number }) => {
      if (number === 2) server.serve(other);
      return undefined;
    });
    await download();
    await expectWhole(other);
    expect(notices).toContain('file-changed');
  });

  test('changed the file between two visits, to a shorter one', async () => {
    server.misbehave(({ number }) => (number < 2 ? undefined : { status: 404 }));
    await expect(download()).rejects.toMatchObject({ code: 'network' });
    server.misbehave(() => undefined);
    server.serve(other.slice(0, chunkBytes + 5));
    await download();
    await expectWhole(other.slice(0, chunkBytes + 5));
  });

  test('changes the file each time', async () => {
    server.misbehave(() => {
      server.serve(model);
      return undefined;
    });
    await expect(download()).rejects.toMatchObject({
      message: 'The file on the server changed while it was being fetched.',
    });
  });

  test.each<[string, object, string]>([
    [
      'a web page',
      { body: '<html>Sign in</html>', headers: { 'Content-Type': 'text/html; charset=utf-8' } },
      'a web page instead',
    ],
    ['404', { status: 404 }, 'answered 404 Not Found'],
    ['403', { status: 403 }, 'answered 403 Forbidden'],
  ])('sends %s: said at once, not tried again', async (_, fault, words) => {
    server.misbehave(() => fault);
    await expect(download()).rejects.toMatchObject({
      code: 'network',
      message: expect.stringContaining(words),
    });
    expect(server.requests).toHaveLength(1);
  });
});

describe('pinned hashes', () => {
  const pinned = { bytes, chunkSha256: hashes };

  test('a byte that was flipped on the way is fetched again with its chunk', async () => {
    server.misbehave(({ number }) => (number === 1 ? { flip: [chunkBytes + 7] } : undefined));
    await download(pinned);
    await expectWhole();
    expect(server.sentBytes()).toBe(bytes + chunkBytes);
  });

  test('a file that is another one is never complete', async () => {
    server.serve(other);
    await expect(download(pinned)).rejects.toMatchObject({ code: 'wrong-hash' });
    expect(await weights.presentChunks('m')).toEqual([]);
    server.serve(other.slice(0, 1000));
    await expect(download(pinned)).rejects.toMatchObject({ code: 'wrong-hash' });
  });

  test('one damaged chunk in the store: only that is fetched again', async () => {
    await download(pinned);
    const { createStore, set } = await import('idb-keyval');
    const damaged = model.slice(chunkBytes, 2 * chunkBytes);
    damaged[5]! ^= 1;
    await set('m/chunk/1', new Blob([damaged]), createStore('bedside-weights', 'records'));
    expect(await weights.verifyFile('m')).toEqual([1]);
    const before = server.sentBytes();
    await download(pinned);
    await expectWhole();
    expect(server.sentBytes() - before).toBe(chunkBytes);
  });
});

describe('the store', () => {
  test('full: says how much is missing, keeps what is there, goes on later', async () => {
    const put = IDBObjectStore.prototype.put;
    vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(function (this: IDBObjectStore, value, key) {
      if (String(key) === 'm/chunk/1') throw new DOMException('', 'QuotaExceededError');
      return put.call(this, value, key);
    } as typeof put);
    await expect(download()).rejects.toMatchObject({
      code: 'storage-full',
      message: expect.stringMatching(/\d+\.\d MB more are needed/),
    });
    vi.restoreAllMocks();
    await download();
    await expectWhole();
  });

  test('that gives back other bytes than it was given is not believed', async () => {
    const put = IDBObjectStore.prototype.put;
    vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(function (this: IDBObjectStore, value, key) {
      return put.call(
        this,
        String(key) === 'm/chunk/0' ? new Blob([new Uint8Array(chunkBytes)]) : value,
        key,
      );
    } as typeof put);
    await expect(download()).rejects.toMatchObject({ code: 'storage-unavailable' });
    expect(await weights.presentChunks('m')).not.toContain(0);
  });

  test('nearly full: what was kept of chunks on their way makes room for whole ones', async () => {
    const stored = new Map<string, number>();
    const put = IDBObjectStore.prototype.put;
    const remove = IDBObjectStore.prototype.delete;
    const room = bytes + 4096;
    const sizeOf = (value: unknown) =>
      value instanceof Blob ? value.size : ((value as { data?: Uint8Array }).data?.length ?? 0);
    vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(function (this: IDBObjectStore, value, key) {
      const used = [...stored.values()].reduce((sum, size) => sum + size, 0);
      if (used + sizeOf(value) > room) throw new DOMException('', 'QuotaExceededError');
      stored.set(String(key), sizeOf(value));
      return put.call(this, value, key);
    } as typeof put);
    vi.spyOn(IDBObjectStore.prototype, 'delete').mockImplementation(function (this: IDBObjectStore, key) {
      stored.delete(String(key));
      return remove.call(this, key);
    } as typeof remove);
    // Two chunks are cut half-way: what was kept of them takes more room than is left beside whole chunks.
    server.misbehave(({ number }) => (number < 2 ? { cutAfter: 5_000_000 } : undefined));
    await download();
    await expectWhole();
  });

  test('deleted while it is being fetched: nothing of it stays behind', async () => {
    const deleting = download({}, undefined, done => {
      if (done > chunkBytes / 2) void weights.deleteFile('m');
    });
    await expect(deleting).rejects.toMatchObject({ code: 'aborted' });
    await weights.deleteFile('m');
    const { createStore, keys } = await import('idb-keyval');
    expect(await keys(createStore('bedside-weights', 'records'))).toEqual([]);
  });
});
