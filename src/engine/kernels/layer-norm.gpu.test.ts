import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { computeAdapters, openDevice } from '../../../test/support/gpu.ts';
import { padRows, unpadRows } from '../../../test/support/matrices.ts';
import { randomNormal } from '../../../test/support/random.ts';
import { bufferOf, expectClose, readFloats, run, withVariant } from '../../../test/support/run-kernels.ts';
import type { EngineDevice } from '../device/device.ts';
import { createLayerNorm } from './layer-norm.ts';
import { layerNormTwin } from './twins.ts';

describe.each(computeAdapters)('layer-norm on %s', adapter => {
  let device: EngineDevice;
  beforeAll(async () => {
    device = await openDevice(adapter);
  });
  afterAll(() => device.destroy());

  const shapes = [
    { tokens: 1, columns: 128, mean: 0 },
    { tokens: 3, columns: 100, mean: 2 },
    { tokens: 65, columns: 1024, mean: -1 },
    { tokens: 2, columns: 4096, mean: 0 },
    { tokens: 5, columns: 7, mean: 0 },
    // E[x^2] - mean^2 would lose the variance here.
    { tokens: 4, columns: 1024, mean: 300 },
  ];
  const cases = shapes.flatMap(shape => [true, false].map(subgroups => ({ ...shape, subgroups })));
  it.each(cases)('$tokens x $columns around $mean, subgroups $subgroups', async each => {
    const { tokens, columns, mean } = each;
    const view = withVariant(device, { subgroups: each.subgroups && device.variant.subgroups });
    const x = randomNormal(tokens * columns, 1).map(value => value + mean);
    const weight = randomNormal(columns, 2);
    const bias = randomNormal(columns, 3);
    const [xStride, yStride] = [columns + 5, columns + 32];
    const xs = { buffer: await bufferOf(view, padRows(x, columns, xStride)), stride: xStride };
    const ys = { buffer: await view.memory.storage('y', tokens * yStride * 4), stride: yStride };
    const state = await view.memory.uniform('state', new Uint32Array([0, tokens]));
    const options = { columns, epsilon: 1e-6 };
    const [weights, biases] = [await bufferOf(view, weight), await bufferOf(view, bias)];
    const norm = await createLayerNorm(view, xs, weights, biases, ys, state, options);
    await run(view, [norm], { position: 0, tokens });

    const padded = await readFloats(view, ys.buffer, tokens * yStride);
    // The mean is off by a rounding of |x| per 128 terms and a few; that over the deviation of 1 is the error of y.
    const size = (values: Float32Array) => values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    const tolerance = 2 ** -24 * (12 + columns / 128) * (size(x) + 4) * (size(weight) + 1);
    expectClose(
      unpadRows(padded, columns, yStride),
      layerNormTwin(x, weight, bias, options.epsilon),
      tolerance,
    );
    expect(padded.every(Number.isFinite)).toBe(true);
    expect(padded.filter((_, i) => i % yStride >= columns).every(value => value === 0)).toBe(true);
  });

  it('normalises a row of equal values to the bias', async () => {
    const columns = 64;
    const rows = async (data: Float32Array<ArrayBuffer>) => ({
      buffer: await bufferOf(device, data),
      stride: columns,
    });
    const [xs, ys] = [await rows(new Float32Array(columns).fill(3)), await rows(new Float32Array(columns))];
    const bias = randomNormal(columns, 1);
    const state = await device.memory.uniform('state', new Uint32Array([0, 1]));
    const weights = await bufferOf(device, randomNormal(columns, 2));
    const options = { columns, epsilon: 1e-6 };
    const norm = await createLayerNorm(device, xs, weights, await bufferOf(device, bias), ys, state, options);
    await run(device, [norm], { position: 0, tokens: 1 });
    expect(await readFloats(device, ys.buffer, columns)).toEqual(bias);
  });

  it('finds its row on a grid of two dimensions, and stops at the last one', async () => {
    const [tokens, columns] = [5, 64];
    const x = randomNormal(tokens * columns, 1);
    const ones = new Float32Array(columns).fill(1);
    const xs = { buffer: await bufferOf(device, x), stride: columns };
    const ys = { buffer: await device.memory.storage('y', 6 * columns * 4), stride: columns };
    const state = await device.memory.uniform('state', new Uint32Array([0, tokens]));
    const zeros = await device.memory.storage('bias', columns * 4);
    const options = { columns, epsilon: 1e-6 };
    const norm = await createLayerNorm(device, xs, await bufferOf(device, ones), zeros, ys, state, options);
    // As foldGrid does past 65535 tokens.
    await run(device, [{ ...norm, grid: [3, 2] }], { position: 0, tokens });
    const expected = layerNormTwin(x, ones, new Float32Array(columns), options.epsilon);
    const y = await readFloats(device, ys.buffer, 6 * columns);
    expectClose(y.subarray(0, x.length), expected, 1e-5);
    expect(y.subarray(x.length).every(value => value === 0)).toBe(true);
  });
});
