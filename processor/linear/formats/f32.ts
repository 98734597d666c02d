// F32: plane 0 holds the rows as they are (shaders/linear/formats/f32.wgsl).
import { madd, sumsOf, zero } from '../../lib/simd';

/** The products of two rows with x, in lanes 0 and 1. */
export function dotF32(w: usize, rowA: i32, rowB: i32, columns: i32, x: usize): v128 {
  const a = w + <usize>columns * 4 * rowA;
  const b = w + <usize>columns * 4 * rowB;
  let a0 = zero(), a1 = zero(), b0 = zero(), b1 = zero();
  const end = <usize>columns * 4;
  for (let i: usize = 0; i < end; i += 32) {
    const x0 = v128.load(x + i);
    const x1 = v128.load(x + i, 16);
    a0 = madd(v128.load(a + i), x0, a0);
    b0 = madd(v128.load(b + i), x0, b0);
    a1 = madd(v128.load(a + i, 16), x1, a1);
    b1 = madd(v128.load(b + i, 16), x1, b1);
  }
  return sumsOf(f32x4.add(a0, a1), f32x4.add(b0, b1), zero(), zero());
}

export function dequantizeF32(w: usize, row: i32, columns: i32, first: i32, count: i32, to: usize): void {
  memory.copy(to, w + 4 * (<usize>columns * row + first), 4 * count);
}
