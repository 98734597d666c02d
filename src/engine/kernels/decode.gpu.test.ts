import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { gpuFormAdapters, openAsGpu, runsAllCases } from '../../../test/support/gpu.ts';
import { randomNormal } from '../../../test/support/random.ts';
import { bufferOf, expectClose, readFloats, run } from '../../../test/support/run-kernels.ts';
import type { EngineDevice, Variant } from '../device/device.ts';
import type { Precision } from '../types/precision.ts';
import { type AttentionShape, createAttentionDecode, createRopeAppend, decodeScratch } from './attention.ts';
import { storedTwin } from './attention-twins.ts';
import { allocateShapes } from './buffer-shape.ts';
import { cacheBytes, pagePositions } from './cache-format.ts';
import { decodeCandidates, decodeClass } from './decode-geometry.ts';
import { rotationTable } from './rotation-table.ts';
import { attentionTwin } from './twins.ts';

const pages = 5;
/** A last split that is full, one key into the next, and in the middle of eight keys. */
const contexts = [1, 64, 65, 131, 261];

const cases: { heads: number; kvHeads: number; headDim: number; cache: Precision }[] = [
  { heads: 2, kvHeads: 2, headDim: 128, cache: 'f16' },
  { heads: 4, kvHeads: 2, headDim: 128, cache: 'f16' },
  { heads: 8, kvHeads: 1, headDim: 128, cache: 'f16' },
  { heads: 5, kvHeads: 1, headDim: 76, cache: 'f16' },
  { heads: 4, kvHeads: 1, headDim: 80, cache: 'f32' },
  { heads: 16, kvHeads: 1, headDim: 128, cache: 'f32' },
  { heads: 2, kvHeads: 2, headDim: 128, cache: 'q8' },
  { heads: 5, kvHeads: 1, headDim: 80, cache: 'q8' },
  { heads: 2, kvHeads: 2, headDim: 128, cache: 'q4' },
  { heads: 5, kvHeads: 1, headDim: 76, cache: 'q4' },
];

describe.each(gpuFormAdapters)('decode attention as GPUs compute it, on %s', adapter => {
  let device: EngineDevice;
  let own: Variant;
  beforeAll(async () => {
    device = await openAsGpu(adapter);
    own = device.variant;
  });
  afterAll(() => device.destroy());

  /** A token at the end of each context; what no token wrote is no number. */
  async function check(base: (typeof cases)[number]): Promise<void> {
    const { heads, kvHeads, headDim, cache } = base;
    const shape: AttentionShape = { ...base, ropeDimensions: headDim, pages };
    const most = pages * pagePositions;
    const [qWidth, kvWidth] = [heads * headDim, kvHeads * headDim];
    const [k, v] = [randomNormal(most * kvWidth, 2), randomNormal(most * kvWidth, 3)];
    // Nothing is rotated, so that the twin has what the cache has.
    const still = rotationTable(most, headDim, 10000).map((_, i) => (i % 2 === 0 ? 1 : 0));
    const layer = {
      keys: await bufferOf(device, new Uint32Array(cacheBytes(shape) / 4).fill(0xffffffff)),
      values: await bufferOf(device, new Uint32Array(cacheBytes(shape) / 4).fill(0xffffffff)),
    };
    const scratch = await allocateShapes(device, decodeScratch(shape));
    for (const each of Object.values(scratch))
      device.write(each, 0, new Uint32Array(each.size / 4).fill(0xffffffff));
    const table = await bufferOf(
      device,
      Uint32Array.from({ length: pages }, (_, i) => pages - 1 - i),
    );
    const rotations = await bufferOf(device, still);
    const state = await device.memory.uniform('state', new Uint32Array([0, 0]));
    let first = 0;
    for (const context of contexts) {
      const tokens = context - first;
      const append = await createRopeAppend(
        device,
        shape,
        {
          q: await bufferOf(device, new Float32Array(tokens * qWidth)),
          k: await bufferOf(device, k.slice(first * kvWidth, context * kvWidth)),
          v: await bufferOf(device, v.slice(first * kvWidth, context * kvWidth)),
          rotations,
          pages: table,
        },
        layer,
        state,
      );
      device.write(state, 0, new Uint32Array([first, tokens]));
      await run(device, [append], { position: first, tokens });
      const q = randomNormal(qWidth, context);
      const out = await device.memory.storage('out', qWidth * 4);
      const buffers = { q: await bufferOf(device, q), out, pages: table, scratch };
      device.write(state, 0, new Uint32Array([context - 1, 1]));
      const attend = await createAttentionDecode(device, shape, buffers, layer, state);
      await run(device, attend, { position: context - 1, tokens: 1 });
      const stored = (x: Float32Array) => storedTwin(x.subarray(0, context * kvWidth), headDim, cache);
      const expected = attentionTwin(q, stored(k), stored(v), {
        heads,
        kvHeads,
        headDim,
        first: context - 1,
      });
      expectClose(
        await readFloats(device, out, qWidth),
        expected,
        cache === 'q8' || cache === 'q4' ? 2e-3 : 2e-5,
      );
      first = context;
    }
  }

  // Software drivers take seconds to compile each: all candidates of one shape, and the default of the others.
  const runs = cases.flatMap((shape, i) =>
    decodeCandidates(shape)
      .slice(0, i === 0 || runsAllCases() ? undefined : 1)
      .map(chosen => ({ ...shape, chosen })),
  );
  it.each(runs)('$cache cache, $heads/$kvHeads heads of $headDim, $chosen', async ({ chosen, ...shape }) => {
    const choices = { [decodeClass(shape).kind]: chosen };
    device.variant = { ...own, lanes: undefined, choices };
    await check(shape);
    if (chosen !== 'keys-64' || !own.subgroups) return;
    device.variant = { ...own, lanes: undefined, subgroups: false, choices };
    await check(shape);
  });

  it('has the candidates that a workgroup has room for', () => {
    expect(decodeCandidates({ heads: 40, kvHeads: 40, headDim: 128, cache: 'f16' })).toHaveLength(4);
    expect(decodeCandidates({ heads: 8, kvHeads: 1, headDim: 128, cache: 'q8' })).not.toContain('keys-256');
  });
});
