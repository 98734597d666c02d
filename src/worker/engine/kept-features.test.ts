import 'fake-indexeddb/auto';
import { IDBFactory } from 'fake-indexeddb';
import { beforeEach, expect, it } from 'vitest';
import { bytesSource } from '../../engine/formats/byte-source.ts';
import { createFeatureStore } from '../../storage/image-features.ts';
import { fingerprinted } from './fingerprint.ts';
import { keptFeatures } from './kept-features.ts';

beforeEach(() => {
  globalThis.indexedDB = new IDBFactory();
});

const name = { imageId: 'a'.repeat(64), presentation: '', tiling: 'demo', size: { width: 64, height: 48 } };
const numbers = Float32Array.from({ length: 512 }, (_, i) => Math.sin(i) * 3);

it('finds what it gave back when it kept it, within half a step of 16 bits', async () => {
  const kept = keptFeatures(createFeatureStore(), 'encoder');
  const rounded = kept.keep(name, numbers)!;
  numbers.forEach((value, i) => {
    expect(Math.abs(rounded[i]! - value)).toBeLessThanOrEqual(2 ** -11 * Math.abs(value) + 2 ** -25);
  });
  await expect.poll(() => kept.find(name, 512)).toEqual(rounded);
});

it('finds nothing of another size or presentation, and nothing of another encoder', async () => {
  const store = createFeatureStore();
  keptFeatures(store, 'encoder').keep(name, numbers);
  await expect.poll(async () => (await store.summarize()).images).toBe(1);
  expect(await keptFeatures(store, 'encoder').find(name, 511)).toBeUndefined();
  expect(
    await keptFeatures(store, 'encoder').find({ ...name, size: { width: 48, height: 64 } }, 512),
  ).toBeUndefined();
  expect(
    await keptFeatures(store, 'encoder').find({ ...name, presentation: 'inverted' }, 512),
  ).toBeUndefined();
  expect(await keptFeatures(store, 'other').find(name, 512)).toBeUndefined();
});

it.each([Number.NaN, Number.POSITIVE_INFINITY, 65_520, -70_000])(
  'keeps nothing with %d in it',
  async broken => {
    const store = createFeatureStore();
    expect(keptFeatures(store, 'encoder').keep(name, Float32Array.of(1, broken))).toBeUndefined();
    expect(await store.summarize()).toEqual({ images: 0, bytes: 0 });
  },
);

it('tells presentations of one image apart, and finds what was kept before there were any', async () => {
  const store = createFeatureStore();
  const kept = keptFeatures(store, 'encoder');
  const window = { ...name, presentation: 'window -600,1500 LINEAR' };
  kept.keep(window, Float32Array.of(1));
  const before = { imageId: name.imageId, encoder: 'encoder-1', tiling: 'demo 64x48' };
  await store.keep(before, Uint16Array.of(0x4000));
  await expect.poll(() => kept.find(window, 1)).toEqual(Float32Array.of(1));
  expect(await kept.find(name, 1)).toEqual(Float32Array.of(2));
  expect((await store.summarize()).images).toBe(1);
});

it('goes on where the store refuses', async () => {
  const refuses = () => Promise.reject(new Error('no storage'));
  const kept = keptFeatures({ ...createFeatureStore(), find: refuses, keep: refuses }, 'encoder');
  expect(kept.keep(name, numbers)).toHaveLength(512);
  expect(await kept.find(name, 512)).toBeUndefined();
});

it('knows files by what was read of them, whatever came first', async () => {
  const bytes = Uint8Array.from({ length: 64 }, (_, i) => i);
  const read = async (data: Uint8Array, ranges: [number, number][]) => {
    const source = fingerprinted(bytesSource(data));
    for (const [offset, length] of ranges) await source.read(offset, length);
    return source.fingerprint();
  };
  const one = await read(bytes, [
    [0, 16],
    [16, 48],
    [0, 16],
  ]);
  expect(
    await read(bytes, [
      [16, 48],
      [0, 16],
    ]),
  ).toBe(one);
  expect(
    await read(Uint8Array.from(bytes).fill(0, 40, 41), [
      [0, 16],
      [16, 48],
    ]),
  ).not.toBe(one);
  expect(await read(bytes, [[0, 16]])).not.toBe(one);
});
