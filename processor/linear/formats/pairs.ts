// Q2_K and Q3_K: 256 weights a block, two bits of each in 64 bytes, a scale for 16. Planes (shaders/linear/formats/pairs.wgsl): the
// bytes; of Q2_K scales and (d, dmin), of Q3_K third bits, scales and d.
//
// Weight 128 n + 32 j + 16 s + l is at bits 2 j of byte 32 n + 16 s + l.
import { half } from '../../lib/simd';
import { storeSigned } from './signed-bytes';

/** As `unpack` of unpacked.ts, a block. */
export function unpackQ2K(
  pairs: usize,
  subScales: usize,
  scales: usize,
  block: usize,
  bytes: usize,
  scalesTo: usize,
  offsetsTo: usize,
): void {
  for (let unit = 0; unit < 4; unit++) {
    const two = v128.load(pairs + 64 * block + 16 * unit);
    const to = bytes + 128 * (unit >> 1) + 16 * (unit & 1);
    for (let j = 0; j < 4; j++) v128.store(to + 32 * j, v128.and(i32x4.shr_u(two, 2 * j), i8x16.splat(3)));
  }
  const packed = v128.load(subScales + 16 * block);
  const d = f32x4.splat(half(load<u16>(scales + 4 * block)));
  const less = f32x4.neg(f32x4.splat(half(load<u16>(scales + 4 * block, 2))));
  storeSigned(v128.and(packed, i8x16.splat(15)), d, scalesTo);
  storeSigned(i8x16.shr_u(packed, 4), less, offsetsTo);
}

/** As `unpack` of unpacked.ts, a block. */
export function unpackQ3K(
  pairs: usize,
  high: usize,
  subScales: usize,
  scales: usize,
  block: usize,
  bytes: usize,
  scalesTo: usize,
  offsetsTo: usize,
): void {
  for (let unit = 0; unit < 4; unit++) {
    const n = unit >> 1;
    const two = v128.load(pairs + 64 * block + 16 * unit);
    const top = v128.load(high + 32 * block + 16 * (unit & 1));
    const to = bytes + 128 * n + 16 * (unit & 1);
    for (let j = 0; j < 4; j++) {
      const third = i32x4.shl(v128.and(i32x4.shr_u(top, 4 * n + j), i8x16.splat(1)), 2);
      v128.store(to + 32 * j, v128.or(v128.and(i32x4.shr_u(two, 2 * j), i8x16.splat(3)), third));
    }
  }
  const at = subScales + 12 * block;
  const nibbles = v128.load64_zero(at);
  const low = v128.and(nibbles, i8x16.splat(15));
  const upper = i8x16.shr_u(nibbles, 4);
  const four = i8x16.shuffle(low, upper, 0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23);
  // Byte g mod 4 has the two bits of group g at 2 * (g / 4).
  const c = load<u32>(at, 8);
  let two = i32x4.splat(c);
  two = i32x4.replace_lane(two, 1, c >> 2);
  two = i32x4.replace_lane(two, 2, c >> 4);
  two = i32x4.replace_lane(two, 3, c >> 6);
  two = i32x4.shl(v128.and(two, i8x16.splat(3)), 4);
  const s = i8x16.sub(v128.or(four, two), i8x16.splat(32));
  const d = half(load<u16>(scales + 2 * block));
  storeSigned(s, f32x4.splat(d), scalesTo);
  storeSigned(s, f32x4.splat(-4 * d), offsetsTo);
}
