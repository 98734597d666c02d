// The KV cache's pages as f32: shaders/attention/cache has the layouts.
//   keys   [HEAD_DIM / 4, PAGE] of four numbers: quad i of slot s at i * PAGE * 16 + s * 16;
//   values [PAGE, HEAD_DIM / 4] of four numbers.
// An f32 cache lies so already; one in 16 or 8 bits is widened into the thread's scratch.
import { halves4, signedBytes, widenHalves } from '../lib/simd';

export const CACHE_F32: i32 = 0;
export const CACHE_Q8: i32 = 1;
export const CACHE_F16: i32 = 2;

/** Positions of a page. */
export const PAGE: i32 = 64;

/** Of eight dimensions in 16 bits, of a head. */
@inline
export function octetsOf(headDim: i32): i32 {
  return (headDim + 7) / 8;
}

/** Bytes of one head in a page, of keys or of values. */
@inline
export function headBytes(cache: i32, headDim: i32): usize {
  if (cache == CACHE_F32) return 4 * PAGE * headDim;
  if (cache == CACHE_F16) return 16 * PAGE * octetsOf(headDim);
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
