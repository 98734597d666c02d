// Attention over a tile: some queries of one head by up to 64 keys, flash style.
//   m' = max(m, max_j s_j);  l' = l exp(m - m') + sum_j exp(s_j - m');  o' = o exp(m - m') + sum_j exp(s_j - m') v_j
// Where keys and values lie is said by strides: quad i of key j at keys + i * quadStride + j * keyStride.
// What is by query is held for a multiple of three of them; what lies past the last is never read.
import { exp4, madd, maxOf, sumOf, sumsOf, zero } from '../lib/simd';

/** Keys of a tile: the stride of its scores. */
export const TILE_KEYS: i32 = 64;

/** Below every score; also what stands for one that does not count. */
export const NEVER: f32 = -3.0e38;

/** scores[t, j] = factor * (query t . key j) for j < count; query t at q + t * queryStride. */
export function scoreTile(
  q: usize,
  queryStride: usize,
  queries: i32,
  keys: usize,
  quadStride: usize,
  keyStride: usize,
  count: i32,
  quads: i32,
  factor: f32,
  scores: usize,
): void {
  for (let j = 0; j < count; j += 4) {
    const k0 = keys + keyStride * j;
    const k1 = keys + keyStride * min(j + 1, count - 1);
    const k2 = keys + keyStride * min(j + 2, count - 1);
    const k3 = keys + keyStride * min(j + 3, count - 1);
    for (let t = 0; t < queries; t += 3) {
      const qa = q + queryStride * t;
      const qb = q + queryStride * min(t + 1, queries - 1);
      const qc = q + queryStride * min(t + 2, queries - 1);
      let a0 = zero(), a1 = zero(), a2 = zero(), a3 = zero();
      let b0 = zero(), b1 = zero(), b2 = zero(), b3 = zero();
      let c0 = zero(), c1 = zero(), c2 = zero(), c3 = zero();
      for (let i: usize = 0, at: usize = 0; i < <usize>quads * 16; i += 16, at += quadStride) {
        const xa = v128.load(qa + i);
        const xb = v128.load(qb + i);
        const xc = v128.load(qc + i);
        let k = v128.load(k0 + at);
        a0 = madd(xa, k, a0);
        b0 = madd(xb, k, b0);
        c0 = madd(xc, k, c0);
        k = v128.load(k1 + at);
        a1 = madd(xa, k, a1);
        b1 = madd(xb, k, b1);
        c1 = madd(xc, k, c1);
        k = v128.load(k2 + at);
        a2 = madd(xa, k, a2);
        b2 = madd(xb, k, b2);
        c2 = madd(xc, k, c2);
        k = v128.load(k3 + at);
        a3 = madd(xa, k, a3);
        b3 = madd(xb, k, b3);
        c3 = madd(xc, k, c3);
      }
      const at = scores + <usize>(t * TILE_KEYS + j) * 4;
      const f = f32x4.splat(factor);
      v128.store(at, f32x4.mul(sumsOf(a0, a1, a2, a3), f));
      v128.store(at + 4 * TILE_KEYS, f32x4.mul(sumsOf(b0, b1, b2, b3), f));
      v128.store(at + 8 * TILE_KEYS, f32x4.mul(sumsOf(c0, c1, c2, c3), f));
    }
  }
}

/** scores[j] = factor * (q . key j) of one query; `count` keys, of which those up to the next multiple of four are readable. */
export function scoreOne(
  q: usize,
  keys: usize,
  quadStride: usize,
  count: i32,
  quads: i32,
  factor: f32,
  scores: usize,
): void {
  for (let j = 0; j < count; j += 4) {
    let at = keys + 16 * j;
    let a0 = zero(), a1 = zero(), a2 = zero(), a3 = zero();
    for (let i: usize = 0; i < <usize>quads * 16; i += 16, at += quadStride) {
      const x = v128.load(q + i);
      a0 = madd(x, v128.load(at), a0);
      a1 = madd(x, v128.load(at, 16), a1);
      a2 = madd(x, v128.load(at, 32), a2);
      a3 = madd(x, v128.load(at, 48), a3);
    }
    v128.store(scores + 4 * j, f32x4.mul(sumsOf(a0, a1, a2, a3), f32x4.splat(factor)));
  }
}

/** NEVER behind the first `count` of a query's scores, up to the next multiple of four. */
@inline
export function closeScores(scores: usize, count: i32): void {
  for (let j = count; j < ((count + 3) & ~3); j++) store<f32>(scores + 4 * j, NEVER);
}

/** The largest of `m` and of scores that were closed. */
export function largestScore(scores: usize, count: i32, m: f32): f32 {
  let largest = f32x4.splat(m);
  for (let j = 0; j < count; j += 4) largest = f32x4.max(largest, v128.load(scores + 4 * j));
  return maxOf(largest);
}

/** Closed scores become exp(s - m), their sum is returned. One that is no number spoils the sum. */
export function weigh(scores: usize, count: i32, m: f32): f32 {
  let sum = zero();
  for (let j = 0; j < count; j += 4) {
    const term = exp4(f32x4.sub(v128.load(scores + 4 * j), f32x4.splat(m)));
    v128.store(scores + 4 * j, term);
    sum = f32x4.add(sum, term);
  }
  return sumOf(sum);
}

/**
 * A tile's scores become weights, of which query t has those from `firstHidden + t` on to before `firstVisible + t`; m, l and the
 * factor exp(m - m') of each query, three arrays of f32 by query, follow.
 */
export function softmaxTile(
  scores: usize,
  queries: i32,
  count: i32,
  firstHidden: i32,
  firstVisible: i32,
  m: usize,
  l: usize,
  factors: usize,
): void {
  for (let t = 0; t < queries; t++) {
    const row = scores + <usize>(t * TILE_KEYS) * 4;
    const visible = max(0, min(count, firstVisible + t));
    const hidden = max(0, min(visible, firstHidden + t));
    for (let j = visible; j < count; j++) store<f32>(row + 4 * j, 0);
    if (visible == hidden) {
      for (let j = 0; j < visible; j++) store<f32>(row + 4 * j, 0);
      store<f32>(factors + 4 * t, 1);
      continue;
    }
    for (let j = 0; j < hidden; j++) store<f32>(row + 4 * j, NEVER);
    closeScores(row, visible);
    const before = load<f32>(m + 4 * t);
    const largest = largestScore(row, visible, before);
    const factor = f32x4.extract_lane(exp4(f32x4.splat(before - largest)), 0);
    const sum = weigh(row, visible, largest);
    store<f32>(l + 4 * t, load<f32>(l + 4 * t) * factor + sum);
    store<f32>(m + 4 * t, largest);
    store<f32>(factors + 4 * t, factor);
  }
}

/** out[t] = factors[t] * out[t] + sum_j weights[t, j] * values[j], out [queries to a multiple of 3, quads] of four. */
export function valueTile(
  weights: usize,
  queries: i32,
  values: usize,
  valueStride: usize,
  count: i32,
  quads: i32,
  factors: usize,
  out: usize,
): void {
  const row = <usize>quads * 16;
  for (let t = 0; t < queries; t += 3) {
    const w = weights + <usize>(t * TILE_KEYS) * 4;
    const fa = v128.load32_splat(factors + 4 * t);
    const fb = v128.load32_splat(factors + 4 * t, 4);
    const fc = v128.load32_splat(factors + 4 * t, 8);
    const o = out + row * t;
    let i = 0;
    for (; i + 4 <= quads; i += 4) {
      const at = o + 16 * i;
      let a0 = f32x4.mul(v128.load(at), fa);
      let a1 = f32x4.mul(v128.load(at, 16), fa);
      let a2 = f32x4.mul(v128.load(at, 32), fa);
      let a3 = f32x4.mul(v128.load(at, 48), fa);
      let b0 = f32x4.mul(v128.load(at + row), fb);
      let b1 = f32x4.mul(v128.load(at + row, 16), fb);
      let b2 = f32x4.mul(v128.load(at + row, 32), fb);
      let b3 = f32x4.mul(v128.load(at + row, 48), fb);
      let c0 = f32x4.mul(v128.load(at + 2 * row), fc);
      let c1 = f32x4.mul(v128.load(at + 2 * row, 16), fc);
      let c2 = f32x4.mul(v128.load(at + 2 * row, 32), fc);
      let c3 = f32x4.mul(v128.load(at + 2 * row, 48), fc);
      let v = values + 16 * i;
      for (let j: usize = 0; j < <usize>count * 4; j += 4, v += valueStride) {
        const wa = v128.load32_splat(w + j);
        const wb = v128.load32_splat(w + j, 256);
        const wc = v128.load32_splat(w + j, 512);
        let x = v128.load(v);
        a0 = madd(wa, x, a0);
        b0 = madd(wb, x, b0);
        c0 = madd(wc, x, c0);
        x = v128.load(v, 16);
        a1 = madd(wa, x, a1);
        b1 = madd(wb, x, b1);
        c1 = madd(wc, x, c1);
        x = v128.load(v, 32);
        a2 = madd(wa, x, a2);
        b2 = madd(wb, x, b2);
        c2 = madd(wc, x, c2);
        x = v128.load(v, 48);
        a3 = madd(wa, x, a3);
        b3 = madd(wb, x, b3);
        c3 = madd(wc, x, c3);
      }
      v128.store(at, a0, 0);
      v128.store(at, a1, 16);
      v128.store(at, a2, 32);
      v128.store(at, a3, 48);
      v128.store(at + row, b0, 0);
      v128.store(at + row, b1, 16);
      v128.store(at + row, b2, 32);
      v128.store(at + row, b3, 48);
      v128.store(at + 2 * row, c0, 0);
      v128.store(at + 2 * row, c1, 16);
      v128.store(at + 2 * row, c2, 32);
      v128.store(at + 2 * row, c3, 48);
    }
    for (; i < quads; i++) {
      const at = o + 16 * i;
      let a = f32x4.mul(v128.load(at), fa);
      let b = f32x4.mul(v128.load(at + row), fb);
      let c = f32x4.mul(v128.load(at + 2 * row), fc);
      let v = values + 16 * i;
      for (let j: usize = 0; j < <usize>count * 4; j += 4, v += valueStride) {
        const x = v128.load(v);
        a = madd(v128.load32_splat(w + j), x, a);
        b = madd(v128.load32_splat(w + j, 256), x, b);
        c = madd(v128.load32_splat(w + j, 512), x, c);
      }
      v128.store(at, a);
      v128.store(at + row, b);
      v128.store(at + 2 * row, c);
    }
  }
}

/** out += sum_j weights[j] * values[j] of one query. */
export function valueOne(
  weights: usize,
  values: usize,
  valueStride: usize,
  count: i32,
  quads: i32,
  out: usize,
): void {
  let i = 0;
  for (; i + 8 <= quads; i += 8) {
    const at = out + 16 * i;
    let a0 = v128.load(at), a1 = v128.load(at, 16), a2 = v128.load(at, 32), a3 = v128.load(at, 48);
    let a4 = v128.load(at, 64), a5 = v128.load(at, 80), a6 = v128.load(at, 96), a7 = v128.load(at, 112);
    let v = values + 16 * i;
    for (let j: usize = 0; j < <usize>count * 4; j += 4, v += valueStride) {
      const w = v128.load32_splat(weights + j);
      a0 = madd(w, v128.load(v), a0);
      a1 = madd(w, v128.load(v, 16), a1);
      a2 = madd(w, v128.load(v, 32), a2);
      a3 = madd(w, v128.load(v, 48), a3);
      a4 = madd(w, v128.load(v, 64), a4);
      a5 = madd(w, v128.load(v, 80), a5);
      a6 = madd(w, v128.load(v, 96), a6);
      a7 = madd(w, v128.load(v, 112), a7);
    }
    v128.store(at, a0, 0);
    v128.store(at, a1, 16);
    v128.store(at, a2, 32);
    v128.store(at, a3, 48);
    v128.store(at, a4, 64);
    v128.store(at, a5, 80);
    v128.store(at, a6, 96);
    v128.store(at, a7, 112);
  }
  for (; i < quads; i++) {
    const at = out + 16 * i;
    let a = v128.load(at);
    let v = values + 16 * i;
    for (let j: usize = 0; j < <usize>count * 4; j += 4, v += valueStride) {
      a = madd(v128.load32_splat(weights + j), v128.load(v), a);
    }
    v128.store(at, a);
  }
}
