import { describe, expect, test } from 'vitest';
import { GgmlType, type GgmlTypeName } from '../quant/block-formats.ts';
import { dequantizeTensor } from '../quant/dequantize.ts';
import { placements } from '../quant/gpu-formats.ts';
import { sampleNumbers, sampleTensorBytes } from '../quant/sample-blocks.ts';
import { linearTwin, sampledTolerance } from './twins.ts';

// The self-test's own problem, in every format: what its bound lets through, and what it does not.
const [rows, columns, tokens] = [9, 2048, 3];
const x = sampleNumbers(tokens * columns, 2);

describe.each(Object.keys(placements) as GgmlTypeName[])('the bound of products of %s', type => {
  const weights = dequantizeTensor(GgmlType[type], sampleTensorBytes(type, rows * columns, 1));
  const exact = linearTwin(weights, x, rows, columns);
  const tolerance = sampledTolerance(weights, x, columns);

  /** How far off products with other weights or inputs are, at the number that is furthest off. */
  function errorOf(changed: Float32Array, inputs = x): number {
    return linearTwin(changed, inputs, rows, columns).reduce(
      (worst, value, i) => Math.max(worst, Math.abs(value - exact[i]!)),
      0,
    );
  }

  test('leaves room for f32 sums from the first to the last term, four times over', () => {
    let worst = 0;
    exact.forEach((value, i) => {
      const [token, row] = [Math.floor(i / rows), i % rows];
      let sum = 0;
      for (let at = 0; at < columns; at++) {
        const term = Math.fround(weights[row * columns + at]! * x[token * columns + at]!);
        sum = Math.fround(sum + term);
      }
      worst = Math.max(worst, Math.abs(sum - value));
    });
    expect(4 * worst).toBeLessThan(tolerance);
  });

  test('is passed by no product that lacks one column', () => {
    const caught = Array.from({ length: columns }, (_, column) => {
      let largest = 0;
      for (let t = 0; t < tokens; t++) {
        for (let row = 0; row < rows; row++) {
          const term = weights[row * columns + column]! * x[t * columns + column]!;
          largest = Math.max(largest, Math.abs(term));
        }
      }
      return largest > 2 * tolerance;
    });
    expect(caught).not.toContain(false);
  });

  test('is passed by no product with two rows exchanged, one row twice, or the inputs of another token', () => {
    const row = (r: number) => weights.subarray(r * columns, (r + 1) * columns);
    const exchanged = weights.slice();
    exchanged.set(row(3), 4 * columns);
    expect(errorOf(exchanged)).toBeGreaterThan(100 * tolerance);
    exchanged.set(row(4), 3 * columns);
    expect(errorOf(exchanged)).toBeGreaterThan(100 * tolerance);
    const others = x.slice();
    others.set(x.subarray(0, columns), columns);
    expect(errorOf(weights, others)).toBeGreaterThan(100 * tolerance);
  });

  test('is passed by no product that forgets the scale of 16 weights', () => {
    const unscaled = weights.map((weight, i) => (i >= 32 && i < 48 ? 16 * weight : weight));
    expect(errorOf(unscaled)).toBeGreaterThan(10 * tolerance);
  });
});
