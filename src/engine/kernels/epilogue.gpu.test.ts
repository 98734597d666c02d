import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { computeAdapters, openDevice } from '../../../test/support/gpu.ts';
import { padRows, unpadRows, uploadSample } from '../../../test/support/matrices.ts';
import { randomNormal } from '../../../test/support/random.ts';
import { bufferOf, expectClose, readFloats, run } from '../../../test/support/run-kernels.ts';
import type { EngineDevice } from '../device/device.ts';
import type { GgmlTypeName } from '../quant/block-formats.ts';
import { paddedColumns } from '../quant/gpu-formats.ts';
import { createMatmul, type Gelu, type MatmulEpilogue } from './matmul.ts';
import { epilogueTwin, geluTwin, linearTolerance, linearTwin, tanhGeluTwin } from './twins.ts';

// Q6_K has the most planes: with bias and layer scale it fills the eight storage buffers that every device has. The
// epilogues do not know the format, whose products linear.gpu.test.ts compares, and drivers take seconds to compile each
// kernel: so there are few of them. BEDSIDE_ALL_CASES=1 has all.
const types: GgmlTypeName[] =
  process.env.BEDSIDE_ALL_CASES === '1'
    ? ['F32', 'F16', 'Q4_0', 'Q8_0', 'Q4_K', 'Q5_K', 'Q6_K']
    : ['F16', 'Q6_K'];
const epilogues = ['bias', 'bias-gelu', 'bias-gelu-tanh', 'bias-scale-add', 'bias-add'] as const;

const gelus: Partial<Record<(typeof epilogues)[number], Gelu>> = {
  'bias-gelu': 'erf',
  'bias-gelu-tanh': 'tanh',
};

describe.each(computeAdapters)('matmul epilogues on %s', adapter => {
  let device: EngineDevice;
  beforeAll(async () => {
    device = await openDevice(adapter);
  });
  afterAll(() => device.destroy());

  async function check(
    type: GgmlTypeName,
    kind: (typeof epilogues)[number],
    { tokens, rows, columns, parts = 1 }: { tokens: number; rows: number; columns: number; parts?: number },
    bindingBytes?: number,
  ) {
    const { matrix, weights } = await uploadSample(device, type, rows, columns, bindingBytes);
    expect(matrix.parts.length).toBe(parts);
    const x = randomNormal(tokens * columns, 7);
    const bias = randomNormal(rows, 8);
    const layerScale = randomNormal(rows, 9);
    const before = randomNormal(tokens * rows, 10);
    const stride = paddedColumns(columns);
    const yStride = paddedColumns(rows) + 32;
    const xs = { buffer: await bufferOf(device, padRows(x, columns, stride)), stride };
    const ys = { buffer: await bufferOf(device, padRows(before, rows, yStride)), stride: yStride };
    const state = await device.memory.uniform('state', new Uint32Array([0, tokens]));
    const gelu = gelus[kind];
    const accumulate = kind === 'bias-add' || undefined;
    const scaled = kind === 'bias-scale-add';
    const biases = await bufferOf(device, bias);
    const epilogue: MatmulEpilogue = scaled
      ? { bias: biases, layerScale: await bufferOf(device, layerScale) }
      : accumulate
        ? { bias: biases, accumulate }
        : { bias: biases, ...(gelu && { gelu }) };
    await run(device, await createMatmul(device, matrix, xs, ys, state, { epilogue }), {
      position: 0,
      tokens,
    });

    const products = linearTwin(weights, x, rows, columns);
    const vectors = {
      bias,
      ...(gelu && { gelu }),
      ...(accumulate && { accumulate }),
      ...(scaled && { layerScale }),
    };
    const expected = epilogueTwin(products, vectors, before);
    const largest = (values: ArrayLike<number>) =>
      Array.from(values).reduce((a, b) => Math.max(a, Math.abs(b)), 0);
    const productTolerance = Array.from({ length: tokens }, (_, t) =>
      linearTolerance(weights, x.subarray(t * columns, (t + 1) * columns)),
    ).reduce((a, b) => Math.max(a, b));
    // GELU's slope is at most 1.13; beyond the product's own error there are a few roundings of the result.
    const gain = scaled ? largest(layerScale) : 1.13;
    const padded = await readFloats(device, ys.buffer, tokens * yStride);
    expectClose(
      unpadRows(padded, rows, yStride),
      expected,
      gain * productTolerance + 2 ** -22 * largest(expected),
    );
    // The columns past the last row stay untouched.
    expect(padded.filter((_, i) => i % yStride >= rows).every(value => value === 0)).toBe(true);
  }

  it.each(types.flatMap(type => epilogues.map(kind => ({ type, kind }))))('$type, $kind', async each => {
    const columns = each.type === 'F32' || each.type === 'F16' ? 172 : 512;
    await check(each.type, each.kind, { tokens: 1, rows: 7, columns });
    await check(each.type, each.kind, { tokens: 70, rows: 133, columns });
  });

  it.each(epilogues)('%s of a matrix in parts reads its vectors at the whole matrix row', async kind => {
    await check('Q6_K', kind, { tokens: 66, rows: 333, columns: 256, parts: 3 }, 64 * 128 * 2);
    await check('F16', kind, { tokens: 3, rows: 130, columns: 100, parts: 3 }, 64 * 128 * 2);
  });

  it('an encoder width: 1024 columns, 65 tokens', async () => {
    await check('F16', 'bias-scale-add', { tokens: 65, rows: 200, columns: 1024 });
  });

  async function geluOf(
    values: Float32Array<ArrayBuffer>,
    gelu: 'erf' | 'tanh' = 'erf',
  ): Promise<Float32Array> {
    const rows = values.length;
    const { matrix } = await uploadSample(device, 'F32', rows, 32);
    const zeros = { buffer: await device.memory.storage('x', 32 * 4), stride: 32 };
    const ys = { buffer: await device.memory.storage('y', rows * 4), stride: rows };
    const state = await device.memory.uniform('state', new Uint32Array([0, 1]));
    const epilogue = { bias: await bufferOf(device, values), gelu };
    const step = { position: 0, tokens: 1 };
    await run(device, await createMatmul(device, matrix, zeros, ys, state, { epilogue }), step);
    return readFloats(device, ys.buffer, rows);
  }

  it('gelu is exact to f32 from the tails to zero', async () => {
    const sweep = Array.from({ length: 8001 }, (_, i) => (i - 4000) / 250);
    const extremes = [1e-30, 1e-10, 1e-4, 12.9999, 13, 14, 100, 1e10, 1e30];
    const values = Float32Array.from([...sweep, ...extremes, ...extremes.map(v => -v)]);
    const actual = await geluOf(values);
    let worst = 0;
    let worstRelative = 0;
    values.forEach((v, i) => {
      const expected = geluTwin(v);
      const error = Math.abs(actual[i]! - expected);
      worst = Math.max(worst, error / (2 ** -23 * Math.abs(v) + 1e-7));
      if (v > -3 && v !== 0) worstRelative = Math.max(worstRelative, error / Math.abs(expected));
    });
    expect(worst).toBeLessThanOrEqual(1);
    expect(worstRelative).toBeLessThanOrEqual(1e-6);
  });

  it('gelu by the tangent formula follows it from the tails to zero', async () => {
    const sweep = Array.from({ length: 8001 }, (_, i) => (i - 4000) / 250);
    const extremes = [1e-30, 1e-10, 1e-4, 12.9999, 13, 14, 100, 1e10, 1e30];
    const values = Float32Array.from([...sweep, ...extremes, ...extremes.map(v => -v)]);
    const actual = await geluOf(values, 'tanh');
    values.forEach((v, i) => {
      expect(Math.abs(actual[i]! - tanhGeluTwin(v))).toBeLessThanOrEqual(2 ** -20 * Math.abs(v));
    });
  });

  it.each(['erf', 'tanh'] as const)('gelu (%s) keeps a number that is not one', async gelu => {
    const actual = await geluOf(Float32Array.from([Number.NaN, 1, Number.POSITIVE_INFINITY]), gelu);
    expect(actual[0]).toBeNaN();
    expect(actual[1]).toBeCloseTo(gelu === 'erf' ? 0.841345 : 0.841192, 5);
    expect(Number.isFinite(actual[2])).toBe(false);
  });
});
