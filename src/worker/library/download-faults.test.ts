import { IDBObjectStore } from 'fake-indexeddb';
import { describe, expect, test, vi } from 'vitest';
import {
  bytes,
  chunkBytes,
  download,
  expectWhole,
  ignore,
  model,
  network,
  notices,
  other,
  retry,
  server,
  weights,
} from '../../../test/support/downloads.ts';
import { downloadFile } from './download-file.ts';

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
