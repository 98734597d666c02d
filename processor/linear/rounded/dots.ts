// Integer products of four rows at once: lane = row. A vector holds four columns of each of four rows, a byte each, interleaved
// when the matrix was written (src/engine/quant/interleave.ts); the four activations are a quad (activations.ts).
//
// Every function is written for activations of T: i16, whose quads are (x0, x2, x1, x3), or i8. Whole numbers add up exactly, so
// both builds give the same bits: without the relaxed instruction T is i16, whatever the activations were rounded to.

/** Four weights of each row, from 0 to 127, times a quad, onto the sums of the rows. */
@inline
export function dotQuad<T>(weights: v128, quad: usize, sum: v128): v128 {
  if (ASC_FEATURE_RELAXED_SIMD) {
    if (sizeof<T>() == 1) {
      // The second operand may have seven bits alone.
      return i32x4.relaxed_dot_i8x16_i7x16_add_s(v128.load32_splat(quad), weights, sum);
    }
  }
  const even = v128.and(weights, i16x8.splat(0xff));
  const odd = i16x8.shr_u(weights, 8);
  return dotPairs(even, odd, quad, sum);
}

/** Four signed weights of each row; i16 alone. */
@inline
export function dotSignedQuad(weights: v128, quad: usize, sum: v128): v128 {
  return dotPairs(i16x8.shr_s(i16x8.shl(weights, 8), 8), i16x8.shr_s(weights, 8), quad, sum);
}

/** The low nibbles of four bytes of each row. */
@inline
export function dotLowNibbles<T>(bytes: v128, quad: usize, sum: v128): v128 {
  if (sizeof<T>() == 1) return dotQuad<T>(v128.and(bytes, i8x16.splat(15)), quad, sum);
  const four = i16x8.splat(15);
  return dotPairs(v128.and(bytes, four), v128.and(i16x8.shr_u(bytes, 8), four), quad, sum);
}

/** The high nibbles. */
@inline
export function dotHighNibbles<T>(bytes: v128, quad: usize, sum: v128): v128 {
  const low = i16x8.shr_u(bytes, 4);
  if (sizeof<T>() == 1) return dotQuad<T>(v128.and(low, i8x16.splat(15)), quad, sum);
  return dotPairs(v128.and(low, i16x8.splat(15)), i16x8.shr_u(bytes, 12), quad, sum);
}

/** The even columns of each row, and the odd ones, half words; times a quad of half words. */
@inline
export function dotPairs(even: v128, odd: v128, quad: usize, sum: v128): v128 {
  const first = i32x4.add(sum, i32x4.dot_i16x8_s(even, v128.load32_splat(quad)));
  return i32x4.add(first, i32x4.dot_i16x8_s(odd, v128.load32_splat(quad, 4)));
}

/** `sums` as numbers, times what a step of their weights and of their activations is worth. Rounded twice in every build. */
@inline
export function addScaled(total: v128, sums: v128, worth: v128): v128 {
  return f32x4.add(total, f32x4.mul(f32x4.convert_i32x4_s(sums), worth));
}
