// Many tokens' product with activations of 8 bits, over matrices whose rows lie interleaved: parameters and epilogues of
// linear/matmul.ts. Of formats whose quants have no sign.
//
// Constants: 0 the block of 256 tokens, 1 format, 2 epilogue, 3 bits. Runs behind rounded/pack.ts of the same block.
// Chunks: 24 rows, four at a time, one in each lane. Of 512 columns at a time they are unpacked once, and meet one tile of four
// tokens after the other; the sums of finished columns wait in the thread's scratch.
// Numerics: as rounded/matvec.ts. The same bits in every build.
import { zero } from '../../lib/simd';
import { loadSome, storeSome } from '../../lib/some';
import { binding, ceilDiv, constant, PACKED_BINDING, param } from '../../record';
import {
  addsToOutput,
  gelu4,
  MATMUL_BIAS,
  MATMUL_BIAS_GELU,
  MATMUL_BIAS_GELU_TANH,
  MATMUL_BIAS_SCALE_ADD,
  tanhGelu4,
} from '../matmul';
import { BLOCK_TOKENS, blockTokens } from '../pack-activations';
import { groupOf } from './activations';
import { tileBytes, tileShared, tileSteps } from './pack';
import { weightStep } from './store';
import { unpackFour } from './unpack';
import { addGroup, dotUnpacked } from './unpacked';

const CHUNK_ROWS: i32 = 24;
const COLUMNS: i32 = 512;

// Of a thread's scratch: four rows of weights, their scales and offsets, the sums [token] of four rows.
const WEIGHTS: usize = 0;
const AFFINE: usize = 4096;
const SUMS: usize = 8192;

export function roundedMatmulChunks(record: usize): i32 {
  return blockTokens(record, constant(record, 0)) == 0 ? 0 : ceilDiv(param(record, 0), CHUNK_ROWS);
}

export function roundedMatmulRun(record: usize, scratch: usize, first: i32, count: i32): void {
  const end = min(param(record, 0), (first + count) * CHUNK_ROWS);
  for (let row = first * CHUNK_ROWS; row < end; row += 4) {
    if (ASC_FEATURE_RELAXED_SIMD) fourRows<i8>(record, scratch, row);
    else fourRows<i16>(record, scratch, row);
  }
}

function fourRows<T>(record: usize, scratch: usize, row: i32): void {
  const format = constant(record, 1);
  const columns = 16 * param(record, 1);
  const tokens = blockTokens(record, constant(record, 0));
  const tiles = ceilDiv(tokens, 4);
  const packed = binding(record, PACKED_BINDING);
  const group = groupOf(format);
  for (let column0 = 0; column0 < columns; column0 += COLUMNS) {
    const width = min(COLUMNS, columns - column0);
    unpackFour<T>(format, record, row >> 2, columns, column0, width, scratch + WEIGHTS, scratch + AFFINE);
    for (let tile = 0; tile < tiles; tile++) {
      const at = packed + tileBytes(columns) * tile;
      const x = at + 4 * sizeof<T>() * <usize>column0;
      const steps = at + tileSteps(columns) + <usize>column0 / 2;
      const shared = at + tileShared(columns) + 16 * <usize>(column0 / group);
      multiply<T>(scratch, x, steps, shared, group, width, scratch + SUMS + 64 * tile, column0 == 0);
    }
  }
  for (let token = 0; token < tokens; token++) {
    finish(record, row, constant(record, 0) * BLOCK_TOKENS + token, v128.load(scratch + SUMS + 16 * token));
  }
}

/** Four rows by four tokens, over `width` columns, onto their sums. */
function multiply<T>(
  scratch: usize,
  tokens: usize,
  stepsAt: usize,
  sharedAt: usize,
  group: i32,
  width: i32,
  sums: usize,
  isFirst: bool,
): void {
  let total0 = zero();
  let total1 = zero();
  let total2 = zero();
  let total3 = zero();
  if (!isFirst) {
    total0 = v128.load(sums, 0);
    total1 = v128.load(sums, 16);
    total2 = v128.load(sums, 32);
    total3 = v128.load(sums, 48);
  }
  const step = weightStep<T>();
  const quad: usize = 4 * sizeof<T>();
  const quads = <usize>group / 4;
  let w = scratch + WEIGHTS;
  let affine = scratch + AFFINE;
  let x = tokens;
  let shared = sharedAt;
  for (let column = 0; column < width; column += group) {
    let a = i32x4.splat(0);
    let b = i32x4.splat(0);
    let c = i32x4.splat(0);
    let d = i32x4.splat(0);
    for (const end = w + step * quads; w < end; w += 2 * step, x += 8 * quad) {
      a = dotUnpacked<T>(w, x, a);
      b = dotUnpacked<T>(w, x + quad, b);
      c = dotUnpacked<T>(w, x + 2 * quad, c);
      d = dotUnpacked<T>(w, x + 3 * quad, d);
      a = dotUnpacked<T>(w + step, x + 4 * quad, a);
      b = dotUnpacked<T>(w + step, x + 5 * quad, b);
      c = dotUnpacked<T>(w + step, x + 6 * quad, c);
      d = dotUnpacked<T>(w + step, x + 7 * quad, d);
    }
    const scale = v128.load(affine);
    const offset = v128.load(affine, 16);
    const at = stepsAt + 16 * <usize>(column / 32);
    total0 = addGroup(total0, a, scale, offset, at, shared);
    total1 = addGroup(total1, b, scale, offset, at + 4, shared + 4);
    total2 = addGroup(total2, c, scale, offset, at + 8, shared + 8);
    total3 = addGroup(total3, d, scale, offset, at + 12, shared + 12);
    affine += 32;
    shared += 16;
  }
  v128.store(sums, total0, 0);
  v128.store(sums, total1, 16);
  v128.store(sums, total2, 32);
  v128.store(sums, total3, 48);
}

/** Four rows' products of one token. */
function finish(record: usize, row: i32, token: i32, sums: v128): void {
  const epilogue = constant(record, 2);
  const count = param(record, 0) - row;
  const output = 4 * <usize>(param(record, 2) + row);
  const y = binding(record, 2) + <usize>param(record, 4) * 4 * token + output;
  let value = sums;
  if (epilogue >= MATMUL_BIAS) {
    value = f32x4.add(value, loadSome(binding(record, 8) + output, count));
    if (epilogue == MATMUL_BIAS_GELU) value = gelu4(value);
    if (epilogue == MATMUL_BIAS_GELU_TANH) value = tanhGelu4(value);
    if (epilogue == MATMUL_BIAS_SCALE_ADD) {
      value = f32x4.mul(value, loadSome(binding(record, 9) + output, count));
    }
  }
  if (addsToOutput(epilogue)) {
    value = f32x4.add(loadSome(y, count), value);
  }
  storeSome(y, value, count);
}
