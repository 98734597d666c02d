// Q6_K: weight = d * scale * (q - 32), q of 6 bits, 256 weights a block, a signed 8-bit scale for 16. Planes
// (shaders/linear/formats/q6_k.wgsl): 128 bytes of low bits, 64 of high ones, 16 scales, f16 d.
//
// The runs of 16 weights at 128 n + 32 j + 16 s, j = 0..3, share 16 bytes of high bits; a quarter of a block is these four.
import { half, madd, sumsOf, zero } from '../../lib/simd';
import { sum16, transpose16 } from './activations';
import { storeSigned } from './signed-bytes';

/** x permuted, and -32 times the sum of each run, both by quarters. */
export function prepareQ6K(x: usize, columns: i32, to: usize, sums: usize): void {
  let out = to;
  let sumOut = sums;
  for (let block = 0; block < columns; block += 256) {
    for (let quarter = 0; quarter < 4; quarter++) {
      for (let j = 0; j < 4; j++) {
        const at = x + 4 * (block + 128 * (quarter >> 1) + 32 * j + 16 * (quarter & 1));
        transpose16(at, out, 1, 0.00390625, 0.0000152587890625, 5.9604644775390625e-8);
        store<f32>(sumOut, -32 * sum16(at));
        out += 64;
        sumOut += 4;
      }
    }
  }
}

/** d * scale of the 16 runs, by quarters. */
@inline
function storeScales(subScales: usize, scale: usize, to: usize): void {
  const d = f32x4.splat(half(load<u16>(scale)));
  const bytes = v128.load(subScales);
  storeSigned(i8x16.shuffle(bytes, bytes, 0, 2, 4, 6, 1, 3, 5, 7, 8, 10, 12, 14, 9, 11, 13, 15), d, to);
}

/** Run j of a quarter, a byte each: `low` its own 16 bytes of low bits, `high` those of the quarter. */
@inline
function runOf(low: v128, high: v128, j: i32): v128 {
  const nibbles = j < 2 ? v128.and(low, i8x16.splat(15)) : v128.and(i32x4.shr_u(low, 4), i8x16.splat(15));
  let top = high;
  if (j == 0) top = i32x4.shl(high, 4);
  if (j == 1) top = i32x4.shl(high, 2);
  if (j == 3) top = i32x4.shr_u(high, 2);
  return v128.or(nibbles, v128.and(top, i8x16.splat(0x30)));
}

/** Numbers of 6 bits, a byte each; the top one of a lane leaves its sign alone. */
@inline
function dotRun(q: v128, x: usize): v128 {
  let sum = f32x4.mul(f32x4.convert_i32x4_s(v128.and(q, i32x4.splat(0x3f))), v128.load(x));
  sum = madd(f32x4.convert_i32x4_s(v128.and(q, i32x4.splat(0x3f00))), v128.load(x, 16), sum);
  sum = madd(f32x4.convert_i32x4_s(v128.and(q, i32x4.splat(0x3f0000))), v128.load(x, 32), sum);
  return madd(f32x4.convert_i32x4_s(v128.and(q, i32x4.splat(0x3f000000))), v128.load(x, 48), sum);
}

/** A quarter: its 64 weights, and what 32 takes away. */
@inline
function dotQuarter(low: usize, high: usize, x: usize, sums: usize, scales: usize, sum: v128): v128 {
  const even = v128.load(low);
  const odd = v128.load(low, 32);
  const top = v128.load(high);
  let term = madd(v128.load(scales), v128.load(sums), sum);
  term = madd(dotRun(runOf(even, top, 0), x), v128.load32_splat(scales), term);
  term = madd(dotRun(runOf(odd, top, 1), x + 64), v128.load32_splat(scales, 4), term);
  term = madd(dotRun(runOf(even, top, 2), x + 128), v128.load32_splat(scales, 8), term);
  return madd(dotRun(runOf(odd, top, 3), x + 192), v128.load32_splat(scales, 12), term);
}

/** The products of two rows with x, in lanes 0 and 1; `room`: 128 bytes. */
export function dotQ6K(
  low: usize,
  high: usize,
  subScales: usize,
  scales: usize,
  rowA: i32,
  rowB: i32,
  columns: i32,
  x: usize,
  sums: usize,
  room: usize,
): v128 {
  const blocks = columns / 256;
  const a = <usize>blocks * rowA;
  const b = <usize>blocks * rowB;
  let sumA = zero();
  let sumB = zero();
  for (let block = 0; block < blocks; block++) {
    storeScales(subScales + 16 * (a + block), scales + 2 * (a + block), room);
    storeScales(subScales + 16 * (b + block), scales + 2 * (b + block), room + 64);
    for (let quarter = 0; quarter < 4; quarter++) {
      const lowAt = 64 * (quarter >> 1) + 16 * (quarter & 1);
      const at = x + 1024 * block + 256 * quarter;
      const sum = sums + 64 * block + 16 * quarter;
      const lowA = low + 128 * (a + block) + lowAt;
      const lowB = low + 128 * (b + block) + lowAt;
      const highAt = 16 * quarter;
      sumA = dotQuarter(lowA, high + 64 * (a + block) + highAt, at, sum, room + 16 * quarter, sumA);
      sumB = dotQuarter(lowB, high + 64 * (b + block) + highAt, at, sum, room + 64 + 16 * quarter, sumB);
    }
  }
  return sumsOf(sumA, sumB, zero(), zero());
}

export function dequantizeQ6K(
  low: usize,
  high: usize,
  subScales: usize,
  scales: usize,
  row: i32,
  columns: i32,
  first: i32,
  count: i32,
  to: usize,
  room: usize,
): void {
  const block0 = (<usize>columns * row + first) / 256;
  for (let i = 0; i < count / 256; i++) {
    const block = block0 + i;
    storeScales(subScales + 16 * block, scales + 2 * block, room);
    for (let quarter = 0; quarter < 4; quarter++) {
      const lowAt = low + 128 * block + 64 * (quarter >> 1) + 16 * (quarter & 1);
      const even = v128.load(lowAt);
      const odd = v128.load(lowAt, 32);
      const top = v128.load(high + 64 * block + 16 * quarter);
      const out = to + 1024 * i + 512 * (quarter >> 1) + 64 * (quarter & 1);
      const scale = room + 16 * quarter;
      storeRun(runOf(even, top, 0), v128.load32_splat(scale), out);
      storeRun(runOf(odd, top, 1), v128.load32_splat(scale, 4), out + 128);
      storeRun(runOf(even, top, 2), v128.load32_splat(scale, 8), out + 256);
      storeRun(runOf(odd, top, 3), v128.load32_splat(scale, 12), out + 384);
    }
  }
}

@inline
function storeRun(q: v128, scale: v128, to: usize): void {
  storeSigned(i8x16.sub(q, i8x16.splat(32)), scale, to);
}
