// What a product needs of a format, whichever it is. Every format has a file beside this one, which says what its planes hold.
import { binding } from '../../record';
import { dequantizeBF16, dotBF16 } from './bf16';
import { dequantizeF16, dotF16, prepareF16 } from './f16';
import { dequantizeF32, dotF32 } from './f32';
import { dequantizeQ40, dotQ40, prepareQ40 } from './q4_0';
import { dequantizeQ4K, dotQ4K, prepareQ4K } from './q4_k';
import { dequantizeQ6K, dotQ6K, prepareQ6K } from './q6_k';
import { dequantizeQ80, dotQ80 } from './q8_0';
import { forSignedBytes } from './activations';
import {
  FORMAT_BF16,
  FORMAT_F16,
  FORMAT_F32,
  FORMAT_Q4_0,
  FORMAT_Q4_K,
  FORMAT_Q6_K,
  FORMAT_Q8_0,
} from './names';
import { dequantizeUnpacked, dotUnpackedRows, prepareUnpacked } from './unpacked';

/**
 * Activations as `dotRows` takes them: [columns] f32 at `to` and up to [columns / 8] f32 of sums.
 * @returns where dotRows finds them: F32 and BF16 take x as it is
 */
export function prepare(format: i32, x: usize, columns: i32, to: usize, sums: usize): usize {
  switch (format) {
    case FORMAT_F32:
    case FORMAT_BF16:
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
    default:
      prepareUnpacked(format, x, columns, to, sums);
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
    case FORMAT_BF16:
      return dotBF16(p0, rowA, rowB, columns, x);
    default: {
      const p2 = binding(record, 5);
      return dotUnpackedRows(format, p0, p1, p2, binding(record, 6), rowA, rowB, columns, x, sums, room);
    }
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
    case FORMAT_BF16:
      dequantizeBF16(p0, row, columns, first, count, to);
      break;
    default: {
      const start = <usize>columns * row + first;
      dequantizeUnpacked(format, p0, p1, binding(record, 5), binding(record, 6), start, count, to, room);
    }
  }
}
