// Formats that are unpacked before they are multiplied: a byte a weight, and for each group a scale and an offset,
// weight = byte * scale + offset. What a format brings is how it is unpacked. Planes: shaders/linear/formats.
import { madd, sumsOf, zero } from '../../lib/simd';
import { forSignedBytes, groupSums, transpose16 } from './activations';
import { FORMAT_Q2_K, FORMAT_Q3_K, FORMAT_Q5_K, isSigned, unpackedGroup } from './names';
import { unpackQ2K, unpackQ3K } from './pairs';
import { unpackQ5K } from './q5_k';
import { dotBytes } from './signed-bytes';
import { unpackSixteens } from './sixteens';

/** Weights that are unpacked at a time. */
const MOST: i32 = 256;

// Of the room of a row: bytes, scales, offsets.
const SCALES: usize = 256;
const OFFSETS: usize = 320;
const ROW: usize = 384;

/** x permuted, and the sum of each group. */
export function prepareUnpacked(format: i32, x: usize, columns: i32, to: usize, sums: usize): void {
  if (isSigned(format)) return forSignedBytes(x, columns, to);
  for (let i = 0; i < columns; i += 16) {
    transpose16(x + 4 * i, to + 4 * i, 1, 0.00390625, 0.0000152587890625, 5.9604644775390625e-8);
  }
  groupSums(x, columns, unpackedGroup(format), 1, sums);
}

/**
 * `count` weights from `start` of the planes on: a block of 256, or fewer where a row of blocks of 32 ends. Offsets only of formats
 * that have some.
 */
function unpack(
  format: i32,
  p0: usize,
  p1: usize,
  p2: usize,
  p3: usize,
  start: usize,
  count: i32,
  bytes: usize,
  scales: usize,
  offsets: usize,
): void {
  switch (format) {
    case FORMAT_Q2_K:
      return unpackQ2K(p0, p1, p2, start / 256, bytes, scales, offsets);
    case FORMAT_Q3_K:
      return unpackQ3K(p0, p1, p2, p3, start / 256, bytes, scales, offsets);
    case FORMAT_Q5_K:
      return unpackQ5K(p0, p1, p2, start / 256, bytes, scales, offsets);
    default:
      unpackSixteens(format, p0, p1, p2, start, count, bytes, scales, offsets);
  }
}

/** 16 bytes from 0 to 127 times activations that `prepareUnpacked` permuted; sums by lane. */
@inline
function dotUnsigned(bytes: v128, x: usize): v128 {
  let sum = f32x4.mul(f32x4.convert_i32x4_s(v128.and(bytes, i32x4.splat(0x7f))), v128.load(x));
  sum = madd(f32x4.convert_i32x4_s(v128.and(bytes, i32x4.splat(0x7f00))), v128.load(x, 16), sum);
  sum = madd(f32x4.convert_i32x4_s(v128.and(bytes, i32x4.splat(0x7f0000))), v128.load(x, 32), sum);
  return madd(f32x4.convert_i32x4_s(v128.and(bytes, i32x4.splat(0x7f000000))), v128.load(x, 48), sum);
}

/** A row's unpacked weights times x, onto `sum`. */
@inline
function dotRow(row: usize, group: i32, count: i32, x: usize, sums: usize, sum: v128): v128 {
  let total = sum;
  for (let i: usize = 0; i < <usize>count; i += group) {
    const scale = v128.load32_splat(row + SCALES + (4 * i) / group);
    let term = dotUnsigned(v128.load(row + i), x + 4 * i);
    if (group == 32) term = f32x4.add(term, dotUnsigned(v128.load(row + i, 16), x + 4 * i + 64));
    total = madd(term, scale, total);
  }
  for (let i: usize = 0; i < <usize>(count / group); i += 4) {
    total = madd(v128.load(row + OFFSETS + 4 * i), v128.load(sums + 4 * i), total);
  }
  return total;
}

@inline
function dotSignedRow(row: usize, count: i32, x: usize, sum: v128): v128 {
  let total = sum;
  for (let i: usize = 0; i < <usize>count; i += 32) {
    const first = dotBytes(v128.load(row + i), x + 4 * i);
    const term = f32x4.add(first, dotBytes(v128.load(row + i, 16), x + 4 * i + 64));
    total = madd(term, v128.load32_splat(row + SCALES + i / 8), total);
  }
  return total;
}

/** The products of two rows with x, in lanes 0 and 1; `room`: 768 bytes. */
export function dotUnpackedRows(
  format: i32,
  p0: usize,
  p1: usize,
  p2: usize,
  p3: usize,
  rowA: i32,
  rowB: i32,
  columns: i32,
  x: usize,
  sums: usize,
  room: usize,
): v128 {
  const a = <usize>columns * rowA;
  const b = <usize>columns * rowB;
  const other = room + ROW;
  const group = unpackedGroup(format);
  const signed = isSigned(format);
  let sumA = zero();
  let sumB = zero();
  for (let column = 0; column < columns; column += MOST) {
    const count = min(MOST, columns - column);
    unpack(format, p0, p1, p2, p3, a + column, count, room, room + SCALES, room + OFFSETS);
    unpack(format, p0, p1, p2, p3, b + column, count, other, other + SCALES, other + OFFSETS);
    const at = x + 4 * <usize>column;
    if (signed) {
      sumA = dotSignedRow(room, count, at, sumA);
      sumB = dotSignedRow(other, count, at, sumB);
    } else if (group == 32) {
      const sum = sums + <usize>column / 8;
      sumA = dotRow(room, 32, count, at, sum, sumA);
      sumB = dotRow(other, 32, count, at, sum, sumB);
    } else {
      const sum = sums + <usize>column / 4;
      sumA = dotRow(room, 16, count, at, sum, sumA);
      sumB = dotRow(other, 16, count, at, sum, sumB);
    }
  }
  return sumsOf(sumA, sumB, zero(), zero());
}

/** `count` weights from `start` of the planes on; `room`: 128 bytes. */
export function dequantizeUnpacked(
  format: i32,
  p0: usize,
  p1: usize,
  p2: usize,
  p3: usize,
  start: usize,
  count: i32,
  to: usize,
  room: usize,
): void {
  const group = unpackedGroup(format);
  const signed = isSigned(format);
  for (let first = 0; first < count; first += MOST) {
    const width = min(MOST, count - first);
    const out = to + 4 * <usize>first;
    // In the last quarter of where the weights go: sixteen are read before their place is written.
    const bytes = out + 3 * <usize>width;
    unpack(format, p0, p1, p2, p3, start + first, width, bytes, room, room + 64);
    for (let i: usize = 0; i < <usize>width; i += 16) {
      const at = room + 4 * (i / group);
      const scale = v128.load32_splat(at);
      storeAffine(v128.load(bytes + i), scale, signed ? zero() : v128.load32_splat(at, 64), out + 4 * i);
    }
  }
}

/** 16 signed bytes times scale plus offset. */
@inline
function storeAffine(bytes: v128, scale: v128, offset: v128, to: usize): void {
  const low = i16x8.extend_low_i8x16_s(bytes);
  const high = i16x8.extend_high_i8x16_s(bytes);
  v128.store(to, affine(i32x4.extend_low_i16x8_s(low), scale, offset));
  v128.store(to, affine(i32x4.extend_high_i16x8_s(low), scale, offset), 16);
  v128.store(to, affine(i32x4.extend_low_i16x8_s(high), scale, offset), 32);
  v128.store(to, affine(i32x4.extend_high_i16x8_s(high), scale, offset), 48);
}

@inline
function affine(q: v128, scale: v128, offset: v128): v128 {
  return f32x4.add(f32x4.mul(f32x4.convert_i32x4_s(q), scale), offset);
}
