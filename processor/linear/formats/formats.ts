// What a product needs of a format, whichever it is. Every format has a file beside this one, which says what its planes hold.
import { binding } from '../../record';
import { dequantizeAffine8, dotAffine8, prepareAffine8 } from './affine8';
import { dequantizeF16, dotF16, prepareF16 } from './f16';
import { dequantizeF32, dotF32 } from './f32';
import { dequantizeQ40, dotQ40, prepareQ40 } from './q4_0';
import { dequantizeQ4K, dotQ4K, prepareQ4K } from './q4_k';
import { dequantizeQ6K, dotQ6K, prepareQ6K } from './q6_k';
import { dequantizeQ80, dotQ80 } from './q8_0';
import { forSignedBytes } from './activations';

export const FORMAT_F32: i32 = 0;
export const FORMAT_F16: i32 = 1;
export const FORMAT_Q4_0: i32 = 2;
export const FORMAT_Q8_0: i32 = 3;
export const FORMAT_Q4_K: i32 = 4;
export const FORMAT_Q6_K: i32 = 5;
export const FORMAT_AFFINE8: i32 = 6;
export const FORMAT_AFFINE8_16: i32 = 7;

/** Weights of a unit, in which the host counts a row's length. */
export function unitOf(format: i32): i32 {
  return format == FORMAT_Q4_K || format == FORMAT_Q6_K ? 64 : 32;
}

/**
 * Activations as `dotRows` takes them: [columns] f32 at `to` and up to [columns / 8] f32 of sums.
 * @returns where dotRows finds them: F32 takes x as it is
 */
export function prepare(format: i32, x: usize, columns: i32, to: usize, sums: usize): usize {
  switch (format) {
    case FORMAT_F32:
      return x;
    case FORMAT_F16:
      prepareF16(x, columns, to);
      break;
    case FORMAT_Q4_0:
      prepareQ40(x, columns, to, sums);
      break;
    case FORMAT_Q8_0:
      forSignedBytes(x, columns, to);
      break;
    case FORMAT_Q4_K:
      prepareQ4K(x, columns, to, sums);
      break;
    case FORMAT_Q6_K:
      prepareQ6K(x, columns, to, sums);
      break;
    case FORMAT_AFFINE8:
      prepareAffine8(x, columns, 32, to, sums);
      break;
    case FORMAT_AFFINE8_16:
      prepareAffine8(x, columns, 16, to, sums);
      break;
    default:
      unreachable();
  }
  return to;
}

/** The products of two rows of this record's matrix with prepared activations, in lanes 0 and 1. */
export function dotRows(
  format: i32,
  record: usize,
  rowA: i32,
  rowB: i32,
  columns: i32,
  x: usize,
  sums: usize,
  room: usize,
): v128 {
  const p0 = binding(record, 3);
  const p1 = binding(record, 4);
  switch (format) {
    case FORMAT_F32:
      return dotF32(p0, rowA, rowB, columns, x);
    case FORMAT_F16:
      return dotF16(p0, rowA, rowB, columns, x);
    case FORMAT_Q4_0:
      return dotQ40(p0, p1, rowA, rowB, columns, x, sums, room);
    case FORMAT_Q8_0:
      return dotQ80(p0, p1, rowA, rowB, columns, x, room);
    case FORMAT_Q4_K:
      return dotQ4K(p0, p1, rowA, rowB, columns, x, sums, room);
    case FORMAT_Q6_K:
      return dotQ6K(p0, p1, binding(record, 5), binding(record, 6), rowA, rowB, columns, x, sums, room);
    case FORMAT_AFFINE8:
      return dotAffine8(p0, p1, 32, rowA, rowB, columns, x, sums);
    case FORMAT_AFFINE8_16:
      return dotAffine8(p0, p1, 16, rowA, rowB, columns, x, sums);
    default:
      return unreachable();
  }
}

/**
 * `count` weights of a row from column `first` on, as f32. Both are multiples of 256, or `first` is and the row ends; `room`: 128
 * bytes.
 */
export function dequantize(
  format: i32,
  record: usize,
  row: i32,
  columns: i32,
  first: i32,
  count: i32,
  to: usize,
  room: usize,
): void {
  const p0 = binding(record, 3);
  const p1 = binding(record, 4);
  switch (format) {
    case FORMAT_F32:
      dequantizeF32(p0, row, columns, first, count, to);
      break;
    case FORMAT_F16:
      dequantizeF16(p0, row, columns, first, count, to);
      break;
    case FORMAT_Q4_0:
      dequantizeQ40(p0, p1, row, columns, first, count, to);
      break;
    case FORMAT_Q8_0:
      dequantizeQ80(p0, p1, row, columns, first, count, to);
      break;
    case FORMAT_Q4_K:
      dequantizeQ4K(p0, p1, row, columns, first, count, to, room);
      break;
    case FORMAT_Q6_K:
      dequantizeQ6K(p0, p1, binding(record, 5), binding(record, 6), row, columns, first, count, to, room);
      break;
    case FORMAT_AFFINE8:
      dequantizeAffine8(p0, p1, 32, row, columns, first, count, to);
      break;
    case FORMAT_AFFINE8_16:
      dequantizeAffine8(p0, p1, 16, row, columns, first, count, to);
      break;
    default:
      unreachable();
  }
}
