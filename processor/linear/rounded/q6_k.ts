// Q6_K: see linear/formats/q6_k.ts. Of four rows a block is 512 bytes of low bits, 256 of high ones, 64 of scales and four f16.
// A span is half a block, in which four runs of 32 columns share the high bits; four columns of each are a step of the loop.
import { halves4, zero } from '../../lib/simd';
import { addScaled, dotQuad } from './dots';
import { signedByteOf } from './scales';

/** Run j of four columns a row, a byte each from 0 to 63: `low` its own low bits, `high` those of all runs. */
@inline
export function runOfFour(low: v128, high: v128, j: i32): v128 {
  const nibbles = v128.and(j < 2 ? low : i16x8.shr_u(low, 4), i8x16.splat(15));
  let top = high;
  if (j == 0) top = i16x8.shl(high, 4);
  if (j == 1) top = i16x8.shl(high, 2);
  if (j == 3) top = i16x8.shr_u(high, 2);
  return v128.or(nibbles, v128.and(top, i8x16.splat(0x30)));
}

/**
 * Sixteen columns of each run of a span. `scales`: of this span, two bytes a run; `half`: which of the two; `shared`: -32 times
 * the sum of each 16 activations.
 */
@inline
function addHalf<T>(
  total: v128,
  low: usize,
  high: usize,
  x: usize,
  steps: usize,
  shared: usize,
  lower: v128,
  upper: v128,
  half: i32,
): v128 {
  const quad: usize = 4 * sizeof<T>();
  const own = shared + 4 * half;
  let sum0 = v128.load32_splat(own);
  let sum1 = v128.load32_splat(own, 8);
  let sum2 = v128.load32_splat(own, 16);
  let sum3 = v128.load32_splat(own, 24);
  for (let i: usize = 0; i < 4; i++) {
    const even = v128.load(low + 16 * i);
    const odd = v128.load(low + 16 * i, 128);
    const top = v128.load(high + 16 * i);
    const at = x + 4 * i * quad;
    sum0 = dotQuad<T>(runOfFour(even, top, 0), at, sum0);
    sum1 = dotQuad<T>(runOfFour(odd, top, 1), at + quad, sum1);
    sum2 = dotQuad<T>(runOfFour(even, top, 2), at + 2 * quad, sum2);
    sum3 = dotQuad<T>(runOfFour(odd, top, 3), at + 3 * quad, sum3);
  }
  let all = addScaled(total, sum0, f32x4.mul(signedByteOf(lower, half), v128.load32_splat(steps)));
  all = addScaled(all, sum1, f32x4.mul(signedByteOf(lower, 2 + half), v128.load32_splat(steps, 4)));
  all = addScaled(all, sum2, f32x4.mul(signedByteOf(upper, half), v128.load32_splat(steps, 8)));
  return addScaled(all, sum3, f32x4.mul(signedByteOf(upper, 2 + half), v128.load32_splat(steps, 12)));
}

/** The products of four rows. */
export function fourQ6K<T>(
  lows: usize,
  highs: usize,
  subScales: usize,
  scales: usize,
  four: i32,
  columns: i32,
  quads: usize,
  steps: usize,
  shared: usize,
): v128 {
  const blocks = columns / 256;
  const first = <usize>four * blocks;
  let low = lows + 512 * first;
  let high = highs + 256 * first;
  let sub = subScales + 64 * first;
  let scale = scales + 8 * first;
  let x = quads;
  let step = steps;
  let sums = shared;
  const half: usize = 64 * sizeof<T>();
  let total = zero();
  for (let block = 0; block < blocks; block++) {
    let sum = zero();
    for (let span: usize = 0; span < 2; span++) {
      const lower = v128.load(sub + 32 * span);
      const upper = v128.load(sub + 32 * span, 16);
      sum = addHalf<T>(sum, low, high, x, step, sums, lower, upper, 0);
      sum = addHalf<T>(sum, low + 64, high + 64, x + half, step, sums, lower, upper, 1);
      low += 256;
      high += 128;
      x += 2 * half;
      step += 16;
      sums += 32;
    }
    total = f32x4.add(total, f32x4.mul(sum, halves4(v128.load16x4_u(scale))));
    sub += 64;
    scale += 8;
  }
  return total;
}
