import type { Step } from '../../device/dispatch.ts';
import type { DeviceBuffer } from '../../device/memory.ts';
import { sampleNumbers } from '../../quant/sample-blocks.ts';
import type { Precision } from '../../types/precision.ts';
import { type AttentionShape, createRopeAppend, type LayerCache } from '../attention.ts';
import { storedTwin } from '../attention-twins.ts';
import { cacheBytes } from '../cache-format.ts';
import { rotationTable } from '../rotation-table.ts';
import { attentionTwin, ropeTwin } from '../twins.ts';
import type { Launch, TestBench } from './test-bench.ts';

/** Over tiles of keys and over two pages. */
export const manyTokens = 66;
const total = manyTokens + 1;
const theta = 10000;
const shortWindow = 21;

/** Tokens whose keys and values were appended to a cache, with what attention over them should give. */
export interface CachedTokens {
  shape: AttentionShape;
  cache: LayerCache;
  pages: DeviceBuffer;
  /** Appends the next tokens; their queries are rotated. */
  append(tokens: number): Promise<AppendedTokens>;
  /** What numbers may be off that come out of the cache. */
  tolerance: number;
}

export interface AppendedTokens {
  /** [tokens, heads, headDim] */
  q: DeviceBuffer;
  /** As long as q, for what comes of it. */
  out: DeviceBuffer;
  state: DeviceBuffer;
  step: Step;
  launch: Launch;
  /** q, rotated. */
  rotated: Float64Array;
  /** Attention over all tokens up to each. */
  attended: Float64Array;
}

/** A cache of two pages in swapped order, with fewer heads than the model has: two of keys, and as many that share them. */
export async function cacheTokens(bench: TestBench, model: AttentionShape): Promise<CachedTokens> {
  const shape: AttentionShape = {
    ...model,
    heads: (2 * model.heads) / model.kvHeads,
    kvHeads: 2,
    pages: 2,
    // One that so few tokens reach past, and that ends inside of a tile.
    window: model.window && Math.min(model.window, shortWindow),
  };
  const [qWidth, kvWidth] = [shape.heads * shape.headDim, shape.kvHeads * shape.headDim];
  const cacheWords = cacheBytes(shape) / 4;
  const cache = { keys: await bench.space(cacheWords), values: await bench.space(cacheWords) };
  const rotations = await bench.buffer(rotationTable(total, shape.ropeDimensions, theta));
  const pages = await bench.buffer(new Uint32Array([1, 0]));
  const q = sampleNumbers(total * qWidth, 5);
  const k = sampleNumbers(total * kvWidth, 6);
  const v = sampleNumbers(total * kvWidth, 7);
  const stored = (x: ArrayLike<number>) => storedTwin(x, shape.headDim, shape.cache);
  const turned = rotate(q, shape, shape.heads);
  const keys = stored(rotate(k, shape, shape.kvHeads));
  const expected = attentionTwin(turned, keys, stored(v), { ...shape, first: 0 });
  let first = 0;
  return {
    shape,
    cache,
    pages,
    tolerance: toleranceOf(shape.cache),
    async append(tokens) {
      const part = (x: Float32Array<ArrayBuffer>, width: number) =>
        x.slice(first * width, (first + tokens) * width);
      const slice = (of: Float64Array) => of.subarray(first * qWidth, (first + tokens) * qWidth);
      const buffers = {
        q: await bench.buffer(part(q, qWidth)),
        k: await bench.buffer(part(k, kvWidth)),
        v: await bench.buffer(part(v, kvWidth)),
        rotations,
        pages,
      };
      const out = await bench.space(tokens * qWidth);
      const state = await bench.state(first, tokens);
      const step = { position: first, tokens };
      const launch = bench.run([await createRopeAppend(bench.device, shape, buffers, cache, state)], step);
      const appended = { rotated: slice(turned), attended: slice(expected) };
      first += tokens;
      return { q: buffers.q, out, state, step, launch, ...appended };
    },
  };
}

function rotate(x: Float32Array, shape: AttentionShape, heads: number): Float64Array {
  const { headDim, ropeDimensions } = shape;
  return Float64Array.from(x, (_, i) => {
    const head = Math.floor(i / headDim);
    const values = x.subarray(head * headDim, (head + 1) * headDim);
    const at = i % headDim;
    if (at >= ropeDimensions) return values[at]!;
    return ropeTwin(values.subarray(0, ropeDimensions), Math.floor(head / heads), theta)[at]!;
  });
}

/** A device that divides otherwise may put a number on the neighbouring byte, or half, where the twin has a tie. */
function toleranceOf(cache: Precision): number {
  return cache === 'f32' ? 1e-4 : 1e-2;
}

const cacheNames: Readonly<Record<Precision, string>> = {
  f32: '32-bit',
  f16: '16-bit',
  q8: '8-bit',
  q4: '4-bit',
};

/** For the rows of a report. */
export function describeAttention({ heads, kvHeads, headDim, cache, window }: AttentionShape): string {
  const seen = window ? `, a window of ${window}` : '';
  return `${cacheNames[cache]} cache, ${heads} heads on ${kvHeads} of ${headDim}${seen}`;
}
