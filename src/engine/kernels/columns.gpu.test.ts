import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { gpuFormAdapters, openDevice } from '../../../test/support/gpu.ts';
import { padRows, unpadRows, uploadSample } from '../../../test/support/matrices.ts';
import { randomNormal } from '../../../test/support/random.ts';
import {
  bufferOf,
  expectClose,
  gpuGeometries,
  readFloats,
  run,
  withGpuGeometry,
} from '../../../test/support/run-kernels.ts';
import type { EngineDevice } from '../device/device.ts';
import type { Dispatch, Step } from '../device/dispatch.ts';
import { GgmlType, type GgmlTypeName } from '../quant/block-formats.ts';
import { dequantizeTensor } from '../quant/dequantize.ts';
import { paddedColumns, placements } from '../quant/gpu-formats.ts';
import { sampleTensorBytes } from '../quant/sample-blocks.ts';
import {
  type ColumnCount,
  columnCounts,
  columnsCandidates,
  columnsKind,
  createColumns,
  createGatedColumns,
  createMembersColumns,
} from './columns.ts';
import { allocateJoined } from './joined-matrix.ts';
import { createMatmul } from './matmul.ts';
import { writeRows } from './matrix.ts';
import { createProduct } from './product.ts';
import { linearTwin, sampledTolerance, siluMulTolerance, siluMulTwin } from './twins.ts';

// All that is composed differently.
const types: GgmlTypeName[] = [
  ...(['F32', 'F16', 'BF16', 'Q4_0', 'Q4_1', 'Q5_0', 'Q5_1', 'Q8_0'] as const),
  ...(['Q2_K', 'Q3_K', 'Q4_K', 'Q5_K', 'Q6_K', 'IQ4_NL', 'IQ4_XS'] as const),
];
const isPlain = (type: GgmlTypeName) => type === 'F32' || type === 'F16' || type === 'BF16';

function takesPlace({ grid }: Dispatch, step: Step): boolean {
  return !(typeof grid === 'function' ? grid(step) : grid).includes(0);
}

describe.each(gpuFormAdapters)('products of few tokens on %s', adapter => {
  let device: EngineDevice;
  beforeAll(async () => {
    device = await openDevice(adapter);
  });
  afterAll(() => device.destroy());

  interface Problem {
    type: GgmlTypeName;
    rows: number;
    columns: number;
    tokens: number;
    accumulate?: boolean;
    bindingBytes?: number;
  }

  /** By `create` into rows that are longer, past which nothing may be written. */
  async function check(
    view: EngineDevice,
    { type, rows, columns, tokens, accumulate = false, bindingBytes }: Problem,
    create: typeof createColumns,
    counts?: readonly ColumnCount[],
  ) {
    const { matrix, weights } = await uploadSample(device, type, rows, columns, bindingBytes);
    const stride = paddedColumns(columns) + 32;
    const x = randomNormal(tokens * columns, 7);
    const yStride = rows + 3;
    const before = randomNormal(tokens * rows, 8);
    const xs = { buffer: await bufferOf(device, padRows(x, columns, stride)), stride };
    const ys = { buffer: await bufferOf(device, padRows(before, rows, yStride)), stride: yStride };
    const state = await device.memory.uniform('state', new Uint32Array([0, tokens]));
    const launches = await create(view, matrix, xs, ys, state, { accumulate, ...(counts ? { counts } : {}) });
    await run(device, launches, { position: 0, tokens });
    const padded = await readFloats(device, ys.buffer, tokens * yStride);
    const products = linearTwin(weights, x, rows, columns);
    const expected = accumulate ? products.map((value, i) => value + before[i]!) : products;
    expectClose(unpadRows(padded, rows, yStride), expected, sampledTolerance(weights, x, columns) / 4 + 1e-6);
    expect(padded.filter((_, i) => i % yStride >= rows).every(value => value === 0)).toBe(true);
    return { launches, parts: matrix.parts.length };
  }

  // Formats do not know how many tokens there are, nor how a team adds up; drivers take seconds to compile each kernel.
  it.each(types)('%s, 1 and 2 tokens', async type => {
    const view = withGpuGeometry(device, 'one subgroup a team');
    // Rows and columns that end within a team's; more parts than a team takes at once.
    const columns = isPlain(type) ? 172 : 1280;
    await check(view, { type, rows: 13, columns, tokens: 2 }, createColumns, [2]);
    await check(view, { type, rows: 7, columns, tokens: 1 }, createColumns, [2]);
  });

  it.each(gpuGeometries)('1 to 8 tokens, %s', async geometry => {
    const view = withGpuGeometry(device, geometry);
    for (const tokens of [1, 2, 3, 4, 5, 8]) {
      await check(view, { type: 'Q4_0', rows: 13, columns: 1280, tokens }, createColumns);
    }
    await check(view, { type: 'Q4_0', rows: 7, columns: 96, tokens: 3, accumulate: true }, createColumns);
  });

  /** Of joined matrices, each a sample matrix. @returns how many launches take place */
  async function checkJoined(view: EngineDevice, create: 'gated' | 'members', tokens: number) {
    const [type, columns] = ['Q4_0', 1280] as const;
    const counts = create === 'gated' ? [33, 33] : [20, 30, 7];
    const { format } = placements[type]!;
    const joined = (await allocateJoined(
      device,
      counts.map((rows, i) => ({ name: `member ${i}`, rows })),
      columns,
      format,
    ))!;
    const x = randomNormal(tokens * columns, 7);
    const products: Float32Array[] = [];
    let tolerance = 0;
    for (const [i, rows] of counts.entries()) {
      const bytes = sampleTensorBytes(type, rows * columns, i + 1);
      writeRows(device, joined.members[i]!, placements[type]!, bytes, 0, rows);
      const weights = dequantizeTensor(GgmlType[type], bytes);
      products.push(Float32Array.from(linearTwin(weights, x, rows, columns)));
      tolerance = Math.max(tolerance, sampledTolerance(weights, x, columns) / 4 + 1e-6);
    }
    const xs = { buffer: await bufferOf(device, x), stride: columns };
    const state = await device.memory.uniform('state', new Uint32Array([0, tokens]));
    const step = { position: 0, tokens };
    if (create === 'gated') {
      const stride = 33 + 3;
      const y = { buffer: await device.memory.storage('y', tokens * stride * 4), stride };
      const launches = await createGatedColumns(view, joined, xs, y, state);
      await run(device, launches, step);
      const padded = await readFloats(device, y.buffer, tokens * stride);
      const [gate, up] = products as [Float32Array, Float32Array];
      const bound = siluMulTolerance(gate, up, tolerance);
      expectClose(unpadRows(padded, 33, stride), siluMulTwin(gate, up), bound);
      expect(padded.filter((_, i) => i % stride >= 33).every(value => value === 0)).toBe(true);
      return launches.filter(launch => takesPlace(launch, step)).length;
    }
    // In another order than the rows, each token's further apart than they are many.
    const rows = [
      { start: tokens * 45, stride: 24 },
      { start: 0, stride: 31 },
      { start: tokens * 31 + 4, stride: 9 },
    ];
    const y = await device.memory.storage('y', tokens * 69 * 4);
    const launches = await createMembersColumns(view, joined, xs, { buffer: y, rows }, state);
    await run(device, launches, step);
    const expected = new Float64Array(tokens * 69);
    for (const [i, { start, stride }] of rows.entries()) {
      for (let t = 0; t < tokens; t++) {
        expected.set(products[i]!.subarray(t * counts[i]!, (t + 1) * counts[i]!), start + t * stride);
      }
    }
    expectClose(await readFloats(device, y, expected.length), expected, tolerance);
    return launches.filter(launch => takesPlace(launch, step)).length;
  }

  it.each(gpuGeometries)('gates two joined matrices in one launch, %s', async geometry => {
    const view = withGpuGeometry(device, geometry);
    for (const tokens of [1, 7]) expect(await checkJoined(view, 'gated', tokens)).toBe(1);
  });

  it('multiplies three joined matrices in one launch, each into its own output', async () => {
    const view = withGpuGeometry(device, 'subgroups');
    for (const tokens of [1, 3]) expect(await checkJoined(view, 'members', tokens)).toBe(1);
  });

  it.each(columnsCandidates)('every candidate computes the same: %s', async name => {
    const { format } = placements.Q8_0!;
    const choices = Object.fromEntries(columnCounts.map(tokens => [columnsKind(format, tokens), name]));
    const view = withGpuGeometry(device, 'subgroups', { choices });
    for (const tokens of [2, 4]) {
      await check(view, { type: 'Q8_0', rows: 133, columns: 96, tokens }, createColumns, [2, 4]);
    }
  });

  it('reads each part of a split matrix, and writes its rows', async () => {
    const view = withGpuGeometry(device, 'subgroups');
    const problem = { type: 'Q4_K', rows: 333, columns: 256, bindingBytes: 64 * 128 * 2 } as const;
    const { parts } = await check(view, { ...problem, tokens: 2 }, createColumns, [2]);
    expect(parts).toBe(3);
  });

  it('is what few tokens are multiplied with, and no more of them', async () => {
    const view = withGpuGeometry(device, 'subgroups');
    for (const tokens of [1, 8, 9, 20]) {
      const problem = { type: 'F16', rows: 70, columns: 64, tokens } as const;
      const { launches } = await check(view, problem, createProduct);
      const step = { position: 0, tokens };
      const taken = launches.filter(launch => takesPlace(launch, step));
      expect(taken.map(({ label }) => label.split(' ')[0])).toEqual([tokens > 8 ? 'matmul' : 'columns']);
    }
  });

  it('is not what a processor multiplies with', async () => {
    const problem = { type: 'F16', rows: 70, columns: 64, tokens: 3 } as const;
    const { launches } = await check(device, problem, createProduct);
    const { launches: same } = await check(device, problem, createMatmul);
    expect(launches.map(({ label }) => label)).toEqual(same.map(({ label }) => label));
  });
});
