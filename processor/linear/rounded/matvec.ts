// One token's product with rounded activations, over matrices whose rows lie interleaved: parameters, chunks and epilogues of
// linear/matvec.ts.
//
// Constants: 0 format, 1 epilogue, 2 whether x is half normed, 3 whether it is gated, 4 bits of an activation.
// Numerics: activations rounded to so many bits in blocks of 32, their products with weights added up exactly for a block, f32
// beyond. The same bits in every build.
import { silu4, sumOf } from '../../lib/simd';
import { loadSome, storeSome } from '../../lib/some';
import { binding, constant, param } from '../../record';
import { unitOf } from '../formats/names';
import { inputScale, MATVEC_ADD_NORM, MATVEC_STORE, matvecChunkRows } from '../matvec';
import { roundActivations } from './activations';
import { dotFour, isNarrow } from './products';

// Of a thread's scratch: the input's scale, the products of eight rows, then the activations.
const SCALE: usize = 0;
const EIGHT: usize = 16;
const ACTIVATIONS: usize = 64;

@inline
function columnsOf(record: usize): i32 {
  return param(record, 1) * unitOf(constant(record, 0));
}

export function roundedMatvecBegin(record: usize, scratch: usize): void {
  const x = binding(record, 1);
  const bits = constant(record, 4);
  roundActivations(constant(record, 0), bits, isNarrow(bits), x, columnsOf(record), scratch + ACTIVATIONS);
  store<f32>(scratch + SCALE, constant(record, 2) ? inputScale(record, x) : 1);
}

export function roundedMatvecRun(record: usize, scratch: usize, first: i32, count: i32): void {
  const size = matvecChunkRows(record);
  const end = min(param(record, 0), (first + count) * size);
  if (constant(record, 3)) gatedRows(record, scratch, first * size, end);
  else plainRows(record, scratch, first * size, end);
}

@inline
function fourAt(record: usize, scratch: usize, four: i32): v128 {
  const columns = columnsOf(record);
  const sums = dotFour(constant(record, 0), constant(record, 4), record, four, columns, scratch + ACTIVATIONS);
  return f32x4.mul(sums, v128.load32_splat(scratch + SCALE));
}

/** Four rows from any, of which `wanted` are asked for. */
function fourFrom(record: usize, scratch: usize, row: i32, wanted: i32): v128 {
  const four = row >> 2;
  const from = row & 3;
  const sums = fourAt(record, scratch, four);
  if (from == 0) return sums;
  v128.store(scratch + EIGHT, sums);
  // A matrix ends with a whole four.
  if (from + wanted > 4) v128.store(scratch + EIGHT, fourAt(record, scratch, four + 1), 16);
  return v128.load(scratch + EIGHT + 4 * from);
}

/** y[r] = silu(W[r] x) * (W[up_row + r] x). */
function gatedRows(record: usize, scratch: usize, from: i32, end: i32): void {
  const y = binding(record, 2) + 4 * param(record, 2);
  const upRow = param(record, 3);
  for (let row = from; row < end; row += 4) {
    const count = min(4, end - row);
    const gate = fourAt(record, scratch, row >> 2);
    const up = fourFrom(record, scratch, upRow + row, count);
    storeSome(y + 4 * row, f32x4.mul(silu4(gate), up), count);
  }
}

function plainRows(record: usize, scratch: usize, from: i32, end: i32): void {
  const epilogue = constant(record, 1);
  const firstRow = param(record, 2);
  const y = binding(record, 2) + 4 * firstRow;
  for (let row = from; row < end; row += 4) {
    const count = min(4, end - row);
    let sums = fourAt(record, scratch, row >> 2);
    const at = y + 4 * row;
    if (epilogue != MATVEC_STORE) sums = f32x4.add(sums, loadSome(at, count));
    storeSome(at, sums, count);
    if (epilogue != MATVEC_ADD_NORM) continue;
    const norm = loadSome(binding(record, 8) + 4 * (firstRow + row), count);
    storeSome(binding(record, 9) + 4 * (firstRow + row), f32x4.mul(norm, sums), count);
    // A partial sum for every four rows, as whoever adds them up expects (src/engine/kernels/half-norm.ts).
    const sum = param(record, 8) + param(record, 9) + (row >> 2);
    store<f32>(binding(record, 9) + 4 * sum, sumOf(f32x4.mul(sums, sums)));
  }
}
