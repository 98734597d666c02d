import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { computeAdapters, openDevice } from '../../../test/support/gpu.ts';
import { padRows, uploadSample } from '../../../test/support/matrices.ts';
import { randomNormal } from '../../../test/support/random.ts';
import { bufferOf, expectClose, readFloats, run, withVariant } from '../../../test/support/run-kernels.ts';
import type { EngineDevice } from '../gpu/device.ts';
import type { GgmlTypeName } from '../quant/block-formats.ts';
import { paddedColumns } from '../quant/gpu-formats.ts';
import { createGatedMatvec, createMatvec } from './matvec.ts';
import { linearTolerance, linearTwin, rmsNormTwin, siluMulTolerance, siluMulTwin } from './twins.ts';

// One of each format on the GPU.
const types: GgmlTypeName[] = ['F32', 'F16', 'Q4_0', 'Q8_0', 'Q4_K', 'Q6_K', 'Q5_K', 'Q2_K'];
const isPlain = (type: GgmlTypeName) => type === 'F32' || type === 'F16';
const step = { position: 0, tokens: 1 };
const epsilon = 1e-5;

describe.each(computeAdapters)('folded products of one token on %s', adapter => {
  let device: EngineDevice;
  beforeAll(async () => {
    device = await openDevice(adapter);
  });
  afterAll(() => device.destroy());

  /** x with its norm, on the device, and RMSNorm(x) as numbers. */
  async function normedInput(columns: number) {
    const padded = paddedColumns(columns);
    const x = randomNormal(columns, 5, 3);
    const weight = randomNormal(columns, 6);
    const buffer = await bufferOf(device, padRows(x, columns, padded));
    const norm = { weight: await bufferOf(device, padRows(weight, columns, padded)), epsilon };
    return { buffer, norm, normed: Float32Array.from(rmsNormTwin(x, weight, epsilon)) };
  }

  const variants = [true, false].flatMap(subgroups => [1, 7, 133].map(rows => ({ subgroups, rows })));
  describe.each(types)('%s', type => {
    it.each(variants)('norms on the way, $rows rows, subgroups $subgroups', async ({ subgroups, rows }) => {
      // 172: rows end inside a unit. 1280: more units than invocations.
      const columns = isPlain(type) ? 172 : 1280;
      const { matrix, weights } = await uploadSample(device, type, rows, columns);
      const { buffer, norm, normed } = await normedInput(columns);
      const view = withVariant(device, { subgroups: subgroups && device.variant.subgroups });
      const y = await device.memory.storage('y', rows * 4);
      await run(device, await createMatvec(view, matrix, buffer, y, { norm }), step);
      const expected = linearTwin(weights, normed, rows, columns);
      expectClose(await readFloats(device, y, rows), expected, linearTolerance(weights, normed));
    });

    const fronts = [true, false].flatMap(subgroups => [1, 7, 66].map(rows => ({ subgroups, rows })));
    it.each(fronts)('gates $rows rows, subgroups $subgroups', async ({ subgroups, rows }) => {
      const columns = isPlain(type) ? 172 : 1280;
      // Rows between the two matrices must not matter.
      const upRow = rows + 5;
      const { matrix, weights } = await uploadSample(device, type, upRow + rows, columns);
      const { buffer, norm, normed } = await normedInput(columns);
      const view = withVariant(device, { subgroups: subgroups && device.variant.subgroups });
      const y = await device.memory.storage('y', (rows + 1) * 4);
      await run(device, [await createGatedMatvec(view, matrix, upRow, buffer, y, norm)], step);
      const products = Float32Array.from(linearTwin(weights, normed, upRow + rows, columns));
      const [gate, up] = [products.subarray(0, rows), products.subarray(upRow)];
      const tolerance = siluMulTolerance(gate, up, linearTolerance(weights, normed));
      const actual = await readFloats(device, y, rows + 1);
      expectClose(actual, siluMulTwin(gate, up), tolerance);
      expect(actual[rows]).toBe(0);
    });
  });

  it('norms on the way into every part of a split matrix', async () => {
    const [rows, columns] = [333, 256];
    const { matrix, weights } = await uploadSample(device, 'Q4_K', rows, columns, 64 * 128 * 2);
    expect(matrix.parts.length).toBe(3);
    const { buffer, norm, normed } = await normedInput(columns);
    const y = await device.memory.storage('y', rows * 4);
    await run(device, await createMatvec(device, matrix, buffer, y, { norm }), step);
    const expected = linearTwin(weights, normed, rows, columns);
    expectClose(await readFloats(device, y, rows), expected, linearTolerance(weights, normed));
  });

  it('takes the mean over the columns alone, and adds epsilon to it', async () => {
    const columns = 40;
    const { matrix, weights } = await uploadSample(device, 'F32', 5, columns);
    // So small that epsilon decides.
    const x = randomNormal(columns, 5, 1e-3);
    const ones = new Float32Array(columns).fill(1);
    const padded = paddedColumns(columns);
    const y = await device.memory.storage('y', 20);
    const norm = { weight: await bufferOf(device, padRows(ones, columns, padded)), epsilon };
    const buffer = await bufferOf(device, padRows(x, columns, padded));
    await run(device, await createMatvec(device, matrix, buffer, y, { norm }), step);
    const normed = Float32Array.from(rmsNormTwin(x, ones, epsilon));
    expectClose(
      await readFloats(device, y, 5),
      linearTwin(weights, normed, 5, columns),
      linearTolerance(weights, normed),
    );
  });
});
