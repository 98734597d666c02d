// F16: plane 0 holds halves (shaders/linear/formats/f16.wgsl).
import { halves4, madd, sumsOf, zero } from '../../lib/simd';

/** A half moved into an f32's fields is 2^-112 of itself; x carries 2^64 of that, the finished product the rest. */
export function prepareF16(x: usize, columns: i32, to: usize): void {
  const scale = f32x4.splat(f32(18446744073709551616.0));
  for (let i = 0; i < columns; i += 4) v128.store(to + 4 * i, f32x4.mul(v128.load(x + 4 * i), scale));
}

@inline
function small(at: usize): v128 {
  return v128.and(i32x4.shl(v128.load16x4_s(at), 13), i32x4.splat(0x8fffe000));
}

/** The products of two rows with x, in lanes 0 and 1. */
export function dotF16(w: usize, rowA: i32, rowB: i32, columns: i32, x: usize): v128 {
  const a = w + <usize>columns * 2 * rowA;
  const b = w + <usize>columns * 2 * rowB;
  let a0 = zero(), a1 = zero(), b0 = zero(), b1 = zero();
  const end = <usize>columns * 2;
  for (let i: usize = 0; i < end; i += 16) {
    const x0 = v128.load(x + 2 * i);
    const x1 = v128.load(x + 2 * i, 16);
    a0 = madd(small(a + i), x0, a0);
    b0 = madd(small(b + i), x0, b0);
    a1 = madd(small(a + i + 8), x1, a1);
    b1 = madd(small(b + i + 8), x1, b1);
  }
  const sums = sumsOf(f32x4.add(a0, a1), f32x4.add(b0, b1), zero(), zero());
  return f32x4.mul(sums, f32x4.splat(f32(281474976710656.0)));
}

export function dequantizeF16(w: usize, row: i32, columns: i32, first: i32, count: i32, to: usize): void {
  const from = w + 2 * (<usize>columns * row + first);
  for (let i = 0; i < count; i += 4) v128.store(to + 4 * i, halves4(v128.load16x4_u(from + 2 * i)));
}
