import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { computeAdapters, openDevice } from '../../../test/support/gpu.ts';
import { randomNormal } from '../../../test/support/random.ts';
import { bufferOf, expectClose, readFloats, run, withVariant } from '../../../test/support/run-kernels.ts';
import type { EngineDevice } from '../gpu/device.ts';
import type { Precision } from '../types.ts';
import {
  type AttentionShape,
  allocateDecodeScratch,
  createAttentionDecode,
  createAttentionPrefill,
  createRopeAppend,
  pagePositions,
} from './attention.ts';
import { rotationTable } from './rotation-table.ts';
import { attentionTwin, ropeTwin } from './twins.ts';

const theta = 10000;

/** A cache whose physical pages are in reverse order, so that a kernel that ignores the page table fails. */
async function makeCache(device: EngineDevice, shape: AttentionShape) {
  const bytes = shape.pages * pagePositions * shape.kvHeads * shape.headDim * (shape.cache === 'f16' ? 2 : 4);
  const order = Uint32Array.from({ length: shape.pages }, (_, i) => shape.pages - 1 - i);
  const table = rotationTable(shape.pages * pagePositions, shape.ropeDimensions, theta);
  return {
    cache: {
      keys: await device.memory.storage('keys', bytes),
      values: await device.memory.storage('values', bytes),
    },
    pages: await bufferOf(device, order),
    rotations: await bufferOf(device, table),
    state: await device.memory.uniform('state', new Uint32Array([0, 0])),
  };
}

const shapes = [
  { heads: 4, kvHeads: 4, headDim: 64, ropeDimensions: 64 },
  { heads: 8, kvHeads: 4, headDim: 8, ropeDimensions: 8 },
  { heads: 4, kvHeads: 1, headDim: 128, ropeDimensions: 128 },
  { heads: 2, kvHeads: 1, headDim: 80, ropeDimensions: 32 },
];

describe.each(computeAdapters)('attention on %s', adapter => {
  let device: EngineDevice;
  beforeAll(async () => {
    device = await openDevice(adapter);
  });
  afterAll(() => device.destroy());

  /** Feeds `lengths` tokens step by step and compares each step's output with the twin's. */
  async function check(
    base: (typeof shapes)[number],
    cacheType: Precision,
    lengths: number[],
    plain: boolean,
  ) {
    const view = withVariant(device, { subgroups: !plain && device.variant.subgroups });
    const total = lengths.reduce((sum, n) => sum + n, 0);
    const shape = { ...base, pages: Math.ceil(total / pagePositions) + 1, cache: cacheType };
    const { cache, pages, rotations, state } = await makeCache(view, shape);
    const scratch = await allocateDecodeScratch(view, shape);
    const width = { q: shape.heads * shape.headDim, kv: shape.kvHeads * shape.headDim };
    const allK: number[] = [];
    const allV: number[] = [];
    let first = 0;
    for (const tokens of lengths) {
      const q = randomNormal(tokens * width.q, first + 1);
      const k = randomNormal(tokens * width.kv, first + 2);
      const v = randomNormal(tokens * width.kv, first + 3);
      const buffers = {
        q: await bufferOf(view, q),
        k: await bufferOf(view, k),
        v: await bufferOf(view, v),
        out: await view.memory.storage('out', q.byteLength),
        rotations,
        pages,
        scratch,
      };
      view.gpu.queue.writeBuffer(state, 0, new Uint32Array([first, tokens]));
      const attend =
        tokens === 1
          ? await createAttentionDecode(view, shape, buffers, cache, state)
          : [await createAttentionPrefill(view, shape, buffers, cache, state)];
      const append = await createRopeAppend(view, shape, buffers, cache, state);
      await run(view, [append, ...attend], { position: first, tokens });

      const rotated = (x: Float32Array, heads: number) =>
        Array.from({ length: tokens * heads }, (_, i) => {
          const head = x.subarray(i * shape.headDim, (i + 1) * shape.headDim);
          const position = first + Math.floor(i / heads);
          const turned = ropeTwin(head.subarray(0, shape.ropeDimensions), position, theta);
          return [...turned, ...head.subarray(shape.ropeDimensions)];
        }).flat();
      allK.push(...rotated(k, shape.kvHeads));
      allV.push(...v);
      const expected = attentionTwin(rotated(q, shape.heads), allK, allV, { ...shape, first });
      // f16 storage rounds keys and values to 11 bits; scores of headDim terms move by a few of those.
      const tolerance = cacheType === 'f16' ? 1e-2 : 2e-5;
      expectClose(await readFloats(view, buffers.out, q.length), expected, tolerance);
      first += tokens;
    }
  }

  const cases = shapes.flatMap(shape =>
    [
      { lengths: [1], name: 'first token' },
      { lengths: [37, 1, 1], name: 'prefill then decode' },
      { lengths: [64, 1, 63, 2, 70], name: 'page borders' },
      { lengths: [16, 17, 128, 1], name: 'long chunks' },
    ].map(entry => ({ shape, ...entry })),
  );
  it.each(cases)(
    'f32 cache, $shape.heads/$shape.kvHeads heads of $shape.headDim, $name',
    async ({ shape, lengths }) => {
      await check(shape, 'f32', lengths, false);
      await check(shape, 'f32', lengths, true);
    },
  );

  it.each([
    { name: 'one token', tokens: 1 },
    { name: 'many tokens', tokens: 2 },
  ])('a key that is not a number spoils the output of $name', async ({ tokens }) => {
    const shape = { ...shapes[0]!, pages: 1, cache: 'f32' as const };
    const width = shape.heads * shape.headDim;
    const { cache, pages, rotations, state } = await makeCache(device, shape);
    device.gpu.queue.writeBuffer(state, 0, new Uint32Array([0, tokens]));
    const buffers = {
      q: await bufferOf(device, randomNormal(tokens * width, 1)),
      k: await bufferOf(device, randomNormal(tokens * width, 2).fill(Number.NaN, 0, shape.headDim)),
      v: await bufferOf(device, randomNormal(tokens * width, 3)),
      out: await device.memory.storage('out', tokens * width * 4),
      rotations,
      pages,
      scratch: await allocateDecodeScratch(device, shape),
    };
    const attend =
      tokens === 1
        ? await createAttentionDecode(device, shape, buffers, cache, state)
        : [await createAttentionPrefill(device, shape, buffers, cache, state)];
    const append = await createRopeAppend(device, shape, buffers, cache, state);
    await run(device, [append, ...attend], { position: 0, tokens });
    const out = await readFloats(device, buffers.out, tokens * width);
    for (let token = 0; token < tokens; token++) {
      const firstHead = out.subarray(token * width, token * width + shape.headDim);
      expect(firstHead.every(value => !Number.isFinite(value))).toBe(true);
    }
  });

  it.runIf(adapter === 'lavapipe').each(cases)(
    'f16 cache (needs shader-f16), $shape.heads/$shape.kvHeads heads of $shape.headDim, $name',
    async ({ shape, lengths }) => {
      expect(device.variant.f16).toBe(true);
      await check(shape, 'f16', lengths, false);
    },
  );
});
