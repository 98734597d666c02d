// Q2_K and Q3_K: see linear/formats/pairs.ts. Of four rows a unit of 64 columns is 64 bytes, in which four runs of 16 lie over one
// another, and a block has 128 bytes of third bits.
import { halves4 } from '../../lib/simd';
import { binding } from '../../record';
import { FORMAT_Q2_K } from '../formats/names';
import { storeAffine, storeQuad, weightStep } from './store';

/** As `unpackFour`; `start`: of the four rows, in weights of each plane. */
export function unpackPairs<T>(
  format: i32,
  record: usize,
  start: usize,
  count: i32,
  weights: usize,
  affine: usize,
): void {
  const pairs = binding(record, 3) + start;
  const isQ2K = format == FORMAT_Q2_K;
  const high = binding(record, 4) + start / 2;
  const step = weightStep<T>();
  for (let unit = 0; unit < count / 64; unit++) {
    const block = <usize>unit / 4;
    const n = (unit >> 1) & 1;
    const s = unit & 1;
    const to = weights + step * (64 * block + <usize>(32 * n + 4 * s));
    for (let i = 0; i < 4; i++) {
      const two = v128.load(pairs + 64 * unit + 16 * i);
      const top = isQ2K ? i32x4.splat(0) : v128.load(high + 128 * block + 64 * s + 16 * i);
      for (let j = 0; j < 4; j++) {
        const third = i32x4.shl(v128.and(i32x4.shr_u(top, 4 * n + j), i8x16.splat(1)), 2);
        const quants = v128.or(v128.and(i32x4.shr_u(two, 2 * j), i8x16.splat(3)), third);
        storeQuad<T>(to + step * (8 * j + i), quants);
      }
    }
  }
  for (let block: usize = 0; block < <usize>count / 256; block++) {
    const to = affine + 512 * block;
    if (isQ2K) scalesOfQ2K(binding(record, 4) + start / 4 + 64 * block, binding(record, 5) + start / 16 + 16 * block, to);
    else scalesOfQ3K(binding(record, 5) + (start / 16) * 3 + 48 * block, binding(record, 6) + start / 32 + 8 * block, to);
  }
}

/** Of the 16 groups of a block. */
@inline
function scalesOfQ2K(subScales: usize, scales: usize, to: usize): void {
  const both = v128.load(scales);
  const d = halves4(v128.and(both, i32x4.splat(0xffff)));
  const less = f32x4.neg(halves4(i32x4.shr_u(both, 16)));
  const four = i32x4.splat(15);
  for (let group = 0; group < 16; group++) {
    const byte = i32x4.shr_u(v128.load(subScales + 16 * (group >> 2)), 8 * (group & 3));
    const scale = f32x4.convert_i32x4_s(v128.and(byte, four));
    const minimum = f32x4.convert_i32x4_s(v128.and(i32x4.shr_u(byte, 4), four));
    storeAffine(to + 32 * group, f32x4.mul(d, scale), f32x4.mul(less, minimum));
  }
}

/** Of the 16 groups of a block. */
@inline
function scalesOfQ3K(subScales: usize, scales: usize, to: usize): void {
  const d = halves4(v128.load16x4_u(scales));
  const top = v128.load(subScales, 32);
  for (let group = 0; group < 16; group++) {
    const place = 8 * (group & 3);
    const words = v128.load(subScales + 16 * ((group >> 2) & 1));
    const low = v128.and(i32x4.shr_u(words, place + 4 * (group >> 3)), i32x4.splat(15));
    const high = v128.and(i32x4.shr_u(top, place + 2 * (group >> 2)), i32x4.splat(3));
    const s = i32x4.sub(v128.or(low, i32x4.shl(high, 4)), i32x4.splat(32));
    const scale = f32x4.mul(d, f32x4.convert_i32x4_s(s));
    storeAffine(to + 32 * group, scale, f32x4.mul(scale, f32x4.splat(-4)));
  }
}
