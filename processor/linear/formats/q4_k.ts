// Q4_K: weight = d * scale_k * nibble - dmin * min_k, 256 weights a block, 8 sub-blocks k of 32. Planes
// (shaders/linear/formats/q4_k.wgsl): 128 bytes, of which 32 hold sub-block 2i in the low nibbles and 2i + 1 in the high
// ones; (d, dmin) in f16 and 12 bytes of 6-bit scales and mins.
import { bytesOf, half, madd, sumsOf, zero } from '../../lib/simd';
import { forNibbles, groupSums } from './activations';
import { dotHigh, dotLow } from './nibbles';

/** x permuted, and minus the sum of each sub-block of it. */
export function prepareQ4K(x: usize, columns: i32, to: usize, sums: usize): void {
  for (let i = 0; i < columns; i += 64) {
    const at = x + 4 * i;
    forNibbles(at, at + 128, to + 4 * i);
    forNibbles(at + 64, at + 192, to + 4 * i + 128);
  }
  groupSums(x, columns, 32, -1, sums);
}

/** d * scale of the sub-blocks 0..3, or 4..7. */
@inline
export function scalesOf(header: usize, isUpper: bool): v128 {
  const a = load<u32>(header, 4);
  const word = isUpper
    ? (load<u32>(header, 12) & 0x0f0f0f0f) | ((a >> 2) & 0x30303030)
    : a & 0x3f3f3f3f;
  return f32x4.mul(f32x4.splat(half(load<u16>(header))), bytesOf(word));
}

/** dmin * min of the sub-blocks 0..3, or 4..7. */
@inline
export function minimaOf(header: usize, isUpper: bool): v128 {
  const b = load<u32>(header, 8);
  const word = isUpper
    ? ((load<u32>(header, 12) >> 4) & 0x0f0f0f0f) | ((b >> 2) & 0x30303030)
    : b & 0x3f3f3f3f;
  return f32x4.mul(f32x4.splat(half(load<u16>(header, 2))), bytesOf(word));
}

/** What a block's minima take away, added to `sum`; its scales into `room`. */
@inline
function beginBlock(header: usize, sums: usize, room: usize, sum: v128): v128 {
  v128.store(room, scalesOf(header, false));
  v128.store(room + 16, scalesOf(header, true));
  return madd(minimaOf(header, true), v128.load(sums, 16), madd(minimaOf(header, false), v128.load(sums), sum));
}

/** Two sub-blocks, which share 32 bytes. */
@inline
function dotPair(quants: usize, x: usize, scales: usize, sum: v128): v128 {
  const q0 = v128.load(quants);
  const q1 = v128.load(quants, 16);
  const low = f32x4.add(dotLow(q0, x), dotLow(q1, x + 128));
  const high = f32x4.add(dotHigh(q0, x), dotHigh(q1, x + 128));
  return madd(high, v128.load32_splat(scales, 4), madd(low, v128.load32_splat(scales), sum));
}

/** The products of two rows with x, in lanes 0 and 1; `room`: 64 bytes. */
export function dotQ4K(
  quants: usize,
  headers: usize,
  rowA: i32,
  rowB: i32,
  columns: i32,
  x: usize,
  sums: usize,
  room: usize,
): v128 {
  const blocks = columns / 256;
  let a = quants + <usize>blocks * 128 * rowA;
  let b = quants + <usize>blocks * 128 * rowB;
  const headersA = headers + <usize>blocks * 16 * rowA;
  const headersB = headers + <usize>blocks * 16 * rowB;
  let sumA = zero();
  let sumB = zero();
  let at = x;
  for (let block = 0; block < blocks; block++) {
    sumA = beginBlock(headersA + 16 * block, sums + 32 * block, room, sumA);
    sumB = beginBlock(headersB + 16 * block, sums + 32 * block, room + 32, sumB);
    for (let pair = 0; pair < 4; pair++) {
      sumA = dotPair(a, at, room + 8 * pair, sumA);
      sumB = dotPair(b, at, room + 8 * pair + 32, sumB);
      a += 32;
      b += 32;
      at += 256;
    }
  }
  return sumsOf(sumA, sumB, zero(), zero());
}

export function dequantizeQ4K(
  quants: usize,
  headers: usize,
  row: i32,
  columns: i32,
  first: i32,
  count: i32,
  to: usize,
  room: usize,
): void {
  const block0 = (<usize>columns * row + first) / 256;
  for (let i = 0; i < count / 256; i++) {
    const header = headers + 16 * (block0 + i);
    v128.store(room, scalesOf(header, false));
    v128.store(room + 16, scalesOf(header, true));
    v128.store(room + 32, minimaOf(header, false));
    v128.store(room + 48, minimaOf(header, true));
    for (let half = 0; half < 8; half++) {
      const bytes = v128.load(quants + 128 * (block0 + i) + 16 * half);
      const k = 2 * (half >> 1);
      const out = to + 1024 * i + 128 * k + 64 * (half & 1);
      storeNibbles(v128.and(bytes, i8x16.splat(15)), room + 4 * k, out);
      storeNibbles(i8x16.shr_u(bytes, 4), room + 4 * k + 4, out + 128);
    }
  }
}

/** 16 numbers times the scale, minus the minimum 32 bytes behind it. */
@inline
function storeNibbles(bytes: v128, scaleAt: usize, to: usize): void {
  const scale = v128.load32_splat(scaleAt);
  const minimum = v128.load32_splat(scaleAt, 32);
  const low = i16x8.extend_low_i8x16_u(bytes);
  const high = i16x8.extend_high_i8x16_u(bytes);
  store4(i32x4.extend_low_i16x8_u(low), scale, minimum, to);
  store4(i32x4.extend_high_i16x8_u(low), scale, minimum, to + 16);
  store4(i32x4.extend_low_i16x8_u(high), scale, minimum, to + 32);
  store4(i32x4.extend_high_i16x8_u(high), scale, minimum, to + 48);
}

@inline
function store4(q: v128, scale: v128, minimum: v128, to: usize): void {
  v128.store(to, f32x4.sub(f32x4.mul(f32x4.convert_i32x4_s(q), scale), minimum));
}
