// One token's product: see shaders/linear/matvec-params.wgsl for what it computes and for the parameters.
//
// Constants: 0 format, 1 epilogue, 2 whether x is half normed, 3 whether it is gated.
// Chunks: 32 rows of y, 16 where each is a pair of the matrix's. A thread prepares the activations once, before its first
// chunk, and computes two rows at a time.
// Numerics: f32; the sum runs over four lanes, block by block.
import { silu1, sumOf, zero } from '../lib/simd';
import { binding, ceilDiv, constant, floatParam, param } from '../record';
import { dotRows, prepare, unitOf } from './formats/formats';

export const MATVEC_STORE: i32 = 0;
export const MATVEC_ADD: i32 = 1;
export const MATVEC_ADD_NORM: i32 = 2;

// Of a thread's scratch: the input's scale, where the activations are; then the activations, their sums, room for scales.
const SCALE: usize = 0;
const PREPARED: usize = 4;
const ACTIVATIONS: usize = 64;

/** Bytes of scratch that a row of so many columns takes. */
export function matvecScratch(columns: i32): i32 {
  return 64 + 4 * columns + columns / 2 + columns / 4 + 1024;
}

@inline
function rowsOf(record: usize): i32 {
  return param(record, 0);
}

@inline
function columnsOf(record: usize): i32 {
  return param(record, 1) * unitOf(constant(record, 0));
}

@inline
function chunkRows(record: usize): i32 {
  return constant(record, 3) ? 16 : 32;
}

export function matvecChunks(record: usize): i32 {
  return ceilDiv(rowsOf(record), chunkRows(record));
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
function inputScale(record: usize, x: usize): f32 {
  const start = x + 16 * param(record, 6);
  let squares = zero();
  for (let i = 0; i < param(record, 7); i++) squares = f32x4.add(squares, v128.load(start + 16 * i));
  return <f32>1 / sqrt<f32>(sumOf(squares) / <f32>param(record, 4) + floatParam(record, 5));
}

export function matvecRun(record: usize, scratch: usize, first: i32, count: i32): void {
  const rows = rowsOf(record);
  const size = chunkRows(record);
  const end = min(rows, (first + count) * size);
  if (constant(record, 3)) gatedRows(record, scratch, first * size, end);
  else plainRows(record, scratch, first * size, end);
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
  const y = binding(record, 2) + 4 * param(record, 2);
  const upRow = param(record, 3);
  for (let row = from; row < end; row++) {
    const term = products(record, scratch, row, upRow + row);
    store<f32>(y + 4 * row, silu1(f32x4.extract_lane(term, 0)) * f32x4.extract_lane(term, 1));
  }
}

function plainRows(record: usize, scratch: usize, from: i32, end: i32): void {
  const epilogue = constant(record, 1);
  const firstRow = param(record, 2);
  const y = binding(record, 2) + 4 * firstRow;
  let squares: f32 = 0;
  for (let row = from; row < end; row += 2) {
    const last = row + 1 == end;
    const term = products(record, scratch, row, last ? row : row + 1);
    let a = f32x4.extract_lane(term, 0);
    let b = f32x4.extract_lane(term, 1);
    const at = y + 4 * row;
    if (epilogue != MATVEC_STORE) {
      a += load<f32>(at);
      if (!last) b += load<f32>(at, 4);
    }
    store<f32>(at, a);
    if (!last) store<f32>(at + 4, b);
    if (epilogue != MATVEC_ADD_NORM) continue;
    const norm = binding(record, 8) + 4 * (firstRow + row);
    const weighted = binding(record, 9) + 4 * (firstRow + row);
    store<f32>(weighted, load<f32>(norm) * a);
    squares += a * a;
    if (!last) {
      store<f32>(weighted + 4, load<f32>(norm, 4) * b);
      squares += b * b;
    }
    // A partial sum for every four rows, as whoever adds them up expects (src/engine/kernels/half-norm.ts).
    if ((row & 3) == 2 || row + 2 >= end) {
      const sum = param(record, 8) + param(record, 9) + (row >> 2);
      store<f32>(binding(record, 9) + 4 * sum, squares);
      squares = 0;
    }
  }
}
