// One token's product: see shaders/linear/matvec-params.wgsl for what it computes and for the parameters.
//
// Constants: 0 format, 1 epilogue, 2 whether x is half normed, 3 whether it is gated.
// Chunks: 8 to 32 rows of y, 8 or 16 where each is a pair of the matrix's. A thread prepares the activations once, before its first
// chunk, and computes two rows at a time, far apart.
// Numerics: f32; the sum runs over four lanes, block by block.
import { silu1, silu4, sumOf, zero } from '../lib/simd';
import { binding, ceilDiv, constant, floatParam, param } from '../record';
import { dotRows, prepare } from './formats/formats';
import { unitOf } from './formats/names';

export const MATVEC_STORE: i32 = 0;
export const MATVEC_ADD: i32 = 1;
export const MATVEC_ADD_NORM: i32 = 2;

// Of a thread's scratch: the input's scale, where the activations are, a chunk's products of W[up_row + r]; then the activations,
// their sums, room for scales.
const SCALE: usize = 0;
const PREPARED: usize = 4;
const UPS: usize = 64;
const ACTIVATIONS: usize = 128;

/** Some microseconds: threads finish a launch together, and claiming a chunk does not count. */
const CHUNK_WEIGHTS: i32 = 24 * 1024;

/** Bytes of scratch that a row of so many columns takes. */
export function matvecScratch(columns: i32): i32 {
  return 128 + 4 * columns + columns / 2 + columns / 4 + 3072;
}

@inline
function rowsOf(record: usize): i32 {
  return param(record, 0);
}

@inline
function columnsOf(record: usize): i32 {
  return param(record, 1) * unitOf(constant(record, 0));
}

/** About CHUNK_WEIGHTS of the matrix, but from 8 rows of y to 32, or to 16 pairs of the matrix's. */
@inline
export function matvecChunkRows(record: usize): i32 {
  const eights = (CHUNK_WEIGHTS / columnsOf(record) + 4) / 8;
  return constant(record, 3) ? 8 * max(1, min(2, eights / 2)) : 8 * max(1, min(4, eights));
}

export function matvecChunks(record: usize): i32 {
  return ceilDiv(rowsOf(record), matvecChunkRows(record));
}

export function matvecBegin(record: usize, scratch: usize): void {
  const x = binding(record, 1);
  const columns = columnsOf(record);
  const sums = scratch + ACTIVATIONS + 4 * columns;
  const at = prepare(constant(record, 0), x, columns, scratch + ACTIVATIONS, sums);
  store<f32>(scratch + SCALE, constant(record, 2) ? inputScale(record, x) : 1);
  store<u32>(scratch + PREPARED, <u32>at);
}

/** The root of an RMSNorm is the same for all of x, so it multiplies the finished products. */
export function inputScale(record: usize, x: usize): f32 {
  const start = x + 16 * param(record, 6);
  let squares = zero();
  for (let i = 0; i < param(record, 7); i++) squares = f32x4.add(squares, v128.load(start + 16 * i));
  return <f32>1 / sqrt<f32>(sumOf(squares) / <f32>param(record, 4) + floatParam(record, 5));
}

export function matvecRun(record: usize, scratch: usize, first: i32, count: i32): void {
  const rows = rowsOf(record);
  const size = matvecChunkRows(record);
  for (let row = first * size; row < min(rows, (first + count) * size); row += size) {
    if (constant(record, 3)) gatedRows(record, scratch, row, min(rows, row + size));
    else plainRows(record, scratch, row, min(rows, row + size));
  }
}

@inline
function products(record: usize, scratch: usize, rowA: i32, rowB: i32): v128 {
  const columns = columnsOf(record);
  const sums = scratch + ACTIVATIONS + 4 * columns;
  const room = sums + columns / 2;
  const x = <usize>load<u32>(scratch + PREPARED);
  const term = dotRows(constant(record, 0), record, rowA, rowB, columns, x, sums, room);
  return f32x4.mul(term, v128.load32_splat(scratch + SCALE));
}

/** y[r] = silu(W[r] x) * (W[up_row + r] x). */
function gatedRows(record: usize, scratch: usize, from: i32, end: i32): void {
  const y = binding(record, 2) + 4 * (param(record, 2) + from);
  const upRow = param(record, 3);
  const count = end - from;
  for (let i = 0; i < count; i++) {
    const term = products(record, scratch, from + i, upRow + from + i);
    v128.store32_lane(y + 4 * i, term, 0);
    v128.store32_lane(scratch + UPS + 4 * i, term, 1);
  }
  let i = 0;
  for (; i + 4 <= count; i += 4) {
    v128.store(y + 4 * i, f32x4.mul(silu4(v128.load(y + 4 * i)), v128.load(scratch + UPS + 4 * i)));
  }
  for (; i < count; i++) store<f32>(y + 4 * i, silu1(load<f32>(y + 4 * i)) * load<f32>(scratch + UPS + 4 * i));
}

/** A row of each half of them at a time: whoever fetches ahead for the processor then follows two long stretches. */
function plainRows(record: usize, scratch: usize, from: i32, end: i32): void {
  const epilogue = constant(record, 1);
  const y = binding(record, 2) + 4 * param(record, 2);
  const half = (end - from + 1) / 2;
  for (let row = from; row < from + half; row++) {
    const other = row + half < end ? row + half : row;
    let term = products(record, scratch, row, other);
    if (epilogue != MATVEC_STORE) {
      term = f32x4.add(term, v128.load32_lane(y + 4 * other, v128.load32_zero(y + 4 * row), 1));
    }
    v128.store32_lane(y + 4 * row, term, 0);
    if (other != row) v128.store32_lane(y + 4 * other, term, 1);
  }
  if (epilogue == MATVEC_ADD_NORM) weighRows(record, from, end);
}

/** What the next product takes of finished rows: weighted, and a sum of squares of each four (src/engine/kernels/half-norm.ts). */
function weighRows(record: usize, from: i32, end: i32): void {
  const firstRow = param(record, 2);
  const y = binding(record, 2) + 4 * firstRow;
  const norm = binding(record, 8) + 4 * firstRow;
  const weighted = binding(record, 9) + 4 * firstRow;
  const sums = binding(record, 9) + 4 * (param(record, 8) + param(record, 9));
  for (let row = from; row < end; row += 4) {
    let squares: f32 = 0;
    for (let i = row; i < min(row + 4, end); i++) {
      const term = load<f32>(y + 4 * i);
      store<f32>(weighted + 4 * i, load<f32>(norm + 4 * i) * term);
      squares += term * term;
    }
    store<f32>(sums + (row & ~3), squares);
  }
}
