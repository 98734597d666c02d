// Many tokens' product: Y[t, first_row + r] = finish(sum_i W[r, i] * X[t, i]), finish one of the epilogues; see
// shaders/linear/matmul-params.wgsl for the parameters and shaders/linear/epilogues for what each does.
//
// Constants: 0 the block of 256 tokens, 1 format, 2 epilogue, 3 whether rows lie interleaved. Runs behind pack-activations.ts of the same block.
// Chunks: 24 rows. Of 512 columns at a time six rows are dequantised, and meet one tile of eight tokens after the other with
// 12 sums in registers; the sums of finished columns wait in the thread's scratch.
// Numerics: f32; the sum runs over the columns in order.
import { exp4, madd, zero } from '../lib/simd';
import { binding, ceilDiv, constant, PACKED_BINDING, param } from '../record';
import { dequantize } from './formats/formats';
import { dequantizeInterleaved } from './interleaved';
import { BLOCK_TOKENS, blockTokens } from './pack-activations';

export const MATMUL_STORE: i32 = 0;
export const MATMUL_ADD: i32 = 1;
export const MATMUL_BIAS: i32 = 2;
export const MATMUL_BIAS_GELU: i32 = 3;
export const MATMUL_BIAS_SCALE_ADD: i32 = 4;
export const MATMUL_BIAS_ADD: i32 = 5;
export const MATMUL_BIAS_GELU_TANH: i32 = 6;

const CHUNK_ROWS: i32 = 24;
const ROWS: i32 = 6;
const COLUMNS: i32 = 512;

// Of a thread's scratch: room for scales, then six rows of weights, then the sums [CHUNK_ROWS / ROWS][tile][ROWS][8].
const WEIGHTS: usize = 128;
const SUMS: usize = 128 + 4 * 6 * 512;

export function matmulChunks(record: usize): i32 {
  return blockTokens(record, constant(record, 0)) == 0 ? 0 : ceilDiv(param(record, 0), CHUNK_ROWS);
}

export function matmulRun(record: usize, scratch: usize, first: i32, count: i32): void {
  for (let chunk = first; chunk < first + count; chunk++) chunkOf(record, scratch, chunk * CHUNK_ROWS);
}

function chunkOf(record: usize, scratch: usize, row0: i32): void {
  const rows = param(record, 0);
  const columns = 16 * param(record, 1);
  const tokens = blockTokens(record, constant(record, 0));
  const tiles = ceilDiv(tokens, 8);
  const groups = ceilDiv(min(CHUNK_ROWS, rows - row0), ROWS);
  const packed = binding(record, PACKED_BINDING);
  const weights = scratch + WEIGHTS;
  for (let column0 = 0; column0 < columns; column0 += COLUMNS) {
    const width = min(COLUMNS, columns - column0);
    for (let group = 0; group < groups; group++) {
      for (let i = 0; i < ROWS; i++) {
        // A ragged tail computes its last row again rather than reading past the matrix.
        const row = min(row0 + group * ROWS + i, rows - 1);
        const to = weights + 4 * COLUMNS * i;
        if (constant(record, 3)) {
          dequantizeInterleaved(constant(record, 1), record, row, columns, column0, width, to, scratch);
        } else dequantize(constant(record, 1), record, row, columns, column0, width, to, scratch);
      }
      for (let tile = 0; tile < tiles; tile++) {
        const x = packed + 32 * (<usize>columns * tile + column0);
        multiply(weights, x, width, sumsAt(scratch, group, tile), column0 == 0);
      }
    }
  }
  for (let group = 0; group < groups; group++) {
    const row = row0 + group * ROWS;
    for (let i = 0; i < min(ROWS, rows - row); i++) {
      for (let tile = 0; tile < tiles; tile++) {
        finish(record, row + i, 8 * tile, tokens, sumsAt(scratch, group, tile) + 32 * i);
      }
    }
  }
}

@inline
function sumsAt(scratch: usize, group: i32, tile: i32): usize {
  return scratch + SUMS + 192 * (group * (BLOCK_TOKENS / 8) + tile);
}

/** Six rows of weights by eight tokens, over `width` columns, onto their sums. */
function multiply(weights: usize, x: usize, width: i32, sums: usize, isFirst: bool): void {
  let a0 = zero(), a1 = zero(), b0 = zero(), b1 = zero(), c0 = zero(), c1 = zero();
  let d0 = zero(), d1 = zero(), e0 = zero(), e1 = zero(), f0 = zero(), f1 = zero();
  if (!isFirst) {
    a0 = v128.load(sums, 0);
    a1 = v128.load(sums, 16);
    b0 = v128.load(sums, 32);
    b1 = v128.load(sums, 48);
    c0 = v128.load(sums, 64);
    c1 = v128.load(sums, 80);
    d0 = v128.load(sums, 96);
    d1 = v128.load(sums, 112);
    e0 = v128.load(sums, 128);
    e1 = v128.load(sums, 144);
    f0 = v128.load(sums, 160);
    f1 = v128.load(sums, 176);
  }
  const end = weights + 4 * width;
  for (let w = weights, at = x; w < end; w += 4, at += 32) {
    const x0 = v128.load(at);
    const x1 = v128.load(at, 16);
    let term = v128.load32_splat(w);
    a0 = madd(term, x0, a0);
    a1 = madd(term, x1, a1);
    term = v128.load32_splat(w, 2048);
    b0 = madd(term, x0, b0);
    b1 = madd(term, x1, b1);
    term = v128.load32_splat(w, 4096);
    c0 = madd(term, x0, c0);
    c1 = madd(term, x1, c1);
    term = v128.load32_splat(w, 6144);
    d0 = madd(term, x0, d0);
    d1 = madd(term, x1, d1);
    term = v128.load32_splat(w, 8192);
    e0 = madd(term, x0, e0);
    e1 = madd(term, x1, e1);
    term = v128.load32_splat(w, 10240);
    f0 = madd(term, x0, f0);
    f1 = madd(term, x1, f1);
  }
  v128.store(sums, a0, 0);
  v128.store(sums, a1, 16);
  v128.store(sums, b0, 32);
  v128.store(sums, b1, 48);
  v128.store(sums, c0, 64);
  v128.store(sums, c1, 80);
  v128.store(sums, d0, 96);
  v128.store(sums, d1, 112);
  v128.store(sums, e0, 128);
  v128.store(sums, e1, 144);
  v128.store(sums, f0, 160);
  v128.store(sums, f1, 176);
}

/** A row's products of the eight tokens from `token` of the block on. */
function finish(record: usize, row: i32, token: i32, tokens: i32, sums: usize): void {
  const epilogue = constant(record, 2);
  const output = param(record, 2) + row;
  const stride = <usize>param(record, 4) * 4;
  const first = constant(record, 0) * BLOCK_TOKENS + token;
  const y = binding(record, 2) + stride * first + 4 * output;
  const adds = addsToOutput(epilogue);
  if (epilogue >= MATMUL_BIAS) {
    const bias = v128.load32_splat(binding(record, 8) + 4 * output);
    for (let i: usize = 0; i < 32; i += 16) {
      let value = f32x4.add(v128.load(sums + i), bias);
      if (epilogue == MATMUL_BIAS_GELU) value = gelu4(value);
      if (epilogue == MATMUL_BIAS_GELU_TANH) value = tanhGelu4(value);
      if (epilogue == MATMUL_BIAS_SCALE_ADD) {
        value = f32x4.mul(value, v128.load32_splat(binding(record, 9) + 4 * output));
      }
      v128.store(sums + i, value);
    }
  }
  const count = min(8, tokens - token);
  for (let i = 0; i < count; i++) {
    const at = y + stride * i;
    const value = load<f32>(sums + 4 * i);
    store<f32>(at, adds ? load<f32>(at) + value : value);
  }
}

@inline
export function addsToOutput(epilogue: i32): bool {
  return epilogue == MATMUL_ADD || epilogue == MATMUL_BIAS_SCALE_ADD || epilogue == MATMUL_BIAS_ADD;
}

/** gelu(v) by the tangent formula: shaders/linear/epilogues/bias-gelu-tanh.wgsl. */
export function tanhGelu4(v: v128): v128 {
  const a = f32x4.max(f32x4.min(v, f32x4.splat(13)), f32x4.splat(-13));
  const cubed = f32x4.mul(f32x4.mul(a, a), a);
  const sum = f32x4.add(a, f32x4.mul(f32x4.splat(0.044715), cubed));
  const u2 = f32x4.max(f32x4.mul(f32x4.splat(1.5957691216057308), sum), f32x4.splat(-88));
  return f32x4.div(v, f32x4.add(f32x4.splat(1), exp4(f32x4.neg(u2))));
}

/** gelu(v) = max(v, 0) - |v| * Phi(-|v|): shaders/linear/epilogues/bias-gelu.wgsl, with its polynomial. */
export function gelu4(v: v128): v128 {
  const size = f32x4.abs(v);
  const a = f32x4.min(size, f32x4.splat(13));
  const one = f32x4.splat(1);
  const t = f32x4.div(one, f32x4.add(one, f32x4.mul(f32x4.splat(0.275), a)));
  let p = f32x4.splat(0.0258638356);
  p = madd(p, t, f32x4.splat(-0.104099765));
  p = madd(p, t, f32x4.splat(0.116105281));
  p = madd(p, t, f32x4.splat(-0.0185399298));
  p = madd(p, t, f32x4.splat(0.0761738792));
  p = madd(p, t, f32x4.splat(0.0841159299));
  p = madd(p, t, f32x4.splat(0.100833274));
  p = madd(p, t, f32x4.splat(0.109848388));
  p = madd(p, t, f32x4.splat(0.109699123));
  const e = exp4(f32x4.mul(f32x4.mul(f32x4.splat(-0.5), a), a));
  const tail = f32x4.mul(f32x4.mul(e, t), p);
  return f32x4.sub(f32x4.mul(f32x4.splat(0.5), f32x4.add(v, size)), f32x4.mul(a, tail));
}
