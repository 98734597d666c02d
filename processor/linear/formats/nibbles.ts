import { madd } from '../../lib/simd';

/** Nibble n (0 lowest) of every lane, times 2^(4 n); the top one as it is. */
@inline
function nibble(bytes: v128, n: i32): v128 {
  if (n == 7) return f32x4.convert_i32x4_s(i32x4.shr_u(bytes, 28));
  return f32x4.convert_i32x4_s(v128.and(bytes, i32x4.splat(15 << (4 * n))));
}

/** The 32 nibbles of 16 bytes times activations that `forNibbles` prepared; sums by lane. */
@inline
export function dotNibbles(bytes: v128, x: usize): v128 {
  return f32x4.add(dotLow(bytes, x), dotHigh(bytes, x));
}

/** Low nibbles alone. */
@inline
export function dotLow(bytes: v128, x: usize): v128 {
  let sum = f32x4.mul(nibble(bytes, 0), v128.load(x));
  sum = madd(nibble(bytes, 2), v128.load(x, 32), sum);
  sum = madd(nibble(bytes, 4), v128.load(x, 64), sum);
  return madd(nibble(bytes, 6), v128.load(x, 96), sum);
}

/** High nibbles alone. */
@inline
export function dotHigh(bytes: v128, x: usize): v128 {
  let sum = f32x4.mul(nibble(bytes, 1), v128.load(x, 16));
  sum = madd(nibble(bytes, 3), v128.load(x, 48), sum);
  sum = madd(nibble(bytes, 5), v128.load(x, 80), sum);
  return madd(nibble(bytes, 7), v128.load(x, 112), sum);
}
