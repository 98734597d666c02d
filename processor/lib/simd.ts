// Four f32 at a time: what more than one kernel needs. No tables: a module has no data segment, because every thread
// instantiates it over the same memory.

/** a * b + c: rounded once with relaxed SIMD, twice without. */
@inline
export function madd(a: v128, b: v128, c: v128): v128 {
  if (ASC_FEATURE_RELAXED_SIMD) return f32x4.relaxed_madd(a, b, c);
  return f32x4.add(f32x4.mul(a, b), c);
}

@inline
export function zero(): v128 {
  return f32x4.splat(0);
}

/** The sums over the lanes of a, b, c and d. */
@inline
export function sumsOf(a: v128, b: v128, c: v128, d: v128): v128 {
  const ab = f32x4.add(f32x4.shuffle(a, b, 0, 4, 1, 5), f32x4.shuffle(a, b, 2, 6, 3, 7));
  const cd = f32x4.add(f32x4.shuffle(c, d, 0, 4, 1, 5), f32x4.shuffle(c, d, 2, 6, 3, 7));
  return f32x4.add(f32x4.shuffle(ab, cd, 0, 1, 4, 5), f32x4.shuffle(ab, cd, 2, 3, 6, 7));
}

@inline
export function sumOf(a: v128): f32 {
  const pairs = f32x4.add(a, f32x4.shuffle(a, a, 2, 3, 2, 3));
  return f32x4.extract_lane(pairs, 0) + f32x4.extract_lane(pairs, 1);
}

/** The largest lane; not a number where one is not. */
@inline
export function maxOf(a: v128): f32 {
  const pairs = f32x4.max(a, f32x4.shuffle(a, a, 2, 3, 2, 3));
  return max(f32x4.extract_lane(pairs, 0), f32x4.extract_lane(pairs, 1));
}

@inline
export function splatLane(a: v128, lane: u8): v128 {
  if (lane == 0) return f32x4.shuffle(a, a, 0, 0, 0, 0);
  if (lane == 1) return f32x4.shuffle(a, a, 1, 1, 1, 1);
  if (lane == 2) return f32x4.shuffle(a, a, 2, 2, 2, 2);
  return f32x4.shuffle(a, a, 3, 3, 3, 3);
}

/**
 * exp(x), to about 2^-22 of it (Cephes' expf): x = n ln 2 + r, a polynomial in r, n into the exponent. From 88.4 on infinite,
 * below -87.7 zero, and not a number where x is not.
 */
export function exp4(term: v128): v128 {
  // One instruction each; what is no number passes, being less than nothing.
  const x = f32x4.pmax(f32x4.pmin(term, f32x4.splat(89)), f32x4.splat(-88));
  // To the nearest whole number, which then stands in the low bits: those of 1.5 * 2^23 + n.
  const shifted = f32x4.add(f32x4.mul(x, f32x4.splat(1.44269504088896341)), f32x4.splat(12582912));
  const n = f32x4.sub(shifted, f32x4.splat(12582912));
  // ln 2 in two parts, the first so short that n times it is exact.
  const r = f32x4.sub(f32x4.sub(x, f32x4.mul(n, f32x4.splat(0.693359375))), f32x4.mul(n, f32x4.splat(-2.12194440e-4)));
  let p = f32x4.splat(1.9875691500e-4);
  p = madd(p, r, f32x4.splat(1.3981999507e-3));
  p = madd(p, r, f32x4.splat(8.3334519073e-3));
  p = madd(p, r, f32x4.splat(4.1665795894e-2));
  p = madd(p, r, f32x4.splat(1.6666665459e-1));
  p = madd(p, r, f32x4.splat(5.0000001201e-1));
  p = f32x4.add(f32x4.add(f32x4.mul(p, f32x4.mul(r, r)), r), f32x4.splat(1));
  // The rest of 1.5 * 2^23 is shifted out.
  const scale = i32x4.shl(i32x4.add(shifted, i32x4.splat(127)), 23);
  return f32x4.mul(p, scale);
}

export function exp1(x: f32): f32 {
  return f32x4.extract_lane(exp4(f32x4.splat(x)), 0);
}

/** z / (1 + exp(-z)). */
export function silu4(z: v128): v128 {
  return f32x4.div(z, f32x4.add(f32x4.splat(1), exp4(f32x4.neg(z))));
}

export function silu1(z: f32): f32 {
  return f32x4.extract_lane(silu4(f32x4.splat(z)), 0);
}

/** f16 in the low halves of the lanes, the high ones zero. Exact; infinities and what is no number become no number. */
@inline
export function halves4(bits: v128): v128 {
  const magnitude = i32x4.shl(v128.and(bits, i32x4.splat(0x7fff)), 13);
  // Exponents of f16 are 112 less; multiplying brings subnormal ones right too.
  const value = f32x4.mul(magnitude, f32x4.splat(f32(5.192296858534828e33)));
  const sign = i32x4.shl(v128.and(bits, i32x4.splat(0x8000)), 16);
  const all = i32x4.splat(0x7c00);
  const broken = v128.and(i32x4.eq(v128.and(bits, all), all), i32x4.splat(0x7fc00000));
  return v128.or(v128.or(value, sign), broken);
}

/**
 * The f16 bits of four numbers, to nearest, ties to even: shaders/attention/cache/f16-append.wgsl. What is too large becomes 65504,
 * what is infinite or no number becomes no number.
 */
@inline
export function halvesOf(x: v128): v128 {
  const magnitude = v128.and(x, i32x4.splat(0x7fffffff));
  const odd = v128.and(i32x4.shr_u(magnitude, 13), i32x4.splat(1));
  const rounded = i32x4.shr_u(i32x4.add(i32x4.add(magnitude, i32x4.splat(0xfff)), odd), 13);
  const normal = i32x4.sub(rounded, i32x4.splat(112 << 10));
  // Below 2^-14 f16 counts in steps of 2^-24, as f32 does from 0.5 on.
  const small = i32x4.sub(f32x4.add(magnitude, f32x4.splat(0.5)), i32x4.splat(0x3f000000));
  const finite = v128.bitselect(small, normal, i32x4.lt_s(magnitude, i32x4.splat(0x38800000)));
  const bounded = i32x4.min_u(finite, i32x4.splat(0x7bff));
  const broken = i32x4.ge_s(magnitude, i32x4.splat(0x7f800000));
  const sign = v128.and(i32x4.shr_u(x, 16), i32x4.splat(0x8000));
  return v128.or(v128.bitselect(i32x4.splat(0x7e00), bounded, broken), sign);
}

@inline
export function half(bits: u32): f32 {
  return f32x4.extract_lane(halves4(i32x4.splat(bits)), 0);
}

/** `count` f16 numbers as f32, followed by zeros up to a multiple of four. */
export function widenHalves(from: usize, count: i32, to: usize): void {
  let i = 0;
  for (; i + 4 <= count; i += 4) v128.store(to + 4 * i, halves4(v128.load16x4_u(from + 2 * i)));
  if (i == count) return;
  v128.store(to + 4 * i, zero());
  for (; i < count; i++) store<f32>(to + 4 * i, half(load<u16>(from + 2 * i)));
}

/** Four unsigned bytes of a word as f32. */
@inline
export function bytesOf(word: u32): v128 {
  return f32x4.convert_i32x4_s(i32x4.extend_low_i16x8_u(i16x8.extend_low_i8x16_u(i32x4.splat(word))));
}

/** Signed bytes 4 part .. 4 part + 3 as f32. */
@inline
export function signedBytes(bytes: v128, part: i32): v128 {
  const words = part < 2 ? i16x8.extend_low_i8x16_s(bytes) : i16x8.extend_high_i8x16_s(bytes);
  return f32x4.convert_i32x4_s(
    (part & 1) == 0 ? i32x4.extend_low_i16x8_s(words) : i32x4.extend_high_i16x8_s(words),
  );
}

export function fillZero(at: usize, bytes: u32): void {
  memory.fill(at, 0, bytes);
}
