// 8-bit affine: weight = q * scale + offset, signed q, scale and offset in f32 for each group of 16 or 32 weights.
// Planes (shaders/linear/formats/affine8.wgsl): the bytes; (scale, offset).
import { madd, sumsOf, zero } from '../../lib/simd';
import { forSignedBytes, sum16 } from './activations';
import { dotBytes } from './signed-bytes';

/** x permuted, and of each group (0, sum), as a group's (scale, offset) meet it. */
export function prepareAffine8(x: usize, columns: i32, group: i32, to: usize, sums: usize): void {
  forSignedBytes(x, columns, to);
  for (let i = 0; i < columns; i += group) {
    const at = sums + 8 * (i / group);
    let sum = sum16(x + 4 * i);
    if (group == 32) sum += sum16(x + 4 * i + 64);
    store<f32>(at, 0);
    store<f32>(at + 4, sum);
  }
}

/** The products of two rows with x, in lanes 0 and 1. */
export function dotAffine8(
  quants: usize,
  affine: usize,
  group: i32,
  rowA: i32,
  rowB: i32,
  columns: i32,
  x: usize,
  sums: usize,
): v128 {
  const groups = columns / group;
  const a = quants + <usize>columns * rowA;
  const b = quants + <usize>columns * rowB;
  const affineA = affine + <usize>groups * 8 * rowA;
  const affineB = affine + <usize>groups * 8 * rowB;
  let sumA = zero();
  let sumB = zero();
  let offsetA = zero();
  let offsetB = zero();
  for (let i = 0; i < groups; i++) {
    const at = x + <usize>(i * group) * 4;
    const q = <usize>(i * group);
    let ofA = dotBytes(v128.load(a + q), at);
    let ofB = dotBytes(v128.load(b + q), at);
    if (group == 32) {
      ofA = f32x4.add(ofA, dotBytes(v128.load(a + q, 16), at + 64));
      ofB = f32x4.add(ofB, dotBytes(v128.load(b + q, 16), at + 64));
    }
    const sum = v128.load64_zero(sums + 8 * i);
    const soA = v128.load64_zero(affineA + 8 * i);
    const soB = v128.load64_zero(affineB + 8 * i);
    offsetA = madd(soA, sum, offsetA);
    offsetB = madd(soB, sum, offsetB);
    sumA = madd(ofA, f32x4.shuffle(soA, soA, 0, 0, 0, 0), sumA);
    sumB = madd(ofB, f32x4.shuffle(soB, soB, 0, 0, 0, 0), sumB);
  }
  return sumsOf(f32x4.add(sumA, offsetA), f32x4.add(sumB, offsetB), zero(), zero());
}

export function dequantizeAffine8(
  quants: usize,
  affine: usize,
  group: i32,
  row: i32,
  columns: i32,
  first: i32,
  count: i32,
  to: usize,
): void {
  const start = <usize>columns * row + first;
  for (let i = 0; i < count; i += 16) {
    const at = affine + 8 * ((start + i) / group);
    const scale = v128.load32_splat(at);
    const offset = v128.load32_splat(at, 4);
    const bytes = v128.load(quants + start + i);
    const low = i16x8.extend_low_i8x16_s(bytes);
    const high = i16x8.extend_high_i8x16_s(bytes);
    const out = to + 4 * i;
    storeAffine(i32x4.extend_low_i16x8_s(low), scale, offset, out);
    storeAffine(i32x4.extend_high_i16x8_s(low), scale, offset, out + 16);
    storeAffine(i32x4.extend_low_i16x8_s(high), scale, offset, out + 32);
    storeAffine(i32x4.extend_high_i16x8_s(high), scale, offset, out + 48);
  }
}

@inline
function storeAffine(q: v128, scale: v128, offset: v128, to: usize): void {
  v128.store(to, f32x4.add(f32x4.mul(f32x4.convert_i32x4_s(q), scale), offset));
}
