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
