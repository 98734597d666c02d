// Q8_0: weight = q * d, signed q, 32 weights a block. Planes (shaders/linear/formats/q8_0.wgsl): 32 bytes a block; f16 d.
import { half, madd, sumsOf, widenHalves, zero } from '../../lib/simd';
import { dotBytes, storeSigned } from './signed-bytes';

/** The products of two rows with x, in lanes 0 and 1; `room`: for the scales of both. */
export function dotQ80(
  quants: usize,
  scales: usize,
  rowA: i32,
  rowB: i32,
  columns: i32,
  x: usize,
  room: usize,
): v128 {
  const blocks = columns / 32;
  const scalesA = room;
  const scalesB = room + 4 * ((blocks + 3) & ~3);
  widenHalves(scales + <usize>blocks * 2 * rowA, blocks, scalesA);
  widenHalves(scales + <usize>blocks * 2 * rowB, blocks, scalesB);
  const a = quants + <usize>blocks * 32 * rowA;
  const b = quants + <usize>blocks * 32 * rowB;
  let sumA = zero();
  let sumB = zero();
  for (let i = 0; i < blocks; i++) {
    const at = x + 128 * i;
    const ofA = f32x4.add(dotBytes(v128.load(a + 32 * i), at), dotBytes(v128.load(a + 32 * i, 16), at + 64));
    sumA = madd(ofA, v128.load32_splat(scalesA + 4 * i), sumA);
    const ofB = f32x4.add(dotBytes(v128.load(b + 32 * i), at), dotBytes(v128.load(b + 32 * i, 16), at + 64));
    sumB = madd(ofB, v128.load32_splat(scalesB + 4 * i), sumB);
  }
  return sumsOf(sumA, sumB, zero(), zero());
}

export function dequantizeQ80(
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
    const at = quants + 32 * (block0 + i);
    storeSigned(v128.load(at), d, to + 128 * i);
    storeSigned(v128.load(at, 16), d, to + 128 * i + 64);
  }
}
