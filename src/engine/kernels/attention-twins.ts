import { floatToHalf, halfToFloat } from '../quant/half.ts';
import type { Precision } from '../types/precision.ts';

/**
 * Scalar twins of the vision encoder's attention, of the key scores and of the KV cache's storage: plain loops with f64
 * accumulation.
 */

/** Softmax over `scores`, in place. */
function softmax(scores: Float64Array): void {
  const largest = scores.reduce((max, score) => Math.max(max, score), Number.NEGATIVE_INFINITY);
  let total = 0;
  for (let j = 0; j < scores.length; j++) {
    scores[j] = Math.exp(scores[j]! - largest);
    total += scores[j]!;
  }
  for (let j = 0; j < scores.length; j++) scores[j]! /= total;
}

/**
 * Full attention within each image tile. q, k, v: [tiles * positions, heads * headDim]; the last tile may have fewer
 * rows.
 */
export function encoderAttentionTwin(
  q: Float32Array,
  k: Float32Array,
  v: Float32Array,
  shape: { heads: number; headDim: number; positions: number },
): Float64Array {
  const { heads, headDim, positions } = shape;
  const row = heads * headDim;
  const rows = q.length / row;
  const out = new Float64Array(q.length);
  for (let t = 0; t < rows; t++) {
    const tile0 = t - (t % positions);
    const weights = new Float64Array(Math.min(positions, rows - tile0));
    for (let h = 0; h < heads; h++) {
      const at = t * row + h * headDim;
      for (let j = 0; j < weights.length; j++) {
        let sum = 0;
        for (let d = 0; d < headDim; d++) sum += q[at + d]! * k[(tile0 + j) * row + h * headDim + d]!;
        weights[j] = sum / Math.sqrt(headDim);
      }
      softmax(weights);
      for (let j = 0; j < weights.length; j++) {
        const from = (tile0 + j) * row + h * headDim;
        for (let d = 0; d < headDim; d++) out[at + d]! += weights[j]! * v[from + d]!;
      }
    }
  }
  return out;
}

/**
 * Attention that each key of a block receives: [blockCount], the causal softmax summed over heads and over the queries
 * at `firstQuery` and after. q: [tokens, heads, headDim], k: [tokens, kvHeads, headDim], both from position 0. Query
 * head h reads kv head floor(h / (heads / kvHeads)).
 */
export function keyScoresTwin(
  q: ArrayLike<number>,
  k: ArrayLike<number>,
  shape: { heads: number; kvHeads: number; headDim: number },
  block: { firstQuery: number; blockStart: number; blockCount: number },
): Float64Array {
  const { heads, kvHeads, headDim } = shape;
  const tokens = q.length / (heads * headDim);
  const scores = new Float64Array(block.blockCount);
  for (let t = block.firstQuery; t < tokens; t++) {
    const weights = new Float64Array(t + 1);
    for (let h = 0; h < heads; h++) {
      const kvHead = Math.floor(h / (heads / kvHeads));
      const at = (t * heads + h) * headDim;
      for (let j = 0; j <= t; j++) {
        let sum = 0;
        for (let d = 0; d < headDim; d++) sum += q[at + d]! * k[(j * kvHeads + kvHead) * headDim + d]!;
        weights[j] = sum / Math.sqrt(headDim);
      }
      softmax(weights);
      for (let j = 0; j < block.blockCount; j++) scores[j]! += weights[block.blockStart + j] ?? 0;
    }
  }
  return scores;
}

/**
 * By how much, relatively, f32 arithmetic may move a softmax weight or a sum of weights: the rounding of a score,
 * which is a sum of headDim / 4 dot products of total size at most |q||k| / sqrt(headDim); exp(), which WGSL lets err
 * by 3 + 2 |x| units, where |x| is ln(keys) on the average that counts; and the running sums over `terms`. Errors of
 * running sums grow like the root of their length.
 */
export function softmaxTolerance(
  q: ArrayLike<number>,
  k: ArrayLike<number>,
  headDim: number,
  terms: number,
): number {
  const size = (longestVector(q, headDim) * longestVector(k, headDim)) / Math.sqrt(headDim);
  const score = (4 + Math.sqrt(headDim / 4)) * size;
  return 2 ** -23 * (score + 2 * (3 + 2 * Math.log(terms)) + Math.sqrt(terms));
}

function longestVector(x: ArrayLike<number>, length: number): number {
  let longest = 0;
  for (let i = 0; i < x.length; i += length) {
    let squares = 0;
    for (let d = 0; d < length; d++) squares += x[i + d]! ** 2;
    longest = Math.max(longest, squares);
  }
  return Math.sqrt(longest);
}

/**
 * What a cache gives back of the heads x [..., headDim] stored in it. Scalar twin of the shaders, in float32 like them: a
 * division, which devices may round otherwise, can still put a number that is half-way between two bytes on the other.
 */
export function storedTwin(
  x: ArrayLike<number>,
  headDim: number,
  cache: Precision,
): Float32Array<ArrayBuffer> {
  const stored = Float32Array.from(x);
  if (cache === 'f16') return stored.map(value => halfToFloat(floatToHalf(bounded(value))));
  if (cache === 'f32') return stored;
  const round = cache === 'q8' ? roundToBytes : roundToNibbles;
  for (let head = 0; head < stored.length; head += headDim) {
    for (let at = 0; at < headDim; at += 32) {
      round(stored.subarray(head + at, head + Math.min(at + 32, headDim)));
    }
  }
  return stored;
}

function roundToBytes(block: Float32Array): void {
  const largest = block.reduce((max, value) => Math.max(max, Math.abs(value)), 0);
  const d = halfToFloat(floatToHalf(Math.max(2 ** -14, Math.fround(largest * Math.fround(1 / 127)))));
  block.forEach((value, i) => {
    block[i] = d * Math.max(-127, Math.min(127, roundToEven(Math.fround(value / d))));
  });
}

function roundToNibbles(block: Float32Array): void {
  if (!block.every(Number.isFinite)) {
    block.fill(Number.NaN);
    return;
  }
  const [low, high] = [Math.min(...block), Math.max(...block)];
  const width = Math.fround(Math.fround(high - low) * Math.fround(1 / 15));
  const step = halfToFloat(floatToHalf(Math.max(2 ** -14, width)));
  const least = Math.abs(low) < 2 ** -14 ? 0 : halfToFloat(floatToHalf(low));
  block.forEach((value, i) => {
    const number = roundToEven(Math.fround(Math.fround(value - least) / step));
    block[i] = step * Math.max(0, Math.min(15, number)) + least;
  });
}

/** What is too large for 16 bits becomes the largest that there is; what is not finite is no number any more. */
function bounded(value: number): number {
  return Number.isFinite(value) ? Math.max(-65504, Math.min(65504, value)) : Number.NaN;
}

function roundToEven(x: number): number {
  const below = Math.floor(x);
  const isTie = x - below === 0.5;
  return isTie && below % 2 === 0 ? below : Math.round(x);
}
