// Rotates q and k by their position and appends k and v to the cache: shaders/attention/rope-append.wgsl, and
// shaders/attention/cache for what is stored.
//
// Constants: 0 heads, 1 kv heads, 2 dimensions of a head, 3 cache, 4 dimensions that rotate. Chunks: a token.
import { half, halvesOf, zero } from '../lib/simd';
import { binding, constant, stepPosition } from '../record';
import { CACHE_F16, CACHE_F32, CACHE_Q4, cacheBlock, octetsOf, PAGE, rangesOf, wordsOf } from './cache';

export function ropeAppendRun(record: usize, scratch: usize, first: i32, count: i32): void {
  for (let token = first; token < first + count; token++) appendToken(record, scratch, token);
}

function appendToken(record: usize, scratch: usize, token: i32): void {
  const heads = constant(record, 0);
  const kvHeads = constant(record, 1);
  const headDim = constant(record, 2);
  const cache = constant(record, 3);
  const rotating = constant(record, 4);
  const position = stepPosition(record) + token;
  const table = binding(record, 4) + <usize>(position * rotating) * 4;
  for (let head = 0; head < heads; head++) {
    const q = binding(record, 1) + <usize>((token * heads + head) * headDim) * 4;
    rotate(q, q, table, rotating, headDim);
  }
  const page = load<u32>(binding(record, 8) + 4 * (position / PAGE));
  const slot = position % PAGE;
  for (let head = 0; head < kvHeads; head++) {
    const source = <usize>((token * kvHeads + head) * headDim) * 4;
    rotate(binding(record, 2) + source, scratch, table, rotating, headDim);
    const keys = cacheBlock(binding(record, 5), page, kvHeads, head, cache, headDim);
    const values = cacheBlock(binding(record, 6), page, kvHeads, head, cache, headDim);
    if (cache == CACHE_F32) {
      appendFloats(scratch, keys + 16 * slot, 16 * PAGE, headDim);
      appendFloats(binding(record, 3) + source, values + <usize>(slot * headDim) * 4, 16, headDim);
    } else if (cache == CACHE_F16) {
      const row = <usize>octetsOf(headDim) * 16;
      appendHalves(scratch, keys + 16 * slot, 16 * PAGE, headDim);
      appendHalves(binding(record, 3) + source, values + row * slot, 16, headDim);
    } else if (cache == CACHE_Q4) {
      const words = wordsOf(headDim);
      const behind = 4 * words * PAGE;
      appendNibbles(scratch, keys + 4 * slot, 4 * PAGE, keys + behind + 4 * slot, 4 * PAGE, headDim);
      const ranges = values + behind + 4 * slot * rangesOf(headDim);
      appendNibbles(binding(record, 3) + source, values + 4 * slot * words, 4, ranges, 4, headDim);
    } else {
      const pairs = (headDim + 63) / 64;
      const behind = headDim * PAGE;
      appendBytes(scratch, keys + 4 * slot, 4 * PAGE, keys + behind + 4 * slot, 4 * PAGE, headDim);
      const scales = values + behind + 4 * slot * pairs;
      appendBytes(binding(record, 3) + source, values + slot * headDim, 4, scales, 4, headDim);
    }
  }
}

/** Pairs (2i, 2i + 1) turned by the table's (cos, sin); those past the dimensions that rotate as they are. */
function rotate(from: usize, to: usize, table: usize, rotating: i32, headDim: i32): void {
  for (let i = 0; i < headDim; i += 2) {
    const a = load<f32>(from + 4 * i);
    const b = load<f32>(from + 4 * i, 4);
    const c: f32 = i < rotating ? load<f32>(table + 4 * i) : 1;
    const s: f32 = i < rotating ? load<f32>(table + 4 * i, 4) : 0;
    store<f32>(to + 4 * i, i < rotating ? a * c - b * s : a);
    store<f32>(to + 4 * i + 4, i < rotating ? a * s + b * c : b);
  }
}

/** Four numbers every `stride` bytes. */
function appendFloats(x: usize, to: usize, stride: usize, headDim: i32): void {
  for (let quad = 0; quad < headDim / 4; quad++) v128.store(to + stride * quad, v128.load(x + 16 * quad));
}

/** Eight numbers in 16 bits every `stride` bytes, the last filled up with zeros. */
function appendHalves(x: usize, to: usize, stride: usize, headDim: i32): void {
  const quads = headDim / 4;
  for (let quad = 0; quad < quads; quad += 2) {
    const low = halvesOf(v128.load(x + 16 * quad));
    const high = quad + 1 < quads ? halvesOf(v128.load(x + 16 * quad, 16)) : zero();
    v128.store(to + stride * (quad / 2), i16x8.narrow_i32x4_u(low, high));
  }
}

/** Four bytes every `stride`, and the words of two scales every `scaleStride`: shaders/attention/cache/q8-append.wgsl. */
function appendBytes(x: usize, to: usize, stride: usize, scales: usize, scaleStride: usize, headDim: i32): void {
  for (let first = 0; first < headDim; first += 64) {
    const low = blockScale(x + 4 * first, min(32, headDim - first));
    // Past the head's end, where it weighs nothing: of zeros.
    const high = first + 32 < headDim ? blockScale(x + 4 * first + 128, min(32, headDim - first - 32)) : 0x0400;
    store<u32>(scales + scaleStride * (first / 64), low | (high << 16));
    for (let i = first; i < min(first + 64, headDim); i++) {
      const d = half((i - first) < 32 ? low : high);
      const byte = max<f32>(-127, min<f32>(127, nearest<f32>(load<f32>(x + 4 * i) / d)));
      store<u8>(to + stride * (i / 4) + (i & 3), <u8>(<i32>byte));
    }
  }
}

/**
 * max |x| / 127 as f16, to nearest, at least 2^-14; no number where one of x is not finite. In whole numbers, where what is not
 * finite is larger than all else.
 */
function blockScale(x: usize, count: i32): u32 {
  let bits: u32 = 0;
  for (let i = 0; i < count; i++) bits = max(bits, load<u32>(x + 4 * i) & 0x7fffffff);
  if (bits >= 0x7f800000) return 0x7e00;
  return halfBits(reinterpret<u32>(max<f32>(reinterpret<f32>(bits) * <f32>(1.0 / 127.0), <f32>0.00006103515625)));
}

/** A word of eight numbers every `stride` bytes, and a range every `rangeStride`: shaders/attention/cache/q4-append.wgsl. */
function appendNibbles(x: usize, to: usize, stride: usize, ranges: usize, rangeStride: usize, headDim: i32): void {
  for (let first = 0; first < headDim; first += 32) {
    const range = blockRange(x + 4 * first, min(32, headDim - first));
    store<u32>(ranges + rangeStride * (first / 32), range);
    const step = half(range & 0xffff);
    const least = half(range >> 16);
    for (let word = first / 8; word < min(first / 8 + 4, wordsOf(headDim)); word++) {
      let numbers: u32 = 0;
      for (let i = 8 * word; i < min(8 * word + 8, headDim); i++) {
        const number = max<f32>(0, min<f32>(15, nearest<f32>((load<f32>(x + 4 * i) - least) / step)));
        numbers |= (<u32>number & 15) << (8 * (i & 3) + (i & 4));
      }
      store<u32>(to + stride * word, numbers);
    }
  }
}

/** (high - low) / 15 as f16, at least 2^-14, and behind it low, zero where its magnitude is less; no number where x has one. */
function blockRange(x: usize, count: i32): u32 {
  let low: f32 = load<f32>(x);
  let high: f32 = low;
  let largest: u32 = 0;
  for (let i = 0; i < count; i++) {
    const value = load<f32>(x + 4 * i);
    largest = max(largest, reinterpret<u32>(value) & 0x7fffffff);
    low = min(low, value);
    high = max(high, value);
  }
  if (largest >= 0x7f800000) return 0x7e007e00;
  const step = max<f32>((high - low) * <f32>(1.0 / 15.0), <f32>0.00006103515625);
  const bits = reinterpret<u32>(low);
  const magnitude = bits & 0x7fffffff;
  const least = magnitude < 0x38800000 ? 0 : ((bits >> 16) & 0x8000) | halfBits(magnitude);
  return halfBits(reinterpret<u32>(step)) | (least << 16);
}

/** The f16 bits of a magnitude of at least 2^-14, to nearest, ties to even; what is too large becomes infinite. */
@inline
function halfBits(magnitude: u32): u32 {
  return min((magnitude + 0xfff + ((magnitude >> 13) & 1)) >> 13, (112 << 10) + 0x7c00) - (112 << 10);
}
