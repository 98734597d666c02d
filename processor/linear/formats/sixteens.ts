// Q4_1, Q5_0, Q5_1, IQ4_NL and IQ4_XS: 32 weights in 16 bytes, the first half of them in the low nibbles. Planes
// (shaders/linear/formats/sixteens.wgsl): the bytes; scales; fifth bits.
import { half, halves4, widenHalves } from '../../lib/simd';
import { FORMAT_IQ4_NL, FORMAT_IQ4_XS, FORMAT_Q5_0, FORMAT_Q5_1 } from './names';

/** The sixteen levels of IQ4_NL: src/engine/quant/iq4-nl.ts. */
@inline
export function levelsOf(nibbles: v128): v128 {
  const levels = i8x16(-127, -104, -83, -65, -49, -35, -22, -10, 1, 13, 25, 38, 53, 69, 89, 113);
  return i8x16.swizzle(levels, nibbles);
}

/** Of 16 weights the fifth bits, each above four bits: the lower half of `bits`, or the upper. */
@inline
function fifthsOf(bits: v128, isUpper: bool): v128 {
  const places = i8x16(1, 2, 4, 8, 16, 32, 64, -128, 1, 2, 4, 8, 16, 32, 64, -128);
  const copies = isUpper
    ? i8x16.shuffle(bits, bits, 2, 2, 2, 2, 2, 2, 2, 2, 3, 3, 3, 3, 3, 3, 3, 3)
    : i8x16.shuffle(bits, bits, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1);
  return v128.and(i8x16.eq(v128.and(copies, places), places), i8x16.splat(16));
}

/** As `unpack` of unpacked.ts. */
export function unpackSixteens(
  format: i32,
  quants: usize,
  scalesFrom: usize,
  high: usize,
  start: usize,
  count: i32,
  bytes: usize,
  scales: usize,
  offsets: usize,
): void {
  const block0 = start / 32;
  const blocks = count / 32;
  for (let i = 0; i < blocks; i++) {
    const pair = v128.load(quants + 16 * (block0 + i));
    let low = v128.and(pair, i8x16.splat(15));
    let top = i8x16.shr_u(pair, 4);
    if (format == FORMAT_Q5_0 || format == FORMAT_Q5_1) {
      const bits = v128.load32_splat(high + 4 * (block0 + i));
      low = v128.or(low, fifthsOf(bits, false));
      top = v128.or(top, fifthsOf(bits, true));
    } else if (format == FORMAT_IQ4_NL || format == FORMAT_IQ4_XS) {
      low = levelsOf(low);
      top = levelsOf(top);
    }
    v128.store(bytes + 32 * i, low);
    v128.store(bytes + 32 * i, top, 16);
  }
  if (format == FORMAT_IQ4_XS) {
    scalesOfHeader(scalesFrom + 8 * (start / 256), scales);
  } else if (format == FORMAT_IQ4_NL || format == FORMAT_Q5_0) {
    widenHalves(scalesFrom + 2 * block0, blocks, scales);
    if (format == FORMAT_IQ4_NL) return;
    for (let i = 0; i < blocks; i += 4) {
      v128.store(offsets + 4 * i, f32x4.mul(v128.load(scales + 4 * i), f32x4.splat(-16)));
    }
  } else widenPairs(scalesFrom + 4 * block0, blocks, scales, offsets);
}

/** d * (s - 32) of eight blocks; a nibble, or two bits, of each lane is pushed to its top. */
@inline
function scalesOfHeader(header: usize, to: usize): void {
  const d = f32x4.splat(half(load<u16>(header)));
  const low = v128.load32_splat(header, 4);
  const high = v128.load16_splat(header, 2);
  storeScales(
    i32x4.mul(low, i32x4(1 << 28, 1 << 24, 1 << 20, 1 << 16)),
    i32x4.mul(high, i32x4(1 << 30, 1 << 28, 1 << 26, 1 << 24)),
    d,
    to,
  );
  storeScales(
    i32x4.mul(low, i32x4(1 << 12, 1 << 8, 1 << 4, 1)),
    i32x4.mul(high, i32x4(1 << 22, 1 << 20, 1 << 18, 1 << 16)),
    d,
    to + 16,
  );
}

@inline
function storeScales(low: v128, high: v128, d: v128, to: usize): void {
  const s = v128.or(i32x4.shr_u(low, 28), i32x4.shl(i32x4.shr_u(high, 30), 4));
  v128.store(to, f32x4.mul(d, f32x4.convert_i32x4_s(i32x4.sub(s, i32x4.splat(32)))));
}

/** `count` pairs of f16, the first ones apart from the second ones, followed by zeros up to a multiple of four. */
function widenPairs(from: usize, count: i32, firsts: usize, seconds: usize): void {
  let i = 0;
  for (; i + 4 <= count; i += 4) {
    const pairs = v128.load(from + 4 * i);
    v128.store(firsts + 4 * i, halves4(v128.and(pairs, i32x4.splat(0xffff))));
    v128.store(seconds + 4 * i, halves4(i32x4.shr_u(pairs, 16)));
  }
  if (i == count) return;
  v128.store(firsts + 4 * i, i32x4.splat(0));
  v128.store(seconds + 4 * i, i32x4.splat(0));
  for (; i < count; i++) {
    store<f32>(firsts + 4 * i, half(load<u16>(from + 4 * i)));
    store<f32>(seconds + 4 * i, half(load<u16>(from + 4 * i, 2)));
  }
}
