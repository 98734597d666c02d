// The KV cache's pages as f32: shaders/attention/cache has the layouts.
//   keys   [HEAD_DIM / 4, PAGE] of four numbers: quad i of slot s at i * PAGE * 16 + s * 16;
//   values [PAGE, HEAD_DIM / 4] of four numbers.
// An f32 cache lies so already; one in 16, 8 or 4 bits is widened into the thread's scratch.
import { halves4, madd, signedBytes, splatLane, widenHalves } from '../lib/simd';

export const CACHE_F32: i32 = 0;
export const CACHE_Q8: i32 = 1;
export const CACHE_F16: i32 = 2;
export const CACHE_Q4: i32 = 3;

/** Positions of a page. */
export const PAGE: i32 = 64;

/** Of eight dimensions in 16 bits, of a head. */
@inline
export function octetsOf(headDim: i32): i32 {
  return (headDim + 7) / 8;
}

/** Of eight numbers of 4 bits, of a head. */
@inline
export function wordsOf(headDim: i32): i32 {
  return (headDim + 7) / 8;
}

/** Of a step and a least number for 32 dimensions, of a head. */
@inline
export function rangesOf(headDim: i32): i32 {
  return (headDim + 31) / 32;
}

/** Bytes of one head in a page, of keys or of values. */
@inline
export function headBytes(cache: i32, headDim: i32): usize {
  if (cache == CACHE_F32) return 4 * PAGE * headDim;
  if (cache == CACHE_F16) return 16 * PAGE * octetsOf(headDim);
  if (cache == CACHE_Q4) return 4 * PAGE * (wordsOf(headDim) + rangesOf(headDim));
  return 4 * PAGE * (headDim / 4 + (headDim + 63) / 64);
}

/** First byte of a kv head in a physical page. */
@inline
export function cacheBlock(base: usize, page: u32, kvHeads: i32, kvHead: i32, cache: i32, headDim: i32): usize {
  return base + <usize>(page * kvHeads + kvHead) * headBytes(cache, headDim);
}

/** The scale of block `index` of a scale word's pair, of four words. */
@inline
function scalesOf(words: v128, index: i32): v128 {
  return halves4((index & 1) == 0 ? v128.and(words, i32x4.splat(0xffff)) : i32x4.shr_u(words, 16));
}

/** Keys of the first `count` slots, rounded up to four, as f32. @returns where they are */
export function widenKeys(block: usize, cache: i32, headDim: i32, count: i32, to: usize): usize {
  if (cache == CACHE_F32) return block;
  const quads = headDim / 4;
  if (cache == CACHE_F16) {
    const slots = (count + 3) & ~3;
    for (let quad = 0; quad < quads; quad += 2) {
      const from = block + <usize>(PAGE * quad) * 8;
      const out = to + <usize>(PAGE * quad) * 16;
      for (let at: usize = 0; at < <usize>slots * 16; at += 16) {
        const octet = v128.load(from + at);
        v128.store(out + at, halves4(i32x4.extend_low_i16x8_u(octet)));
        if (quad + 1 < quads) v128.store(out + at + 16 * PAGE, halves4(i32x4.extend_high_i16x8_u(octet)));
      }
    }
    return to;
  }
  if (cache == CACHE_Q4) {
    for (let slot = 0; slot < count; slot += 4) widenNibbleKeys(block, headDim, slot, to);
    return to;
  }
  for (let slot = 0; slot < count; slot += 4) {
    for (let quad = 0; quad < quads; quad++) {
      const pair = <usize>(PAGE * (quads + quad / 16) + slot) * 4;
      const scales = scalesOf(v128.load(block + pair), quad / 8);
      const bytes = v128.load(block + <usize>(PAGE * quad + slot) * 4);
      const out = to + <usize>(PAGE * quad + slot) * 16;
      v128.store(out, f32x4.mul(signedBytes(bytes, 0), f32x4.shuffle(scales, scales, 0, 0, 0, 0)));
      v128.store(out + 16, f32x4.mul(signedBytes(bytes, 1), f32x4.shuffle(scales, scales, 1, 1, 1, 1)));
      v128.store(out + 32, f32x4.mul(signedBytes(bytes, 2), f32x4.shuffle(scales, scales, 2, 2, 2, 2)));
      v128.store(out + 48, f32x4.mul(signedBytes(bytes, 3), f32x4.shuffle(scales, scales, 3, 3, 3, 3)));
    }
  }
  return to;
}

/** Values of the first `count` slots as f32. @returns where they are */
export function widenValues(block: usize, cache: i32, headDim: i32, count: i32, to: usize): usize {
  if (cache == CACHE_F32) return block;
  const quads = headDim / 4;
  if (cache == CACHE_F16) {
    const row = <usize>octetsOf(headDim) * 16;
    for (let slot = 0; slot < count; slot++) widenHalves(block + row * slot, headDim, to + <usize>(quads * slot) * 16);
    return to;
  }
  if (cache == CACHE_Q4) {
    for (let slot = 0; slot < count; slot++) widenNibbleValues(block, headDim, slot, to);
    return to;
  }
  const pairs = (headDim + 63) / 64;
  for (let slot = 0; slot < count; slot++) {
    for (let quad = 0; quad < quads; quad++) {
      const word = v128.load32_splat(block + <usize>(quads * PAGE + slot * pairs + quad / 16) * 4);
      const bytes = v128.load32_zero(block + <usize>(slot * quads + quad) * 4);
      v128.store(to + <usize>(slot * quads + quad) * 16, f32x4.mul(signedBytes(bytes, 0), scalesOf(word, quad / 8)));
    }
  }
  return to;
}

/** The low halves of bytes. */
@inline
function lowNibbles(bytes: v128): v128 {
  return v128.and(bytes, i8x16.splat(15));
}

@inline
function highNibbles(bytes: v128): v128 {
  return lowNibbles(i32x4.shr_u(bytes, 4));
}

/** Of four neighbouring slots. */
function widenNibbleKeys(block: usize, headDim: i32, slot: i32, to: usize): void {
  const quads = headDim / 4;
  const words = wordsOf(headDim);
  for (let word = 0; word < words; word++) {
    const ranges = v128.load(block + <usize>(PAGE * (words + word / 4) + slot) * 4);
    const steps = halves4(v128.and(ranges, i32x4.splat(0xffff)));
    const least = halves4(i32x4.shr_u(ranges, 16));
    const numbers = v128.load(block + <usize>(PAGE * word + slot) * 4);
    const out = to + <usize>(PAGE * 2 * word + slot) * 16;
    storeQuads(out, lowNibbles(numbers), steps, least);
    if (2 * word + 1 < quads) storeQuads(out + 16 * PAGE, highNibbles(numbers), steps, least);
  }
}

/** A quad of each of four slots, which have a step and a least number each. */
@inline
function storeQuads(out: usize, bytes: v128, steps: v128, least: v128): void {
  v128.store(out, madd(signedBytes(bytes, 0), splatLane(steps, 0), splatLane(least, 0)));
  v128.store(out, madd(signedBytes(bytes, 1), splatLane(steps, 1), splatLane(least, 1)), 16);
  v128.store(out, madd(signedBytes(bytes, 2), splatLane(steps, 2), splatLane(least, 2)), 32);
  v128.store(out, madd(signedBytes(bytes, 3), splatLane(steps, 3), splatLane(least, 3)), 48);
}

/** Of a slot. */
function widenNibbleValues(block: usize, headDim: i32, slot: i32, to: usize): void {
  const quads = headDim / 4;
  const words = wordsOf(headDim);
  const ranges = block + <usize>(words * PAGE + slot * rangesOf(headDim)) * 4;
  for (let word = 0; word < words; word++) {
    const range = v128.load32_splat(ranges + <usize>(word / 4) * 4);
    const step = halves4(v128.and(range, i32x4.splat(0xffff)));
    const least = halves4(i32x4.shr_u(range, 16));
    const numbers = v128.load32_zero(block + <usize>(slot * words + word) * 4);
    const out = to + <usize>(slot * quads + 2 * word) * 16;
    v128.store(out, madd(signedBytes(lowNibbles(numbers), 0), step, least));
    if (2 * word + 1 < quads) v128.store(out, madd(signedBytes(highNibbles(numbers), 0), step, least), 16);
  }
}
