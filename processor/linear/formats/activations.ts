// Activations in the order in which weights come out of a register that is masked in place.
//
// Sixteen bytes of quants are four lanes of 32 bits; masking byte b of every lane gives the quants 4 i + b (lane i) times
// 2^(8 b), which a conversion to f32 keeps exactly. So the activations lie transposed, [byte][lane], and are multiplied by
// powers of two that take the 2^(8 b) away: exact down to 2^-94. A product does this once for all its rows.
import { sumOf, zero } from '../../lib/simd';

/** 16 activations, transposed, byte b times s_b; a vector every `stride` bytes. */
@inline
function transpose16Apart(x: usize, to: usize, stride: usize, s0: f32, s1: f32, s2: f32, s3: f32): void {
  const r0 = v128.load(x);
  const r1 = v128.load(x, 16);
  const r2 = v128.load(x, 32);
  const r3 = v128.load(x, 48);
  const a = f32x4.shuffle(r0, r1, 0, 4, 1, 5);
  const b = f32x4.shuffle(r0, r1, 2, 6, 3, 7);
  const c = f32x4.shuffle(r2, r3, 0, 4, 1, 5);
  const d = f32x4.shuffle(r2, r3, 2, 6, 3, 7);
  v128.store(to, f32x4.mul(f32x4.shuffle(a, c, 0, 1, 4, 5), f32x4.splat(s0)));
  v128.store(to + stride, f32x4.mul(f32x4.shuffle(a, c, 2, 3, 6, 7), f32x4.splat(s1)));
  v128.store(to + 2 * stride, f32x4.mul(f32x4.shuffle(b, d, 0, 1, 4, 5), f32x4.splat(s2)));
  v128.store(to + 3 * stride, f32x4.mul(f32x4.shuffle(b, d, 2, 3, 6, 7), f32x4.splat(s3)));
}

/** The same, one vector behind the other. */
@inline
export function transpose16(x: usize, to: usize, s0: f32, s1: f32, s2: f32, s3: f32): void {
  transpose16Apart(x, to, 16, s0, s1, s2, s3);
}

@inline
export function sum16(x: usize): f32 {
  return sumOf(
    f32x4.add(f32x4.add(v128.load(x), v128.load(x, 16)), f32x4.add(v128.load(x, 32), v128.load(x, 48))),
  );
}

/** For signed bytes, which are shifted to the top of their lanes: all times 2^-24. */
export function forSignedBytes(x: usize, columns: i32, to: usize): void {
  const s: f32 = 5.9604644775390625e-8;
  for (let i = 0; i < columns; i += 16) transpose16(x + 4 * i, to + 4 * i, s, s, s, s);
}

/**
 * For 16 bytes of nibbles whose low ones meet the 16 activations at `low` and whose high ones those at `high`:
 * [byte][low, high], the top nibble unscaled because it is shifted down.
 */
@inline
export function forNibbles(low: usize, high: usize, to: usize): void {
  transpose16Apart(low, to, 32, 1, 0.00390625, 0.0000152587890625, 5.9604644775390625e-8);
  transpose16Apart(high, to + 16, 32, 0.0625, 0.000244140625, 9.5367431640625e-7, 1);
}

/** Sums of groups of `group` activations times `factor`, followed by zeros up to a multiple of four. */
export function groupSums(x: usize, columns: i32, group: i32, factor: f32, to: usize): void {
  const count = columns / group;
  for (let i = count & ~3; i < ((count + 3) & ~3); i += 4) v128.store(to + 4 * i, zero());
  for (let i = 0; i < count; i++) {
    let sum = sum16(x + 4 * i * group);
    if (group == 32) sum += sum16(x + 4 * i * group + 64);
    store<f32>(to + 4 * i, factor * sum);
  }
}
