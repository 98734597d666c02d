import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { computeAdapters, openDevice, runsAllCases } from '../../../test/support/gpu.ts';
import { randomNormal } from '../../../test/support/random.ts';
import { bufferOf, expectClose, readFloats, run } from '../../../test/support/run-kernels.ts';
import type { EngineDevice } from '../device/device.ts';
import { type Precision, precisions } from '../types/precision.ts';
import { type AttentionShape, createAttentionDecode, createRopeAppend, decodeScratch } from './attention.ts';
import { createAttentionPrefill } from './attention-prefill.ts';
import { storedTwin } from './attention-twins.ts';
import { allocateShapes } from './buffer-shape.ts';
import { cacheBytes, pagePositions } from './cache-format.ts';
import { rotationTable } from './rotation-table.ts';
import { attentionTwin, ropeTwin } from './twins.ts';

const theta = 10000;
/** More than any case fills; one number for all, because a kernel is compiled for it. */
const pages = 8;

/** The device as a GPU or as a processor: decode attention is cut into workgroups accordingly. */
function withReport(device: EngineDevice, isSoftware: boolean): EngineDevice {
  const report = { ...device.report, isSoftware };
  return new Proxy(device, {
    get(target, key) {
      if (key === 'report') return report;
      const value: unknown = Reflect.get(target, key, target);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}

/** A cache whose physical pages are in reverse order, so that a kernel that ignores the page table fails. */
async function makeCache(device: EngineDevice, shape: AttentionShape) {
  const bytes = cacheBytes(shape);
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
  { heads: 6, kvHeads: 2, headDim: 48, ropeDimensions: 48 },
  { heads: 5, kvHeads: 1, headDim: 12, ropeDimensions: 8 },
];

// Four bits are cut as 16 are: heads that fill their blocks, and two that do not. BEDSIDE_ALL_CASES=1 has all.
const isReadInFour = ({ headDim }: (typeof shapes)[number]) =>
  runsAllCases() || [12, 80, 128].includes(headDim);

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
    isSoftware: boolean,
  ) {
    const view = withReport(device, isSoftware);
    const shape = { ...base, pages, cache: cacheType };
    const { cache, rotations, state, ...table } = await makeCache(view, shape);
    const scratch = await allocateShapes(view, decodeScratch(shape));
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
        pages: table.pages,
        scratch,
      };
      view.write(state, 0, new Uint32Array([first, tokens]));
      const attend =
        tokens === 1
          ? await createAttentionDecode(view, shape, buffers, cache, state)
          : await createAttentionPrefill(device, shape, buffers, cache, state);
      const append = await createRopeAppend(view, shape, buffers, cache, state);
      await run(view, [append, ...attend], { position: first, tokens });

      const rotated = (x: Float32Array, heads: number) =>
        Array.from({ length: tokens * heads }, (_, i) => {
          const head = x.subarray(i * shape.headDim, (i + 1) * shape.headDim);
          const position = first + Math.floor(i / heads);
          const turned = ropeTwin(head.subarray(0, shape.ropeDimensions), position, theta);
          return [...turned, ...head.subarray(shape.ropeDimensions)];
        }).flat();
      allK.push(...storedTwin(rotated(k, shape.kvHeads), shape.headDim, cacheType));
      allV.push(...storedTwin(v, shape.headDim, cacheType));
      const expected = attentionTwin(rotated(q, shape.heads), allK, allV, { ...shape, first });
      // A rotation rounded otherwise than the twin's can put a key on the next byte or half: it moves one score by
      // less than a hundredth. Numbers of 4 bits are seventeen times as far from one another.
      const tolerance = { f32: 2e-5, f16: 2e-3, q8: 2e-3, q4: 3e-2 }[cacheType];
      expectClose(await readFloats(view, buffers.out, q.length), expected, tolerance);
      first += tokens;
    }
  }

  const cases = shapes.flatMap(shape =>
    [
      { lengths: [1], name: 'first token' },
      { lengths: [37, 1, 1], name: 'prefill then decode' },
      { lengths: [64, 1, 63, 2, 70], name: 'page borders' },
      { lengths: [16, 17, 128, 128, 1, 40, 1], name: 'long chunks' },
    ].map(entry => ({ shape, ...entry })),
  );
  it.each(
    cases.flatMap(each =>
      precisions
        .filter(cache => cache !== 'q4' || isReadInFour(each.shape))
        .map(cache => ({ ...each, cache })),
    ),
  )(
    '$cache cache, $shape.heads/$shape.kvHeads heads of $shape.headDim, $name',
    async ({ shape, cache, lengths }) => {
      await check(shape, cache, lengths, true);
      // SwiftShader takes seconds to compile a kernel: there the geometry that it uses.
      if (adapter === 'lavapipe') await check(shape, cache, lengths, false);
    },
  );

  it.each([
    { cache: 'f32' as const, name: 'one token', tokens: 1 },
    { cache: 'f32' as const, name: 'many tokens', tokens: 2 },
    { cache: 'f16' as const, name: 'one token', tokens: 1 },
    { cache: 'f16' as const, name: 'many tokens', tokens: 2 },
    { cache: 'q8' as const, name: 'one token', tokens: 1 },
    { cache: 'q8' as const, name: 'many tokens', tokens: 2 },
    { cache: 'q4' as const, name: 'one token', tokens: 1 },
    { cache: 'q4' as const, name: 'many tokens', tokens: 2 },
  ])(
    'a key that is not a number spoils the output of $name, $cache cache',
    async ({ cache: format, tokens }) => {
      const shape = { ...shapes[0]!, pages: 1, cache: format };
      const width = shape.heads * shape.headDim;
      const { cache, pages, rotations, state } = await makeCache(device, shape);
      device.write(state, 0, new Uint32Array([0, tokens]));
      const buffers = {
        q: await bufferOf(device, randomNormal(tokens * width, 1)),
        k: await bufferOf(device, randomNormal(tokens * width, 2).fill(Number.NaN, 0, shape.headDim)),
        v: await bufferOf(device, randomNormal(tokens * width, 3)),
        out: await device.memory.storage('out', tokens * width * 4),
        rotations,
        pages,
        scratch: await allocateShapes(device, decodeScratch(shape)),
      };
      const attend =
        tokens === 1
          ? await createAttentionDecode(device, shape, buffers, cache, state)
          : await createAttentionPrefill(device, shape, buffers, cache, state);
      const append = await createRopeAppend(device, shape, buffers, cache, state);
      await run(device, [append, ...attend], { position: 0, tokens });
      const out = await readFloats(device, buffers.out, tokens * width);
      for (let token = 0; token < tokens; token++) {
        const firstHead = out.subarray(token * width, token * width + shape.headDim);
        expect(firstHead.every(value => !Number.isFinite(value))).toBe(true);
      }
    },
  );
});
