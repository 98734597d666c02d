import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import keyScoresShader from '../../../shaders/attention/key-scores.wgsl?raw';
import reduceShader from '../../../shaders/attention/key-scores-reduce.wgsl?raw';
import { computeAdapters, openDevice, runsAllCases } from '../../../test/support/gpu.ts';
import { randomNormal } from '../../../test/support/random.ts';
import { bufferOf, expectClose, readFloats, run } from '../../../test/support/run-kernels.ts';
import type { WebGpuDevice } from '../gpu/device.ts';
import { type Precision, precisions } from '../types/precision.ts';
import { type AttentionShape, createRopeAppend } from './attention.ts';
import { keyScoresTwin, softmaxTolerance, storedTwin } from './attention-twins.ts';
import { cacheBytes, pagePositions } from './cache-format.ts';
import { createKeyScores, keyScoreQueries, keyScoreShapes, keyScoresSpecs } from './key-scores.ts';

interface Case {
  name: string;
  heads: number;
  kvHeads: number;
  headDim: number;
  /** Tokens of each step. */
  lengths: number[];
  firstQuery: number;
  blockStart: number;
  blockCount: number;
  /** Factor on q: makes scores large. */
  scale?: number;
}

const cases: Case[] = [
  {
    name: 'one step, all queries after the block',
    ...{ heads: 4, kvHeads: 2, headDim: 32, lengths: [40] },
    ...{ firstQuery: 30, blockStart: 10, blockCount: 20 },
  },
  {
    name: 'several steps, the first query inside one, the block over page borders',
    ...{ heads: 4, kvHeads: 2, headDim: 32, lengths: [50, 64, 1, 128, 37] },
    ...{ firstQuery: 90, blockStart: 5, blockCount: 80 },
  },
  {
    name: 'as many heads and dimensions as in InternLM2',
    ...{ heads: 16, kvHeads: 8, headDim: 128, lengths: [30, 21] },
    ...{ firstQuery: 37, blockStart: 3, blockCount: 33 },
  },
  {
    name: 'a block longer than a workgroup, and queries inside the block',
    ...{ heads: 2, kvHeads: 1, headDim: 80, lengths: [128, 128, 20] },
    ...{ firstQuery: 150, blockStart: 17, blockCount: 200 },
  },
  {
    name: 'large scores',
    ...{ heads: 4, kvHeads: 4, headDim: 64, lengths: [100, 90] },
    ...{ firstQuery: 110, blockStart: 0, blockCount: 110, scale: 12 },
  },
];

/** One step's buffers: the cache has its pages in reverse order, so a kernel that ignores the page table fails. */
async function prepare(device: WebGpuDevice, shape: AttentionShape, each: Case) {
  const maxTokens = Math.max(...each.lengths);
  const maxBlock = each.blockCount + 71;
  const partialBytes = keyScoreShapes(shape, maxTokens, maxBlock).partials.bytes;
  const order = Uint32Array.from({ length: shape.pages }, (_, i) => shape.pages - 1 - i);
  return {
    cache: {
      keys: await device.memory.storage('keys', cacheBytes(shape)),
      values: await device.memory.storage('values', cacheBytes(shape)),
    },
    rotations: await device.memory.storage('rotations', 16),
    pages: await bufferOf(device, order),
    // Not numbers: whoever reads a partial sum that this step has not written spoils the scores.
    partials: await bufferOf(device, new Float32Array(partialBytes / 4).fill(Number.NaN)),
    scores: await bufferOf(device, new Float32Array(maxBlock)),
    block: await device.memory.uniform(
      'block',
      new Uint32Array([each.firstQuery, each.blockStart, each.blockCount]),
    ),
    state: await device.memory.uniform('state', new Uint32Array([0, 0])),
  };
}

describe.each(computeAdapters)('key scores on %s', adapter => {
  let device: WebGpuDevice;
  beforeAll(async () => {
    device = await openDevice(adapter);
  });
  afterAll(() => device.destroy());

  /** Feeds the steps in turn; after each the scores must be the twin's over the queries so far. */
  async function check(each: Case, cachePrecision: Precision, damage?: (q: Float32Array) => void) {
    const { heads, kvHeads, headDim, lengths } = each;
    const total = lengths.reduce((sum, n) => sum + n, 0);
    const shape: AttentionShape = {
      ...{ heads, kvHeads, headDim, cache: cachePrecision },
      // What is measured is attention of q as it comes: no rotation.
      ropeDimensions: 0,
      pages: Math.ceil(total / pagePositions) + 1,
    };
    const parts = await prepare(device, shape, each);
    const q = randomNormal(total * heads * headDim, 1, each.scale);
    damage?.(q);
    const k = randomNormal(total * kvHeads * headDim, 2);
    // Stored a second time: what that gives back does not hang on how a device rounds a division.
    const stored = storedTwin(k, headDim, cachePrecision);
    let scores = new Float32Array();
    let first = 0;
    for (const tokens of lengths) {
      const step = { position: first, tokens };
      const stepK = stored.slice(first * kvHeads * headDim, (first + tokens) * kvHeads * headDim);
      const buffers = {
        ...parts,
        q: await bufferOf(device, q.slice(first * heads * headDim, (first + tokens) * heads * headDim)),
        k: await bufferOf(device, stepK),
        v: await bufferOf(device, stepK),
      };
      device.write(parts.state, 0, new Uint32Array([first, tokens]));
      const append = await createRopeAppend(device, shape, buffers, parts.cache, parts.state);
      const score = await createKeyScores(device, shape, buffers, parts.cache, parts.state);
      await run(device, [append, ...score], step);
      first += tokens;

      scores = new Float32Array(await readFloats(device, parts.scores, each.blockCount + 71));
      expect(scores.subarray(each.blockCount).every(value => value === 0)).toBe(true);
      if (damage) continue;
      const seen = q.subarray(0, first * heads * headDim);
      const expected = keyScoresTwin(seen, stored, shape, each);
      const largest = expected.reduce((max, value) => Math.max(max, value), 0);
      const terms = Math.max(1, first - each.firstQuery) * heads;
      const tolerance = largest * softmaxTolerance(seen, stored, headDim, Math.max(terms, first));
      expectClose(scores, expected, tolerance);
      if (first <= each.firstQuery) expect(largest).toBe(0);
    }
    return scores.subarray(0, each.blockCount);
  }

  it.each(
    cases.flatMap(each => [
      { each, cache: 'f32' as const, name: each.name },
      { each, cache: 'f16' as const, name: each.name },
      { each, cache: 'q8' as const, name: each.name },
      // Read quad by quad as all others; BEDSIDE_ALL_CASES=1 has every case.
      ...(runsAllCases() || each === cases[0] ? [{ each, cache: 'q4' as const, name: each.name }] : []),
    ]),
  )('$cache cache, $name', async ({ each, cache }) => {
    const scores = await check(each, cache);
    expect(scores.some(value => value > 0)).toBe(true);
  });

  it('a step without queries that count leaves the scores at zero', async () => {
    const scores = await check({ ...cases[0]!, lengths: [10, 7], firstQuery: 17 }, 'f32');
    expect(Array.from(scores)).toEqual(new Array(20).fill(0));
  });

  it('a query that is not a number spoils every score, one that does not count spoils none', async () => {
    const each = cases[0]!;
    const width = each.heads * each.headDim;
    const counted = await check(each, 'f32', q => q.fill(Number.NaN, 35 * width, 35 * width + 1));
    expect(counted.every(value => !Number.isFinite(value))).toBe(true);
    const before = await check(each, 'f32', q => q.fill(Number.NaN, 29 * width, 29 * width + 1));
    expect(before.every(value => Number.isFinite(value) && value > 0)).toBe(true);
  });
});

describe('key scores', () => {
  it('counts the queries of a workgroup as both shaders do', () => {
    for (const shader of [keyScoresShader, reduceShader]) {
      expect(shader).toContain(`const QUERIES: u32 = ${keyScoreQueries};`);
    }
  });

  it('sizes the scratch by query tiles, heads and keys', () => {
    const shape = {
      heads: 16,
      kvHeads: 8,
      headDim: 128,
      ropeDimensions: 128,
      pages: 1,
      cache: 'f32' as const,
    };
    expect(keyScoreShapes(shape, 128, 6144).partials.bytes).toBe(8 * 16 * 6144 * 4);
    expect(keyScoreShapes(shape, 17, 100).partials.bytes).toBe(2 * 16 * 100 * 4);
  });

  it.each(precisions)('compiles with a cache of %s', async cache => {
    const device = await openDevice('null');
    expect(device.gpu.limits.maxComputeWorkgroupStorageSize).toBe(16384);
    for (const headDim of [32, 80, 128]) {
      const shape = { heads: 16, kvHeads: 8, headDim, ropeDimensions: headDim, pages: 4, cache };
      for (const spec of keyScoresSpecs(shape)) await device.compile(spec);
      expect(device.failed).toBe(false);
    }
    device.destroy();
  });
});
