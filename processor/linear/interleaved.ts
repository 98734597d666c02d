// Weights of one row of a matrix whose rows lie interleaved by four (src/engine/quant/interleave.ts): the row's planes are put
// together again and read as any other.
import { binding } from '../record';
import {
  FORMAT_IQ4_NL,
  FORMAT_IQ4_XS,
  FORMAT_Q2_K,
  FORMAT_Q3_K,
  FORMAT_Q4_0,
  FORMAT_Q4_1,
  FORMAT_Q4_K,
  FORMAT_Q5_0,
  FORMAT_Q5_1,
  FORMAT_Q5_K,
  FORMAT_Q6_K,
  FORMAT_Q8_0,
} from './formats/names';
import { dequantizeQ40 } from './formats/q4_0';
import { dequantizeQ4K } from './formats/q4_k';
import { dequantizeQ6K } from './formats/q6_k';
import { dequantizeQ80 } from './formats/q8_0';
import { dequantizeUnpacked } from './formats/unpacked';

/** Where of a thread's scratch: behind what products and gathering use. Planes of up to 512 weights. */
const ROOM: usize = 128 * 1024;
const PLANE: usize = 1024;

/** `count` weights of a row from column `first` on, as f32; as `dequantize` of formats.ts. */
export function dequantizeInterleaved(
  format: i32,
  record: usize,
  row: i32,
  columns: i32,
  first: i32,
  count: i32,
  to: usize,
  scratch: usize,
): void {
  const p0 = scratch + ROOM;
  const p1 = p0 + PLANE;
  switch (format) {
    case FORMAT_Q4_0:
      wordsOf(record, 3, row, columns / 2, first / 2, count / 2, p0);
      halvesOf(record, 4, row, columns / 16, first / 16, count / 16, p1);
      dequantizeQ40(p0, p1, 0, columns, 0, count, to);
      break;
    case FORMAT_Q8_0:
      wordsOf(record, 3, row, columns, first, count, p0);
      halvesOf(record, 4, row, columns / 16, first / 16, count / 16, p1);
      dequantizeQ80(p0, p1, 0, columns, 0, count, to);
      break;
    case FORMAT_Q4_K:
      wordsOf(record, 3, row, columns / 2, first / 2, count / 2, p0);
      wordsOf(record, 4, row, columns / 16, first / 16, count / 16, p1);
      dequantizeQ4K(p0, p1, 0, columns, 0, count, to, scratch);
      break;
    case FORMAT_Q6_K: {
      const p2 = p1 + PLANE;
      const p3 = p2 + PLANE;
      wordsOf(record, 3, row, columns / 2, first / 2, count / 2, p0);
      wordsOf(record, 4, row, columns / 4, first / 4, count / 4, p1);
      wordsOf(record, 5, row, columns / 16, first / 16, count / 16, p2);
      halvesOf(record, 6, row, columns / 128, first / 128, count / 128, p3);
      dequantizeQ6K(p0, p1, p2, p3, 0, columns, 0, count, to, scratch);
      break;
    }
    default: {
      const p2 = p1 + PLANE;
      const p3 = p2 + PLANE;
      gatherPlanes(format, record, row, columns, first, count, p0, p1, p2, p3);
      dequantizeUnpacked(format, p0, p1, p2, p3, 0, count, to, scratch);
    }
  }
}

/** The planes of the formats of formats/unpacked.ts. */
function gatherPlanes(
  format: i32,
  record: usize,
  row: i32,
  columns: i32,
  first: i32,
  count: i32,
  p0: usize,
  p1: usize,
  p2: usize,
  p3: usize,
): void {
  if (format == FORMAT_Q2_K || format == FORMAT_Q3_K) {
    wordsOf(record, 3, row, columns / 4, first / 4, count / 4, p0);
    if (format == FORMAT_Q2_K) {
      wordsOf(record, 4, row, columns / 16, first / 16, count / 16, p1);
      wordsOf(record, 5, row, columns / 64, first / 64, count / 64, p2);
    } else {
      wordsOf(record, 4, row, columns / 8, first / 8, count / 8, p1);
      wordsOf(record, 5, row, (columns / 64) * 3, (first / 64) * 3, (count / 64) * 3, p2);
      halvesOf(record, 6, row, columns / 128, first / 128, count / 128, p3);
    }
    return;
  }
  wordsOf(record, 3, row, columns / 2, first / 2, count / 2, p0);
  switch (format) {
    case FORMAT_Q5_K:
      wordsOf(record, 4, row, columns / 16, first / 16, count / 16, p1);
      break;
    case FORMAT_IQ4_XS:
      wordsOf(record, 4, row, columns / 32, first / 32, count / 32, p1);
      return;
    case FORMAT_Q5_0:
    case FORMAT_IQ4_NL:
      halvesOf(record, 4, row, columns / 16, first / 16, count / 16, p1);
      break;
    case FORMAT_Q4_1:
    case FORMAT_Q5_1:
      wordsOf(record, 4, row, columns / 8, first / 8, count / 8, p1);
      break;
    default:
      unreachable();
  }
  const hasFifth = format == FORMAT_Q5_K || format == FORMAT_Q5_0 || format == FORMAT_Q5_1;
  if (hasFifth) wordsOf(record, 5, row, columns / 8, first / 8, count / 8, p2);
}

/** `bytes` of a row of `rowBytes` in a plane of words, from byte `first` on. */
function wordsOf(record: usize, plane: i32, row: i32, rowBytes: i32, first: i32, bytes: i32, to: usize): void {
  const from = binding(record, plane) + 4 * (<usize>rowBytes * (row >> 2) + first) + 4 * (row & 3);
  for (let i = 0; i < bytes; i += 4) store<u32>(to + i, load<u32>(from + 4 * i));
}

/** The same of a plane of f16. */
function halvesOf(record: usize, plane: i32, row: i32, rowBytes: i32, first: i32, bytes: i32, to: usize): void {
  const from = binding(record, plane) + 4 * (<usize>rowBytes * (row >> 2) + first) + 2 * (row & 3);
  for (let i = 0; i < bytes; i += 2) store<u16>(to + i, load<u16>(from + 4 * i));
}
