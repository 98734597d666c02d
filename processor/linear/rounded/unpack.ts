// Weights of four rows as rounded/matmul.ts takes them, whatever the format: for every four columns their quants, from 0 to 127, and
// for every group a scale and an offset of each row: weight = quant * scale + offset.
import { halves4 } from '../../lib/simd';
import { binding } from '../../record';
import {
  FORMAT_Q2_K,
  FORMAT_Q3_K,
  FORMAT_Q4_0,
  FORMAT_Q4_K,
  FORMAT_Q5_K,
  FORMAT_Q6_K,
} from '../formats/names';
import { fifth } from '../formats/q5_k';
import { minimaOfFour, scalesOfFour } from './q4_k';
import { runOfFour } from './q6_k';
import { byteOf, signedByteOf } from './scales';
import { unpackPairs } from './pairs';
import { unpackSixteens } from './sixteens';
import { storeAffine, storeQuad, weightStep } from './store';

/** `count` columns from `first` on, both multiples of 256 but where a row ends. */
export function unpackFour<T>(
  format: i32,
  record: usize,
  four: i32,
  columns: i32,
  first: i32,
  count: i32,
  weights: usize,
  affine: usize,
): void {
  const p0 = binding(record, 3);
  const p1 = binding(record, 4);
  const start = <usize>columns * four + first;
  switch (format) {
    case FORMAT_Q4_0:
      unpackQ40<T>(p0 + 2 * start, p1 + start / 4, count, weights, affine);
      break;
    case FORMAT_Q4_K:
      unpackQ4K<T>(p0 + 2 * start, p1 + start / 4, 0, count, weights, affine);
      break;
    case FORMAT_Q5_K:
      unpackQ4K<T>(p0 + 2 * start, p1 + start / 4, binding(record, 5) + start / 2, count, weights, affine);
      break;
    case FORMAT_Q2_K:
    case FORMAT_Q3_K:
      unpackPairs<T>(format, record, start, count, weights, affine);
      break;
    case FORMAT_Q6_K: {
      const subScales = binding(record, 5) + start / 4;
      const scales = binding(record, 6) + start / 32;
      unpackQ6K<T>(p0 + 2 * start, p1 + start, subScales, scales, count, weights, affine);
      break;
    }
    default:
      unpackSixteens<T>(format, record, start, count, weights, affine);
  }
}

function unpackQ40<T>(quants: usize, scales: usize, count: i32, weights: usize, affine: usize): void {
  const step = weightStep<T>();
  for (let block: usize = 0; block < <usize>count / 32; block++) {
    const to = weights + 8 * step * block;
    for (let i: usize = 0; i < 4; i++) {
      const bytes = v128.load(quants + 64 * block + 16 * i);
      storeQuad<T>(to + step * i, v128.and(bytes, i8x16.splat(15)));
      storeQuad<T>(to + step * (4 + i), v128.and(i16x8.shr_u(bytes, 4), i8x16.splat(15)));
    }
    const d = halves4(v128.load16x4_u(scales + 8 * block));
    storeAffine(affine + 32 * block, d, f32x4.mul(d, f32x4.splat(-8)));
  }
}

/** Q4_K, or Q5_K where there are fifth bits. */
function unpackQ4K<T>(
  quants: usize,
  headers: usize,
  high: usize,
  count: i32,
  weights: usize,
  affine: usize,
): void {
  const step = weightStep<T>();
  const four = i8x16.splat(15);
  for (let pair: usize = 0; pair < <usize>count / 64; pair++) {
    const to = weights + 16 * step * pair;
    const k = 2 * (pair & 3);
    for (let i: usize = 0; i < 8; i++) {
      const bytes = v128.load(quants + 128 * pair + 16 * i);
      let low = v128.and(bytes, four);
      let top = v128.and(i16x8.shr_u(bytes, 4), four);
      if (high != 0) {
        const bits = v128.load(high + 128 * (pair / 4) + 16 * i);
        low = v128.or(low, fifth(bits, k));
        top = v128.or(top, fifth(bits, k + 1));
      }
      storeQuad<T>(to + step * i, low);
      storeQuad<T>(to + step * (8 + i), top);
    }
  }
  for (let block: usize = 0; block < <usize>count / 256; block++) {
    const header = headers + 64 * block;
    const both = v128.load(header);
    const d = halves4(v128.and(both, i32x4.splat(0xffff)));
    const less = f32x4.neg(halves4(i32x4.shr_u(both, 16)));
    for (let half: usize = 0; half < 2; half++) {
      const scales = scalesOfFour(header, half == 1);
      const minima = minimaOfFour(header, half == 1);
      const at = affine + 256 * block + 128 * half;
      storeAffine(at, f32x4.mul(d, byteOf(scales, 0)), f32x4.mul(less, byteOf(minima, 0)));
      storeAffine(at + 32, f32x4.mul(d, byteOf(scales, 1)), f32x4.mul(less, byteOf(minima, 1)));
      storeAffine(at + 64, f32x4.mul(d, byteOf(scales, 2)), f32x4.mul(less, byteOf(minima, 2)));
      storeAffine(at + 96, f32x4.mul(d, byteOf(scales, 3)), f32x4.mul(less, byteOf(minima, 3)));
    }
  }
}

function unpackQ6K<T>(
  low: usize,
  high: usize,
  subScales: usize,
  scales: usize,
  count: i32,
  weights: usize,
  affine: usize,
): void {
  const step = weightStep<T>();
  for (let span: usize = 0; span < <usize>count / 128; span++) {
    const to = weights + 32 * step * span;
    for (let i: usize = 0; i < 8; i++) {
      const even = v128.load(low + 256 * span + 16 * i);
      const odd = v128.load(low + 256 * span + 16 * i, 128);
      const top = v128.load(high + 128 * span + 16 * i);
      storeQuad<T>(to + step * i, runOfFour(even, top, 0));
      storeQuad<T>(to + step * (8 + i), runOfFour(odd, top, 1));
      storeQuad<T>(to + step * (16 + i), runOfFour(even, top, 2));
      storeQuad<T>(to + step * (24 + i), runOfFour(odd, top, 3));
    }
  }
  for (let four: usize = 0; four < <usize>count / 64; four++) {
    const d = halves4(v128.load16x4_u(scales + 8 * (four / 4)));
    const words = v128.load(subScales + 16 * four);
    const at = affine + 128 * four;
    storeScaled(at, f32x4.mul(d, signedByteOf(words, 0)));
    storeScaled(at + 32, f32x4.mul(d, signedByteOf(words, 1)));
    storeScaled(at + 64, f32x4.mul(d, signedByteOf(words, 2)));
    storeScaled(at + 96, f32x4.mul(d, signedByteOf(words, 3)));
  }
}

@inline
function storeScaled(at: usize, scale: v128): void {
  storeAffine(at, scale, f32x4.mul(scale, f32x4.splat(-32)));
}
