/** What lies in a cache of 4 bits, read by what shaders/attention/cache/q4.wgsl says of its layout alone. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type DeviceName, everyDevice, openAnyDevice } from '../../../test/support/gpu.ts';
import { randomNormal } from '../../../test/support/random.ts';
import { bufferOf, run } from '../../../test/support/run-kernels.ts';
import type { EngineDevice } from '../device/device.ts';
import { readBuffer } from '../device/readback.ts';
import { halfToFloat } from '../quant/half.ts';
import { type AttentionShape, createRopeAppend } from './attention.ts';
import { storedTwin } from './attention-twins.ts';
import { cacheBytes, pagePositions } from './cache-format.ts';

const kvHeads = 2;
const tokens = 70;
const pages = 2;
/** The second page first. */
const order = [1, 0];

const shapeOf = (headDim: number): AttentionShape => ({
  ...{ heads: 2, kvHeads, headDim, pages, cache: 'q4' as const },
  ropeDimensions: 0,
});

interface Lain {
  keys: Uint32Array;
  values: Uint32Array;
}

/** The number of a dimension of a head at a position. */
function read(lain: Lain, of: keyof Lain, headDim: number, position: number, head: number, i: number) {
  const [words, ranges] = [Math.ceil(headDim / 8), Math.ceil(headDim / 32)];
  const slot = position % pagePositions;
  const page = order[Math.floor(position / pagePositions)]!;
  const block = (page * kvHeads + head) * (words + ranges) * pagePositions;
  const [word, range] = [Math.floor(i / 8), Math.floor(i / 32)];
  const [at, rangeAt] =
    of === 'keys'
      ? [word * pagePositions + slot, (words + range) * pagePositions + slot]
      : [slot * words + word, words * pagePositions + slot * ranges + range];
  const number = (lain[of][block + at]! >>> (8 * (i % 4) + (i % 8 < 4 ? 0 : 4))) & 15;
  const packed = lain[of][block + rangeAt]!;
  return Math.fround(halfToFloat(packed & 0xffff) * number + halfToFloat(packed >>> 16));
}

describe.each(everyDevice)('a cache of 4 bits on %s', (name: DeviceName) => {
  let device: EngineDevice;
  beforeAll(async () => {
    device = await openAnyDevice(name);
  });
  afterAll(() => device.destroy());

  /** Appends k and v [tokens, kvHeads, headDim] in steps of these lengths. */
  async function append(headDim: number, k: Float32Array, v: Float32Array, steps: number[]): Promise<Lain> {
    const shape = shapeOf(headDim);
    const width = kvHeads * headDim;
    const empty = () => bufferOf(device, new Uint32Array(cacheBytes(shape) / 4).fill(0xffffffff));
    const layer = { keys: await empty(), values: await empty() };
    const state = await device.memory.uniform('state', new Uint32Array(2));
    const shared = {
      rotations: await device.memory.storage('rotations', 16),
      pages: await bufferOf(device, Uint32Array.from(order)),
    };
    let first = 0;
    for (const length of steps) {
      const part = (x: Float32Array) => bufferOf(device, x.slice(first * width, (first + length) * width));
      const q = await device.memory.storage('q', 4 * length * width);
      const buffers = { ...shared, q, k: await part(k), v: await part(v) };
      device.write(state, 0, new Uint32Array([first, length]));
      const step = { position: first, tokens: length };
      await run(device, [await createRopeAppend(device, shape, buffers, layer, state)], step);
      first += length;
    }
    const words = async (of: keyof Lain) =>
      new Uint32Array(await readBuffer(device, layer[of], cacheBytes(shape)));
    return { keys: await words('keys'), values: await words('values') };
  }

  function expectStored(lain: Lain, of: keyof Lain, headDim: number, x: Float32Array): void {
    const stored = storedTwin(x, headDim, 'q4');
    const found = stored.map((_, at) => {
      const head = Math.floor(at / headDim);
      return read(lain, of, headDim, Math.floor(head / kvHeads), head % kvHeads, at % headDim);
    });
    expect(found).toEqual(stored);
  }

  it.each([12, 64, 76, 128])(
    'heads of %i: the numbers of the twin, in whatever steps they come',
    async headDim => {
      const count = tokens * kvHeads * headDim;
      const [k, v] = [randomNormal(count, 1, 3), randomNormal(count, 2)];
      const lain = await append(headDim, k, v, [tokens]);
      expectStored(lain, 'keys', headDim, k);
      expectStored(lain, 'values', headDim, v);
      expect(await append(headDim, k, v, [1, 62, 2, 5])).toEqual(lain);
    },
  );

  it('blocks of one number, of tiny ones, of one sign, and of large ones', async () => {
    const headDim = 32;
    const block = (from: (i: number) => number) => Array.from({ length: headDim }, (_, i) => from(i));
    const blocks = [
      ...[block(() => 0), block(() => -3.25), block(() => 1e-6), block(i => 2e-5 * (i - 16))],
      ...[block(i => 7 + i / 64), block(i => -7 - i / 64), block(i => 4000 * (i - 16))],
      block(i => (i === 9 ? -60000 : i)),
    ].flat();
    const x = Float32Array.from(blocks);
    const lain = await append(headDim, x, x, [blocks.length / headDim / kvHeads]);
    expectStored(lain, 'keys', headDim, x);
    expectStored(lain, 'values', headDim, x);
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, -1e6])(
    '%d spoils its own block and no other',
    async wrong => {
      const headDim = 64;
      const x = randomNormal(kvHeads * headDim, 3);
      x[40] = wrong;
      const lain = await append(headDim, x, x, [1]);
      for (const of of ['keys', 'values'] as const) {
        const found = Array.from(x, (_, at) =>
          read(lain, of, headDim, 0, Math.floor(at / headDim), at % headDim),
        );
        const isSpoilt = found.map(value => !Number.isFinite(value));
        expect(isSpoilt).toEqual(found.map((_, at) => at >= 32 && at < 64));
      }
    },
  );
});
