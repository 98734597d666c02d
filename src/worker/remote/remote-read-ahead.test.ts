import { expect, test, vi } from 'vitest';
import { mebibyte } from '../../storage/weight-manifest.ts';
import { RemoteReadAhead } from './remote-read-ahead.ts';
import { RemoteSource } from './remote-source.ts';

const fileBytes = 64 * mebibyte;
const retry = { attempts: 2, firstDelayMs: 1, longestDelayMs: 1, silenceMs: 30_000 };

/** A server that answers at once with the low byte of each MiB's number; what it was asked for is written down. */
function open(fails: (from: number) => boolean = () => false) {
  const asked: { from: number; bytes: number }[] = [];
  const network = {
    isOnline: () => true,
    async fetch(_: string, init: RequestInit) {
      const [, first, last] = /bytes=(\d+)-(\d+)/.exec(new Headers(init.headers).get('Range')!)!;
      const [from, bytes] = [Number(first), Number(last) - Number(first) + 1];
      asked.push({ from, bytes });
      if (fails(from)) return new Response(null, { status: 404 });
      const body = new Uint8Array(bytes);
      for (let at = 0; at < bytes; at += mebibyte) body.fill((from + at) / mebibyte, at, at + mebibyte);
      const headers = { 'Content-Range': `bytes ${first}-${last}/${fileBytes}` };
      return new Response(body, { status: 206, headers });
    },
  };
  const { signal } = new AbortController();
  const ahead = new RemoteReadAhead(signal);
  const calls = { network, signal, retry, onWait: () => undefined, isKnown: () => true };
  const source = new RemoteSource('http://a.test/f', { bytes: fileBytes, version: undefined }, calls, ahead);
  const reads = Array.from({ length: 64 }, (_, i) => ({
    source,
    offset: i * mebibyte,
    bytes: mebibyte,
    continues: i > 0,
  }));
  return { asked, ahead, source, reads };
}

const sumOf = (asked: { bytes: number }[]) => asked.reduce((sum, { bytes }) => sum + bytes, 0);

test('no more than forty mebibytes wait to be read, and each byte is asked for once', async () => {
  const { asked, ahead, source, reads } = open();
  ahead.expect(reads);
  await vi.waitUntil(() => sumOf(asked) >= 40 * mebibyte, { timeout: 30_000 });
  for (let turn = 0; turn < 50; turn++) await new Promise(resolve => setImmediate(resolve));
  expect(sumOf(asked)).toBe(40 * mebibyte);
  for (const [i, { offset, bytes }] of reads.entries()) {
    const data = await source.read(offset, bytes);
    expect([data.length, data[0], data.at(-1)]).toEqual([mebibyte, i, i]);
  }
  expect(sumOf(asked)).toBe(fileBytes);
});

test('what was not announced is read nevertheless, and does not disturb what was', async () => {
  const { asked, ahead, source, reads } = open();
  ahead.expect(reads.slice(8, 12));
  expect((await source.read(30 * mebibyte, 10))[0]).toBe(30);
  for (const { offset, bytes } of reads.slice(8, 12)) {
    expect((await source.read(offset, bytes))[0]).toBe(offset / mebibyte);
  }
  expect(sumOf(asked)).toBe(4 * mebibyte + 10);
});

test('a request that fails is heard where its bytes are read, after those before it', async () => {
  const { asked, ahead, source, reads } = open(from => from === 8 * mebibyte);
  ahead.expect(reads);
  for (const { offset, bytes } of reads.slice(0, 8)) await source.read(offset, bytes);
  await expect(source.read(8 * mebibyte, mebibyte)).rejects.toMatchObject({ code: 'network' });
  expect(asked.length).toBeLessThanOrEqual(3);
});

test('another plan takes the place of the first', async () => {
  const { ahead, source, reads } = open();
  ahead.expect(reads);
  await source.read(0, mebibyte);
  ahead.expect(reads.slice(40));
  for (const { offset, bytes } of reads.slice(40)) {
    expect((await source.read(offset, bytes))[0]).toBe(offset / mebibyte);
  }
});

test('a request that fails is heard by those who wait for one that is then not made', async () => {
  const { ahead, source, reads } = open(from => from === 0);
  const pick = (mib: number) => ({ ...reads[mib]!, continues: true });
  // The first range is needed again after others that lie elsewhere.
  ahead.expect([pick(0), pick(10), pick(20), pick(30), pick(1)]);
  const heard = [0, 10, 20, 30].map(mib =>
    source.read(mib * mebibyte, mebibyte).then(
      () => 'read',
      () => 'failed',
    ),
  );
  const [first] = await Promise.all(heard);
  expect(first).toBe('failed');
});
