// Q4_K: see linear/formats/q4_k.ts. Of four rows a block is 512 bytes, of which 128 hold sub-block 2i in the low nibbles and
// 2i + 1 in the high ones, and a header of four words of each row.
import { halves4, zero } from '../../lib/simd';
import { addScaled, dotHighNibbles, dotLowNibbles } from './dots';
import { byteOf } from './scales';

/** The scales of the sub-blocks 0..3, or 4..7, a byte each. */
@inline
export function scalesOfFour(header: usize, isUpper: bool): v128 {
  const words = v128.load(header, 16);
  if (!isUpper) return v128.and(words, i8x16.splat(0x3f));
  const low = v128.and(v128.load(header, 48), i8x16.splat(15));
  return v128.or(low, v128.and(i32x4.shr_u(words, 2), i8x16.splat(0x30)));
}

/** The mins. */
@inline
export function minimaOfFour(header: usize, isUpper: bool): v128 {
  const words = v128.load(header, 32);
  if (!isUpper) return v128.and(words, i8x16.splat(0x3f));
  const low = v128.and(i32x4.shr_u(v128.load(header, 48), 4), i8x16.splat(15));
  return v128.or(low, v128.and(i32x4.shr_u(words, 2), i8x16.splat(0x30)));
}

/** Two sub-blocks, k and k + 1 of the four whose scales are given. */
@inline
function addPair<T>(total: v128, w: usize, x: usize, steps: usize, scales: v128, k: i32): v128 {
  const quad: usize = 4 * sizeof<T>();
  let low = i32x4.splat(0);
  let high = i32x4.splat(0);
  for (let i: usize = 0; i < 8; i += 2) {
    const at = x + 2 * i * quad;
    let bytes = v128.load(w + 16 * i);
    low = dotLowNibbles<T>(bytes, at, low);
    high = dotHighNibbles<T>(bytes, at + quad, high);
    bytes = v128.load(w + 16 * i, 16);
    low = dotLowNibbles<T>(bytes, at + 2 * quad, low);
    high = dotHighNibbles<T>(bytes, at + 3 * quad, high);
  }
  const sum = addScaled(total, low, f32x4.mul(byteOf(scales, k), v128.load32_splat(steps)));
  return addScaled(sum, high, f32x4.mul(byteOf(scales, k + 1), v128.load32_splat(steps, 4)));
}

/** What four sub-blocks' mins take away, but for dmin. */
@inline
function addMinima(total: v128, minima: v128, shared: usize): v128 {
  let sum = f32x4.add(total, f32x4.mul(byteOf(minima, 0), v128.load32_splat(shared)));
  sum = f32x4.add(sum, f32x4.mul(byteOf(minima, 1), v128.load32_splat(shared, 4)));
  sum = f32x4.add(sum, f32x4.mul(byteOf(minima, 2), v128.load32_splat(shared, 8)));
  return f32x4.add(sum, f32x4.mul(byteOf(minima, 3), v128.load32_splat(shared, 12)));
}

/** The products of four rows; `shared`: minus the sum of each sub-block's activations. */
export function fourQ4K<T>(
  quants: usize,
  headers: usize,
  four: i32,
  columns: i32,
  quads: usize,
  steps: usize,
  shared: usize,
): v128 {
  const blocks = columns / 256;
  let w = quants + <usize>four * blocks * 512;
  let header = headers + <usize>four * blocks * 64;
  let x = quads;
  let step = steps;
  let sums = shared;
  const pair: usize = 64 * sizeof<T>();
  let total = zero();
  for (let block = 0; block < blocks; block++) {
    let scales = scalesOfFour(header, false);
    let sum = addPair<T>(zero(), w, x, step, scales, 0);
    sum = addPair<T>(sum, w + 128, x + pair, step + 8, scales, 2);
    scales = scalesOfFour(header, true);
    sum = addPair<T>(sum, w + 256, x + 2 * pair, step + 16, scales, 0);
    sum = addPair<T>(sum, w + 384, x + 3 * pair, step + 24, scales, 2);
    let minima = addMinima(zero(), minimaOfFour(header, false), sums);
    minima = addMinima(minima, minimaOfFour(header, true), sums + 16);
    const both = v128.load(header);
    const d = halves4(v128.and(both, i32x4.splat(0xffff)));
    total = f32x4.add(total, f32x4.mul(sum, d));
    total = f32x4.add(total, f32x4.mul(minima, halves4(i32x4.shr_u(both, 16))));
    w += 512;
    header += 64;
    x += 4 * pair;
    step += 32;
    sums += 32;
  }
  return total;
}
