import { madd } from '../../lib/simd';

/** 16 signed bytes times activations that `forSignedBytes` prepared; sums by lane. */
@inline
export function dotBytes(bytes: v128, x: usize): v128 {
  const top = i32x4.splat(0xff000000);
  let sum = f32x4.mul(f32x4.convert_i32x4_s(i32x4.shl(bytes, 24)), v128.load(x));
  sum = madd(f32x4.convert_i32x4_s(v128.and(i32x4.shl(bytes, 16), top)), v128.load(x, 16), sum);
  sum = madd(f32x4.convert_i32x4_s(v128.and(i32x4.shl(bytes, 8), top)), v128.load(x, 32), sum);
  return madd(f32x4.convert_i32x4_s(v128.and(bytes, top)), v128.load(x, 48), sum);
}

/** 16 signed bytes times d. */
@inline
export function storeSigned(bytes: v128, d: v128, to: usize): void {
  const low = i16x8.extend_low_i8x16_s(bytes);
  const high = i16x8.extend_high_i8x16_s(bytes);
  v128.store(to, f32x4.mul(f32x4.convert_i32x4_s(i32x4.extend_low_i16x8_s(low)), d));
  v128.store(to + 16, f32x4.mul(f32x4.convert_i32x4_s(i32x4.extend_high_i16x8_s(low)), d));
  v128.store(to + 32, f32x4.mul(f32x4.convert_i32x4_s(i32x4.extend_low_i16x8_s(high)), d));
  v128.store(to + 48, f32x4.mul(f32x4.convert_i32x4_s(i32x4.extend_high_i16x8_s(high)), d));
}
