import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { computeAdapters, gpuFormAdapters, openDevice, runsAllCases } from '../../../test/support/gpu.ts';
import { padRows, unpadRows, uploadSample } from '../../../test/support/matrices.ts';
import { randomNormal } from '../../../test/support/random.ts';
import { bufferOf, expectClose, geometries, run, withGeometry } from '../../../test/support/run-kernels.ts';
import type { EngineDevice } from '../device/device.ts';
import { readBuffer } from '../device/readback.ts';
import type { GgmlTypeName } from '../quant/block-formats.ts';
import { paddedColumns, placements } from '../quant/gpu-formats.ts';
import { createGather } from './gather.ts';
import { createMatmul } from './matmul.ts';
import { createMatvec } from './matvec.ts';
import { linearTwin, sampledTolerance } from './twins.ts';

const types = Object.keys(placements) as GgmlTypeName[];
/** The self-test's bound is so much wider than what these drivers need: others may add up in another order. */
const margin = 4;

/** A plain format, the ones whose numbers are unpacked in most ways, and the one with the most planes. */
const fewTypes: GgmlTypeName[] = ['F16', 'Q4_0', 'Q6_K'];

/**
 * Drivers take seconds to compile a kernel: what is tried in every format by the driver that compiles fastest, the other one has in
 * a few. Without subgroups only the reduction differs, which is the same for all formats. BEDSIDE_ALL_CASES=1 has all.
 */
function geometriesOf(type: GgmlTypeName, adapter: (typeof computeAdapters)[number]) {
  if (runsAllCases()) return geometries;
  if (!gpuFormAdapters.includes(adapter) && !fewTypes.includes(type)) return [];
  return geometries.filter(geometry => geometry !== 'plain' || type === 'Q4_0');
}

describe.each(computeAdapters)('linear kernels on %s', adapter => {
  let device: EngineDevice;
  beforeAll(async () => {
    device = await openDevice(adapter);
  });
  afterAll(() => device.destroy());

  describe.each(types)('%s', type => {
    const ways = geometriesOf(type, adapter);
    const variants = ways.flatMap(geometry => [1, 7, 64, 133].map(rows => ({ geometry, rows })));
    const products = ways
      .filter(geometry => geometry !== 'plain')
      .flatMap(geometry => [1, 5, 64, 70].map(tokens => ({ geometry, tokens })));

    it.each(variants)('matvec, $rows rows, $geometry', async ({ geometry, rows }) => {
      const view = withGeometry(device, geometry)!;
      const columns = type === 'F32' || type === 'F16' || type === 'BF16' ? 172 : 768;
      const { matrix, weights } = await uploadSample(device, type, rows, columns);
      const x = randomNormal(columns, 5);
      const before = randomNormal(rows, 6);
      const xBuffer = await bufferOf(device, padRows(x, columns, paddedColumns(columns)));
      const yBuffer = await bufferOf(device, before);
      await run(device, await createMatvec(view, matrix, xBuffer, yBuffer, { accumulate: true }), {
        position: 0,
        tokens: 1,
      });
      const y = new Float32Array(await readBuffer(device, yBuffer, rows * 4));
      const expected = linearTwin(weights, x, rows, columns).map((value, i) => value + before[i]!);
      expectClose(y, expected, sampledTolerance(weights, x, columns) / margin + 1e-6);
    });

    it.each(products)('matmul, $tokens tokens, 70 rows, $geometry', async ({ geometry, tokens }) => {
      const view = withGeometry(device, geometry)!;
      const columns = type === 'F32' || type === 'F16' || type === 'BF16' ? 172 : 512;
      const rows = 70;
      const { matrix, weights } = await uploadSample(device, type, rows, columns);
      const stride = paddedColumns(columns);
      const x = randomNormal(tokens * columns, 7);
      const xBuffer = await bufferOf(device, padRows(x, columns, stride));
      const yStride = 96;
      const yBuffer = await device.memory.storage('y', tokens * yStride * 4);
      const state = await device.memory.uniform('state', new Uint32Array([0, tokens]));
      const xs = { buffer: xBuffer, stride };
      const ys = { buffer: yBuffer, stride: yStride };
      await run(device, await createMatmul(view, matrix, xs, ys, state), { position: 0, tokens });
      const padded = new Float32Array(await readBuffer(device, yBuffer, tokens * yStride * 4));
      const y = unpadRows(padded, rows, yStride);
      const tolerance = sampledTolerance(weights, x, columns) / margin;
      expectClose(y, linearTwin(weights, x, rows, columns), tolerance);
      // The columns past the last row stay untouched.
      expect(padded.filter((_, i) => i % yStride >= rows).every(value => value === 0)).toBe(true);
    });

    it('gather equals the CPU dequantiser exactly, or to one rounding', async () => {
      const columns = 512;
      const { matrix, weights } = await uploadSample(device, type, 130, columns);
      const ids = new Uint32Array([0, 129, 64, 63, 0]);
      const x = { buffer: await device.memory.storage('x', ids.length * columns * 4), stride: columns };
      await run(device, await createGather(device, matrix, await bufferOf(device, ids), x), {
        position: 0,
        tokens: ids.length,
      });
      const actual = new Float32Array(await readBuffer(device, x.buffer, ids.length * columns * 4));
      const expected = Float64Array.from(actual, (_, i) => {
        return weights[ids[Math.floor(i / columns)]! * columns + (i % columns)]!;
      });
      const largest = weights.reduce((max, value) => Math.max(max, Math.abs(value)), 0);
      expectClose(actual, expected, largest * 2 ** -22);
    });
  });

  it('splits a matrix by rows where a plane exceeds the binding limit', async () => {
    const [rows, columns] = [333, 256];
    const { matrix, weights } = await uploadSample(device, 'Q4_K', rows, columns, 64 * 128 * 2);
    expect(matrix.parts.map(part => part.rows)).toEqual([128, 128, 77]);
    const x = randomNormal(columns, 5);
    const xBuffer = await bufferOf(device, x);
    const yBuffer = await device.memory.storage('y', rows * 4);
    const step = { position: 0, tokens: 1 };
    const tolerance = sampledTolerance(weights, x, columns) / margin;
    const expected = linearTwin(weights, x, rows, columns);
    await run(device, await createMatvec(device, matrix, xBuffer, yBuffer), step);
    expectClose(new Float32Array(await readBuffer(device, yBuffer, rows * 4)), expected, tolerance);

    const state = await device.memory.uniform('state', new Uint32Array([0, 1]));
    const many = { buffer: await device.memory.storage('y', rows * 4), stride: rows };
    await run(
      device,
      await createMatmul(device, matrix, { buffer: xBuffer, stride: columns }, many, state),
      step,
    );
    expectClose(new Float32Array(await readBuffer(device, many.buffer, rows * 4)), expected, tolerance);

    const ids = await bufferOf(device, new Uint32Array([127, 128, 332]));
    const rowsOut = { buffer: await device.memory.storage('x', 3 * columns * 4), stride: columns };
    await run(device, await createGather(device, matrix, ids, rowsOut), { position: 0, tokens: 3 });
    const gathered = new Float32Array(await readBuffer(device, rowsOut.buffer, 3 * columns * 4));
    expect(gathered[columns]).toBeCloseTo(weights[128 * columns]!, 5);
    expect(gathered[2 * columns + 255]).toBeCloseTo(weights[332 * columns + 255]!, 5);
  });

  it('handles the 32001 rows of PMC-LLaMA', async () => {
    const [rows, columns] = [32001, 64];
    const { matrix, weights } = await uploadSample(device, 'Q4_0', rows, columns);
    const x = randomNormal(columns, 5);
    const yBuffer = await device.memory.storage('y', rows * 4);
    const step = { position: 0, tokens: 1 };
    await run(device, await createMatvec(device, matrix, await bufferOf(device, x), yBuffer), step);
    const y = new Float32Array(await readBuffer(device, yBuffer, rows * 4));
    expectClose(y, linearTwin(weights, x, rows, columns), sampledTolerance(weights, x, columns) / margin);
  });
});
