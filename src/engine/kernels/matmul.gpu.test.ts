import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { gpuFormAdapters, openDevice, runsAllCases } from '../../../test/support/gpu.ts';
import { padRows, unpadRows, uploadSample } from '../../../test/support/matrices.ts';
import { randomNormal } from '../../../test/support/random.ts';
import { bufferOf, expectClose, readFloats, run, withVariant } from '../../../test/support/run-kernels.ts';
import type { EngineDevice, Variant } from '../device/device.ts';
import type { Dispatch } from '../device/dispatch.ts';
import type { GgmlTypeName } from '../quant/block-formats.ts';
import { paddedColumns, placements } from '../quant/gpu-formats.ts';
import type { JoinedMatrix } from './joined-matrix.ts';
import { createGatedMatmul, createMatmul, createMembersMatmul, matmulKind } from './matmul.ts';
import type { Matrix } from './matrix.ts';
import { linearTwin, sampledTolerance, siluMulTolerance, siluMulTwin } from './twins.ts';

// What GPUs get, and small forms, in formats with few and with most planes. Drivers take seconds to compile each kernel, and tiles do
// not know the format: so the other formats meet the default tiles alone (linear.gpu.test.ts). BEDSIDE_ALL_CASES=1 has all.
const everything = runsAllCases();
const types: GgmlTypeName[] = everything ? ['F32', 'F16', 'Q4_0', 'Q8_0', 'Q4_K', 'Q5_K', 'Q6_K'] : ['Q6_K'];

/** Each tile with tokens that it computes alone, whole tiles and ragged ones. */
const cases: { tile: string; variant: Partial<Variant>; large?: string; short?: string; counts: number[] }[] =
  [
    { tile: 'tile-64x16', variant: {}, counts: [1, 5, 16] },
    { tile: 'tile-32x16', variant: {}, short: 'tile-32x16', counts: [3, 16] },
    { tile: 'tile-64x32', variant: {}, counts: [17, 32] },
    { tile: 'tile-64x64', variant: {}, counts: [33, 64, 70] },
    { tile: 'tile-128x64', variant: {}, large: 'tile-128x64', counts: [65, 128] },
    { tile: 'tile-128x128', variant: {}, large: 'tile-128x128', counts: [65, 130] },
    { tile: 'tile-32x32', variant: {}, large: 'tile-32x32', counts: [33, 70] },
    { tile: 'tile-32x32', variant: { small: true }, counts: [1, 32, 33] },
  ];

describe.each(gpuFormAdapters)('tiles of matmul on %s', adapter => {
  let device: EngineDevice;
  beforeAll(async () => {
    device = await openDevice(adapter);
  });
  afterAll(() => device.destroy());

  describe.each(types)('%s', type => {
    const columns = type === 'F32' || type === 'F16' ? 172 : 512;
    // Over one large tile, and not a whole number of the smallest.
    const rows = 141;
    const stride = paddedColumns(columns);

    function viewOf({ variant, large, short }: (typeof cases)[number]): EngineDevice {
      const { format } = placements[type]!;
      const choices = Object.fromEntries(
        [matmulKind(format), matmulKind(format, 'gated')].flatMap(kind => [
          ...(large ? [[kind, large]] : []),
          ...(short ? [[`${kind} up to 16 tokens`, short]] : []),
        ]),
      ) as Record<string, string>;
      return withVariant(device, { lanes: undefined, gpu: true, choices, ...variant });
    }

    async function launch(dispatches: Dispatch[], tile: string, tokens: number): Promise<void> {
      const step = { position: 0, tokens };
      const taken = dispatches.filter(({ grid }) => {
        const [x] = typeof grid === 'function' ? grid(step) : grid;
        return x > 0;
      });
      // One of them, and it is that of the tile.
      expect(taken.map(({ label }) => label.includes(tile))).toEqual([true]);
      await run(device, dispatches, step);
    }

    async function inputOf(tokens: number) {
      const x = randomNormal(tokens * columns, 7);
      const buffer = await bufferOf(device, padRows(x, columns, stride));
      const state = await device.memory.uniform('state', new Uint32Array([0, tokens]));
      return { x, xs: { buffer, stride }, state };
    }

    /** As if these stretches of the rows were matrices that were joined. */
    function joinedOf(matrix: Matrix, stretches: readonly (readonly [start: number, rows: number])[]) {
      const members = stretches.map(([, count]) => ({ ...matrix, rows: count }));
      return { whole: matrix, members, starts: stretches.map(([start]) => start) } satisfies JoinedMatrix;
    }

    /** Of the products of all rows those of a stretch, [tokens, its rows]. */
    function stretchOf(products: Float64Array, tokens: number, [start, count]: readonly [number, number]) {
      return Float32Array.from({ length: tokens * count }, (_, i) => {
        return products[Math.floor(i / count) * rows + start + (i % count)]!;
      });
    }

    it.each(cases)('$tile, $counts tokens, $variant', async each => {
      const view = viewOf(each);
      const { matrix, weights } = await uploadSample(device, type, rows, columns);
      for (const tokens of each.counts) {
        const { x, xs, state } = await inputOf(tokens);
        const products = linearTwin(weights, x, rows, columns);
        const tolerance = sampledTolerance(weights, x, columns) / 4;

        const yStride = 160;
        const ys = { buffer: await device.memory.storage('y', tokens * yStride * 4), stride: yStride };
        const adds = everything || each.tile === 'tile-64x16' ? [false, true] : [false];
        for (const accumulate of adds) {
          const product = await createMatmul(view, matrix, xs, ys, state, { accumulate });
          await launch(product, each.tile, tokens);
        }
        const padded = await readFloats(device, ys.buffer, tokens * yStride);
        const expected = products.map(value => adds.length * value);
        expectClose(unpadRows(padded, rows, yStride), expected, adds.length * tolerance);
        // The columns past the last row stay untouched.
        expect(padded.filter((_, i) => i % yStride >= rows).every(value => value === 0)).toBe(true);

        const halves = [[0, 68] as const, [73, 68] as const];
        const gated = { buffer: await device.memory.storage('y', tokens * 68 * 4), stride: 68 };
        const product = await createGatedMatmul(view, joinedOf(matrix, halves), xs, gated, state);
        await launch(product, each.tile, tokens);
        const [gate, up] = halves.map(stretch => stretchOf(products, tokens, stretch));
        expectClose(
          await readFloats(device, gated.buffer, tokens * 68),
          siluMulTwin(gate!, up!),
          siluMulTolerance(gate!, up!, tolerance),
        );
      }
    });

    // The outputs do not know the tile.
    const few = cases.filter(({ tile }) => everything || tile === 'tile-64x16');
    it.each(few)('$tile, each member to its own output, $counts tokens', async each => {
      const view = viewOf(each);
      const { matrix, weights } = await uploadSample(device, type, rows, columns);
      const stretches = [[0, 70] as const, [80, 31] as const, [111, 30] as const];
      for (const members of [stretches, stretches.slice(0, 2)]) {
        const tokens = each.counts.at(-1)!;
        const { x, xs, state } = await inputOf(tokens);
        const products = linearTwin(weights, x, rows, columns);
        // In another order than the rows, with room between them that stays as it is.
        const starts = [tokens * 61 + 8, 0, tokens * 31 + 4];
        const expected = new Float64Array(tokens * 131 + 8);
        for (const [i, stretch] of members.entries()) {
          expected.set(stretchOf(products, tokens, stretch), starts[i]);
        }
        const y = await device.memory.storage('y', expected.length * 4);
        const joined = joinedOf(matrix, members);
        const outputs = members.map(([, stride], i) => ({ start: starts[i]!, stride }));
        const to = { buffer: y, rows: outputs };
        await launch(await createMembersMatmul(view, joined, xs, to, state), each.tile, tokens);
        const tolerance = sampledTolerance(weights, x, columns) / 4 + 2 ** -22;
        expectClose(await readFloats(device, y, expected.length), expected, tolerance);
      }
    });
  });
});
