// BF16: plane 0 holds the upper halves of f32 (shaders/linear/numbers/bf16.wgsl).
import { madd, sumsOf, zero } from '../../lib/simd';

@inline
function four(at: usize): v128 {
  return i32x4.shl(v128.load16x4_u(at), 16);
}

/** The products of two rows with x, in lanes 0 and 1. */
export function dotBF16(w: usize, rowA: i32, rowB: i32, columns: i32, x: usize): v128 {
  const a = w + <usize>columns * 2 * rowA;
  const b = w + <usize>columns * 2 * rowB;
  let a0 = zero(), a1 = zero(), b0 = zero(), b1 = zero();
  const end = <usize>columns * 2;
  for (let i: usize = 0; i < end; i += 16) {
    const x0 = v128.load(x + 2 * i);
    const x1 = v128.load(x + 2 * i, 16);
    a0 = madd(four(a + i), x0, a0);
    b0 = madd(four(b + i), x0, b0);
    a1 = madd(four(a + i + 8), x1, a1);
    b1 = madd(four(b + i + 8), x1, b1);
  }
  return sumsOf(f32x4.add(a0, a1), f32x4.add(b0, b1), zero(), zero());
}

export function dequantizeBF16(w: usize, row: i32, columns: i32, first: i32, count: i32, to: usize): void {
  const from = w + 2 * (<usize>columns * row + first);
  for (let i = 0; i < count; i += 4) v128.store(to + 4 * i, four(from + 2 * i));
}
