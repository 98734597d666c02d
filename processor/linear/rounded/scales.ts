/** Four f16 moved into the fields of f32: 2^-112 of themselves. */
@inline
export function smallHalves(at: usize): v128 {
  return v128.and(i32x4.shl(v128.load16x4_s(at), 13), i32x4.splat(0x8fffe000));
}

/** Byte k of every lane. */
@inline
export function byteOf(words: v128, k: i32): v128 {
  return f32x4.convert_i32x4_s(v128.and(i32x4.shr_u(words, 8 * k), i32x4.splat(0xff)));
}

/** Signed byte k of every lane. */
@inline
export function signedByteOf(words: v128, k: i32): v128 {
  return f32x4.convert_i32x4_s(i32x4.shr_s(i32x4.shl(words, 24 - 8 * k), 24));
}
