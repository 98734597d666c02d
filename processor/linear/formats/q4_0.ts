// Q4_0: weight = (nibble - 8) * d, 32 weights a block. Planes (shaders/linear/formats/q4_0.wgsl): 16 bytes a block, low
// nibbles weights 0..15, high ones 16..31; f16 d.
import { half, madd, sumsOf, widenHalves, zero } from '../../lib/simd';
import { forNibbles, groupSums } from './activations';
import { dotNibbles } from './nibbles';
import { storeSigned } from './signed-bytes';

/** x permuted, and -8 times the sum of each block of it. */
export function prepareQ40(x: usize, columns: i32, to: usize, sums: usize): void {
  for (let i = 0; i < columns; i += 32) forNibbles(x + 4 * i, x + 4 * i + 64, to + 4 * i);
  groupSums(x, columns, 32, -8, sums);
}

/** The products of two rows with x, in lanes 0 and 1; `room`: for the scales of both. */
export function dotQ40(
  quants: usize,
  scales: usize,
  rowA: i32,
  rowB: i32,
  columns: i32,
  x: usize,
  sums: usize,
  room: usize,
): v128 {
  const blocks = columns / 32;
  const scalesA = room;
  const scalesB = room + 4 * ((blocks + 3) & ~3);
  widenHalves(scales + <usize>blocks * 2 * rowA, blocks, scalesA);
  widenHalves(scales + <usize>blocks * 2 * rowB, blocks, scalesB);
  const a = quants + <usize>blocks * 16 * rowA;
  const b = quants + <usize>blocks * 16 * rowB;
  let sumA = zero();
  let sumB = zero();
  for (let i = 0; i < blocks; i++) {
    const at = x + 128 * i;
    sumA = madd(dotNibbles(v128.load(a + 16 * i), at), v128.load32_splat(scalesA + 4 * i), sumA);
    sumB = madd(dotNibbles(v128.load(b + 16 * i), at), v128.load32_splat(scalesB + 4 * i), sumB);
  }
  for (let i = 0; i < blocks; i += 4) {
    const term = v128.load(sums + 4 * i);
    sumA = madd(v128.load(scalesA + 4 * i), term, sumA);
    sumB = madd(v128.load(scalesB + 4 * i), term, sumB);
  }
  return sumsOf(sumA, sumB, zero(), zero());
}

export function dequantizeQ40(
  quants: usize,
  scales: usize,
  row: i32,
  columns: i32,
  first: i32,
  count: i32,
  to: usize,
): void {
  const block0 = (<usize>columns * row + first) / 32;
  for (let i = 0; i < count / 32; i++) {
    const d = f32x4.splat(half(load<u16>(scales + 2 * (block0 + i))));
    const bytes = v128.load(quants + 16 * (block0 + i));
    const eight = i8x16.splat(8);
    storeSigned(i8x16.sub(v128.and(bytes, i8x16.splat(15)), eight), d, to + 128 * i);
    storeSigned(i8x16.sub(i8x16.shr_u(bytes, 4), eight), d, to + 128 * i + 64);
  }
}
