import { describe, expect, test, vi } from 'vitest';
import {
  bytes,
  chunkBytes,
  download,
  expectWhole,
  hashes,
  ignore,
  model,
  network,
  notices,
  openStoreAgain,
  other,
  retry,
  server,
  weights,
} from '../../../test/support/downloads.ts';
import type { DownloadNotice } from '../remote/download-notice.ts';
import { downloadFile } from './download-file.ts';

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
      openStoreAgain();
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
