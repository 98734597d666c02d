import type { ActivationBits } from '../types/device-choice.ts';

/**
 * Scalar twins of the kernels: the same formulas in plain loops with f64 accumulation. The tests compare every kernel
 * with its twin, and so does the self-test that runs when a model is loaded.
 */

/** Y[t, r] = sum_i W[r, i] X[t, i]. w: [rows, columns], x: [tokens, columns] -> [tokens, rows]. */
export function linearTwin(w: Float32Array, x: Float32Array, rows: number, columns: number): Float64Array {
  const tokens = x.length / columns;
  const y = new Float64Array(tokens * rows);
  for (let t = 0; t < tokens; t++) {
    for (let r = 0; r < rows; r++) {
      let sum = 0;
      for (let i = 0; i < columns; i++) sum += w[r * columns + i]! * x[t * columns + i]!;
      y[t * rows + r] = sum;
    }
  }
  return y;
}

/**
 * What f32 arithmetic in any order may differ by: terms of size at most max|w| (doubled, because the kernels subtract a
 * format's offset after summing) times |x|, a few roundings each, one more per 32 terms for the running sums.
 */
export function linearTolerance(w: Float32Array, x: Float32Array): number {
  const largest = w.reduce((max, value) => Math.max(max, Math.abs(value)), 0);
  const total = x.reduce((sum, value) => sum + Math.abs(value), 0);
  return 2 ** -23 * (16 + x.length / 32) * 2 * largest * total;
}

/**
 * What products of normally distributed numbers may differ by in f32 (every kernel adds up in f32; f16 is storage alone), for
 * x: [tokens, columns]. Each of k additions errs by at most u = 2^-24 of the running sum, which stays near the length N of
 * the vector of terms; the errors are of either sign, so together they are about u sqrt(k) N. N is at most
 * 2 max|w| |x|: twice, because kernels subtract a format's offset after summing. Eight times that is allowed, and yet one
 * term too few, a row in another's place or a forgotten scale is more.
 */
export function sampledTolerance(w: Float32Array, x: Float32Array, columns: number): number {
  const largest = w.reduce((max, value) => Math.max(max, Math.abs(value)), 0);
  let longest = 0;
  for (let start = 0; start < x.length; start += columns) {
    const squares = x.subarray(start, start + columns).reduce((sum, value) => sum + value * value, 0);
    longest = Math.max(longest, Math.sqrt(squares));
  }
  return 8 * 2 ** -24 * Math.sqrt(columns) * 2 * largest * longest;
}

/** Activations that a product rounds, 32 at a time, to whole numbers of their largest size / `most`. */
const roundedTogether = 32;

function largestWhole(bits: 16 | 8): number {
  return bits === 8 ? 127 : 32767;
}

/**
 * x as a product reads it that rounds its activations to `bits`, in the arithmetic of whoever does so: every step is one of f32,
 * and halves go to the even number.
 */
export function roundedTwin(x: Float32Array, bits: ActivationBits): Float32Array<ArrayBuffer> {
  const out = Float32Array.from(x);
  if (bits === 32) return out;
  for (let start = 0; start < x.length; start += roundedTogether) {
    const block = out.subarray(start, start + roundedTogether);
    const largest = block.reduce((max, value) => Math.max(max, Math.abs(value)), 0);
    const step = Math.fround(largest / largestWhole(bits));
    const perStep = Math.fround(1 / step);
    block.forEach((value, i) => {
      block[i] = step === 0 ? 0 : nearestEven(Math.fround(value * perStep)) * step;
    });
  }
  return out;
}

function nearestEven(value: number): number {
  const below = Math.floor(value);
  const rest = value - below;
  if (rest !== 0.5) return Math.round(value);
  return below % 2 === 0 ? below : below + 1;
}

/**
 * What rounding the activations may change in a product, for x: [tokens, columns]: each is off by at most half a step, evenly
 * distributed, so by step / sqrt(12) in the mean, of either sign; together by that times the length of the weights of a row. Eight
 * times that is allowed.
 */
export function roundingTolerance(
  w: Float32Array,
  x: Float32Array,
  columns: number,
  bits: ActivationBits,
): number {
  if (bits === 32) return 0;
  const largest = x.reduce((max, value) => Math.max(max, Math.abs(value)), 0);
  let longest = 0;
  for (let start = 0; start < w.length; start += columns) {
    const squares = w.subarray(start, start + columns).reduce((sum, value) => sum + value * value, 0);
    longest = Math.max(longest, Math.sqrt(squares));
  }
  return ((8 * largest) / largestWhole(bits) / Math.sqrt(12)) * longest;
}

/** The normal distribution's upper tail, P(X > a) = erfc(a / sqrt(2)) / 2 for a >= 0. */
function upperTail(a: number): number {
  const density = Math.exp((-a * a) / 2) / Math.sqrt(2 * Math.PI);
  if (a > 4) {
    // Abramowitz and Stegun 26.2.14, Laplace's continued fraction.
    let fraction = a;
    for (let n = 100; n > 0; n--) fraction = a + n / fraction;
    return density / fraction;
  }
  // Abramowitz and Stegun 26.2.11: 1/2 minus a series whose terms are all positive.
  let term = a;
  let sum = a;
  for (let n = 1; term > 1e-17 * sum; n++) {
    term *= (a * a) / (2 * n + 1);
    sum += term;
  }
  return 0.5 - density * sum;
}

/** v * Phi(v) = v / 2 * (1 + erf(v / sqrt(2))). */
export function geluTwin(v: number): number {
  return Math.max(v, 0) - Math.abs(v) * upperTail(Math.abs(v));
}

/** GELU by its tangent formula. */
export function tanhGeluTwin(v: number): number {
  return 0.5 * v * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (v + 0.044715 * v ** 3)));
}

/** What a matmul's epilogue makes of the products [tokens, rows], where Y held `before`. */
export function epilogueTwin(
  products: Float64Array,
  vectors: { bias: Float32Array; gelu?: 'erf' | 'tanh'; accumulate?: true; layerScale?: Float32Array },
  before: Float32Array,
): Float64Array {
  const { bias, gelu, accumulate, layerScale } = vectors;
  return products.map((product, i) => {
    const row = i % bias.length;
    const value = product + bias[row]!;
    if (layerScale) return before[i]! + layerScale[row]! * value;
    if (accumulate) return before[i]! + value;
    if (gelu === 'tanh') return tanhGeluTwin(value);
    return gelu ? geluTwin(value) : value;
  });
}

/** y = x / sqrt(mean(x^2) + epsilon) * weight, row by row. */
export function rmsNormTwin(x: Float32Array, weight: Float32Array, epsilon: number): Float64Array {
  const columns = weight.length;
  const y = new Float64Array(x.length);
  for (let row = 0; row < x.length; row += columns) {
    let squares = 0;
    for (let i = 0; i < columns; i++) squares += x[row + i]! ** 2;
    const scale = 1 / Math.sqrt(squares / columns + epsilon);
    for (let i = 0; i < columns; i++) y[row + i] = x[row + i]! * scale * weight[i]!;
  }
  return y;
}

/** y = (x - mean) / sqrt(variance + epsilon) * weight + bias, row by row, with the biased variance. */
export function layerNormTwin(
  x: Float32Array,
  weight: Float32Array,
  bias: Float32Array,
  epsilon: number,
): Float64Array {
  const columns = weight.length;
  const y = new Float64Array(x.length);
  for (let row = 0; row < x.length; row += columns) {
    const values = Array.from(x.subarray(row, row + columns));
    const mean = values.reduce((sum, value) => sum + value, 0) / columns;
    const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / columns;
    const scale = 1 / Math.sqrt(variance + epsilon);
    values.forEach((value, i) => {
      y[row + i] = (value - mean) * scale * weight[i]! + bias[i]!;
    });
  }
  return y;
}

/** Interleaved RoPE of one head vector: pairs (2i, 2i+1) turned by position * theta^(-2i / dimensions). */
export function ropeTwin(
  x: ArrayLike<number>,
  position: number,
  theta: number,
  dimensions = x.length,
): Float64Array {
  const y = Float64Array.from(x);
  for (let i = 0; 2 * i < dimensions; i++) {
    const angle = position * theta ** ((-2 * i) / dimensions);
    const [a, b] = [x[2 * i]!, x[2 * i + 1]!];
    y[2 * i] = a * Math.cos(angle) - b * Math.sin(angle);
    y[2 * i + 1] = a * Math.sin(angle) + b * Math.cos(angle);
  }
  return y;
}

/**
 * Causal attention. q: [queries, heads, headDim] at positions first..; k, v: [keys, kvHeads, headDim] from position 0.
 * `window`: keys that a position sees, its own included.
 * Query head h reads kv head floor(h / (heads / kvHeads)).
 */
export function attentionTwin(
  q: ArrayLike<number>,
  k: ArrayLike<number>,
  v: ArrayLike<number>,
  shape: {
    heads: number;
    kvHeads: number;
    headDim: number;
    first: number;
    window?: number | undefined;
    /** The queries are one picture: they see each other in both directions. */
    isWhole?: boolean;
  },
): Float64Array {
  const { heads, kvHeads, headDim, first, window = Number.POSITIVE_INFINITY, isWhole = false } = shape;
  const queries = q.length / (heads * headDim);
  const out = new Float64Array(q.length);
  for (let t = 0; t < queries; t++) {
    for (let h = 0; h < heads; h++) {
      const kvHead = Math.floor(h / (heads / kvHeads));
      const at = (t * heads + h) * headDim;
      const scores: number[] = [];
      const last = first + (isWhole ? queries - 1 : t);
      for (let j = 0; j <= last; j++) {
        let sum = 0;
        for (let d = 0; d < headDim; d++) sum += q[at + d]! * k[(j * kvHeads + kvHead) * headDim + d]!;
        scores.push(first + t - j < window ? sum / Math.sqrt(headDim) : Number.NEGATIVE_INFINITY);
      }
      const largest = Math.max(...scores);
      const weights = scores.map(score => Math.exp(score - largest));
      const total = weights.reduce((sum, weight) => sum + weight, 0);
      weights.forEach((weight, j) => {
        for (let d = 0; d < headDim; d++) {
          out[at + d]! += (weight / total) * v[(j * kvHeads + kvHead) * headDim + d]!;
        }
      });
    }
  }
  return out;
}

/** silu(gate) * up. */
export function siluMulTwin(gate: Float32Array, up: Float32Array): Float64Array {
  return Float64Array.from(gate, (z, i) => (z / (1 + Math.exp(-z))) * up[i]!);
}

/** gelu(gate) * up by the tangent formula. */
export function geluMulTwin(gate: Float32Array, up: Float32Array): Float64Array {
  return Float64Array.from(gate, (z, i) => {
    return tanhGeluTwin(z) * up[i]!;
  });
}

/** How far silu(gate) * up may be off where each of the two is off by `tolerance`; |silu'| stays below 1.1. */
export function siluMulTolerance(gate: Float32Array, up: Float32Array, tolerance: number): number {
  const largest = (values: Float32Array) => values.reduce((max, value) => Math.max(max, Math.abs(value)), 0);
  const product = largest(gate) * largest(up);
  return 1.1 * tolerance * (largest(gate) + largest(up) + tolerance) + 2 ** -20 * product;
}

/** Ids of the k largest values in descending order, ties to the lower id. */
export function topKTwin(values: Float32Array, k: number): number[] {
  return Array.from(values.keys())
    .sort((a, b) => values[b]! - values[a]! || a - b)
    .slice(0, k);
}
