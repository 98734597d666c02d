// Chains of multiply-adds in registers: src/cli/bench/multiply-add.wgsl has formula and parameters.
//
// Chunks: 192 results. Six at a time, whose twelve vectors keep the processor's multipliers busy and fit its registers.
import { madd, sumOf } from '../lib/simd';
import { binding, bindingBytes, ceilDiv, floatParam, param } from '../record';

const CHUNK: i32 = 192;
const UNROLLED: i32 = 16;

@inline
function resultsOf(record: usize): i32 {
  return bindingBytes(record, 1) / 4;
}

export function multiplyAddChunks(record: usize): i32 {
  return ceilDiv(resultsOf(record), CHUNK);
}

export function multiplyAddRun(record: usize, first: i32, count: i32): void {
  const results = resultsOf(record);
  const end = min(results, CHUNK * (first + count));
  for (let id = CHUNK * first; id < end; id += 6) computeSix(record, id, results - 1);
}

@inline
function firstOf(id: i32): v128 {
  return f32x4.add(f32x4.splat(<f32>id), f32x4(0, 1, 2, 3));
}

@inline
function secondOf(id: i32): v128 {
  return f32x4.add(f32x4.splat(<f32>id), f32x4(4, 5, 6, 7));
}

/** Results id .. id + 5, none past the last one. */
function computeSix(record: usize, id: i32, last: i32): void {
  const factor = f32x4.splat(floatParam(record, 1));
  const addend = f32x4.splat(floatParam(record, 2));
  let a0 = firstOf(id), a1 = secondOf(id), b0 = firstOf(id + 1), b1 = secondOf(id + 1);
  let c0 = firstOf(id + 2), c1 = secondOf(id + 2), d0 = firstOf(id + 3), d1 = secondOf(id + 3);
  let e0 = firstOf(id + 4), e1 = secondOf(id + 4), f0 = firstOf(id + 5), f1 = secondOf(id + 5);
  for (let i = UNROLLED * param(record, 0); i > 0; i--) {
    a0 = madd(a0, factor, addend);
    a1 = madd(a1, factor, addend);
    b0 = madd(b0, factor, addend);
    b1 = madd(b1, factor, addend);
    c0 = madd(c0, factor, addend);
    c1 = madd(c1, factor, addend);
    d0 = madd(d0, factor, addend);
    d1 = madd(d1, factor, addend);
    e0 = madd(e0, factor, addend);
    e1 = madd(e1, factor, addend);
    f0 = madd(f0, factor, addend);
    f1 = madd(f1, factor, addend);
  }
  storeResult(record, id, last, a0, a1);
  storeResult(record, id + 1, last, b0, b1);
  storeResult(record, id + 2, last, c0, c1);
  storeResult(record, id + 3, last, d0, d1);
  storeResult(record, id + 4, last, e0, e1);
  storeResult(record, id + 5, last, f0, f1);
}

@inline
function storeResult(record: usize, id: i32, last: i32, a: v128, b: v128): void {
  if (id <= last) store<f32>(binding(record, 1) + 4 * id, sumOf(a) + sumOf(b));
}
