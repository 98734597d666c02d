// Q5_K: weight = d * scale_k * q - dmin * min_k, q of 5 bits: Q4_K with a fifth bit. Planes (shaders/linear/formats/q4_k.wgsl,
// q5_k-top.wgsl): those of Q4_K; 32 bytes, of which bit k belongs to sub-block k.
import { minimaOf, scalesOf } from './q4_k';

/** Of sub-block k, above its four bits. */
@inline
export function fifth(top: v128, k: i32): v128 {
  return i32x4.shl(v128.and(i32x4.shr_u(top, k), i8x16.splat(1)), 4);
}

/** As `unpack` of unpacked.ts, a block. */
export function unpackQ5K(
  quants: usize,
  headers: usize,
  high: usize,
  block: usize,
  bytes: usize,
  scales: usize,
  offsets: usize,
): void {
  const four = i8x16.splat(15);
  for (let half: usize = 0; half < 32; half += 16) {
    const top = v128.load(high + 32 * block + half);
    for (let k = 0; k < 8; k += 2) {
      const pair = v128.load(quants + 128 * block + 16 * k + half);
      const to = bytes + 32 * k + half;
      v128.store(to, v128.or(v128.and(pair, four), fifth(top, k)));
      v128.store(to, v128.or(i8x16.shr_u(pair, 4), fifth(top, k + 1)), 32);
    }
  }
  const header = headers + 16 * block;
  v128.store(scales, scalesOf(header, false));
  v128.store(scales, scalesOf(header, true), 16);
  v128.store(offsets, f32x4.neg(minimaOf(header, false)));
  v128.store(offsets, f32x4.neg(minimaOf(header, true)), 16);
}
