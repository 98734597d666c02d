// Q4_1, Q5_0, Q5_1, IQ4_NL and IQ4_XS: see linear/formats/sixteens.ts. Of four rows a block is 64 bytes, whose low nibbles are columns
// 0..15; the fifth bits of a row are a word. Levels have a sign: activations of 16 bits.
import { halves4 } from '../../lib/simd';
import { binding } from '../../record';
import { FORMAT_IQ4_NL, FORMAT_IQ4_XS, FORMAT_Q5_0, FORMAT_Q5_1, isSigned } from '../formats/names';
import { levelsOf } from '../formats/sixteens';
import { storeAffine, storeQuad, storeSignedQuad, weightStep } from './store';

/** Four bits of each row from `first` on, each above the nibble of its column. */
@inline
function fifths(bits: v128, first: i32): v128 {
  const four = v128.and(i32x4.shr_u(bits, first), i32x4.splat(15));
  // Each a copy of all of them in a byte of its own.
  return i32x4.shl(v128.and(i32x4.mul(four, i32x4.splat(0x00204081)), i8x16.splat(1)), 4);
}

/** As `unpackFour`; `start`: of the four rows, in weights of each plane. */
export function unpackSixteens<T>(
  format: i32,
  record: usize,
  start: usize,
  count: i32,
  weights: usize,
  affine: usize,
): void {
  const quants = binding(record, 3) + 2 * start;
  const scales = binding(record, 4);
  const high = binding(record, 5) + start / 2;
  const step = weightStep<T>();
  const hasFifth = format == FORMAT_Q5_0 || format == FORMAT_Q5_1;
  const signed = isSigned(format);
  for (let block: usize = 0; block < <usize>count / 32; block++) {
    const to = weights + 8 * step * block;
    const bits = hasFifth ? v128.load(high + 16 * block) : i32x4.splat(0);
    for (let i = 0; i < 4; i++) {
      const bytes = v128.load(quants + 64 * block + 16 * i);
      const low = v128.and(bytes, i8x16.splat(15));
      const top = i8x16.shr_u(bytes, 4);
      const at = to + step * i;
      if (signed) {
        storeSignedQuad(at, levelsOf(low));
        storeSignedQuad(at + 4 * step, levelsOf(top));
      } else if (hasFifth) {
        storeQuad<T>(at, v128.or(low, fifths(bits, 4 * i)));
        storeQuad<T>(at + 4 * step, v128.or(top, fifths(bits, 16 + 4 * i)));
      } else {
        storeQuad<T>(at, low);
        storeQuad<T>(at + 4 * step, top);
      }
    }
    storeScales(format, scales, start, block, affine + 32 * block);
  }
}

@inline
function storeScales(format: i32, scales: usize, start: usize, block: usize, to: usize): void {
  if (format == FORMAT_IQ4_XS) {
    const header = scales + start / 8 + 32 * (block >> 3);
    const k = <i32>(block & 7);
    const first = v128.load(header);
    const low = v128.and(i32x4.shr_u(v128.load(header, 16), 4 * k), i32x4.splat(15));
    const high = v128.and(i32x4.shr_u(first, 16 + 2 * k), i32x4.splat(3));
    const s = i32x4.sub(v128.or(low, i32x4.shl(high, 4)), i32x4.splat(32));
    const d = halves4(v128.and(first, i32x4.splat(0xffff)));
    storeAffine(to, f32x4.mul(d, f32x4.convert_i32x4_s(s)), f32x4.splat(0));
  } else if (format == FORMAT_IQ4_NL || format == FORMAT_Q5_0) {
    const d = halves4(v128.load16x4_u(scales + start / 4 + 8 * block));
    storeAffine(to, d, format == FORMAT_Q5_0 ? f32x4.mul(d, f32x4.splat(-16)) : f32x4.splat(0));
  } else {
    const pairs = v128.load(scales + start / 2 + 16 * block);
    storeAffine(to, halves4(v128.and(pairs, i32x4.splat(0xffff))), halves4(i32x4.shr_u(pairs, 16)));
  }
}
