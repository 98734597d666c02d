// The products of formats that are unpacked first: for every four columns of four rows their quants, for every group scales and
// offsets (unpack.ts), and then one token or four of them after the other (matmul.ts).
import { zero } from '../../lib/simd';
import { groupOf } from './activations';
import { addScaled, dotPairs } from './dots';
import { weightStep } from './store';
import { unpackFour } from './unpack';

/** Columns that are unpacked at a time. */
const COLUMNS: i32 = 256;

/** Four unpacked columns of each row times a quad, onto the sums of the rows. */
@inline
export function dotUnpacked<T>(w: usize, x: usize, sum: v128): v128 {
  if (ASC_FEATURE_RELAXED_SIMD) {
    if (sizeof<T>() == 1) {
      return i32x4.relaxed_dot_i8x16_i7x16_add_s(v128.load32_splat(x), v128.load(w), sum);
    }
  }
  return dotPairs(v128.load(w), v128.load(w, 16), x, sum);
}

/** A group's part of the products; `step`: of its activations, `shared`: their sum. */
@inline
export function addGroup(total: v128, sum: v128, scale: v128, offset: v128, step: usize, shared: usize): v128 {
  const scaled = addScaled(total, sum, f32x4.mul(scale, v128.load32_splat(step)));
  return f32x4.add(scaled, f32x4.mul(offset, v128.load32_splat(shared)));
}

/** The products of four rows; `room`: 2560 bytes. */
export function fourUnpacked<T>(
  format: i32,
  record: usize,
  four: i32,
  columns: i32,
  quads: usize,
  steps: usize,
  shared: usize,
  room: usize,
): v128 {
  const group = <usize>groupOf(format);
  const step = weightStep<T>();
  const quad: usize = 4 * sizeof<T>();
  let x = quads;
  let sums = shared;
  let total = zero();
  for (let first = 0; first < columns; first += COLUMNS) {
    const count = <usize>min(COLUMNS, columns - first);
    let affine = room + 4 * sizeof<T>() * <usize>COLUMNS;
    unpackFour<T>(format, record, four, columns, first, <i32>count, room, affine);
    let w = room;
    for (let column: usize = 0; column < count; column += group) {
      let sum = i32x4.splat(0);
      for (const end = w + step * (group / 4); w < end; w += 4 * step, x += 4 * quad) {
        sum = dotUnpacked<T>(w, x, sum);
        sum = dotUnpacked<T>(w + step, x + quad, sum);
        sum = dotUnpacked<T>(w + 2 * step, x + 2 * quad, sum);
        sum = dotUnpacked<T>(w + 3 * step, x + 3 * quad, sum);
      }
      const at = steps + (<usize>first + column) / 32 * 4;
      total = addGroup(total, sum, v128.load(affine), v128.load(affine, 16), at, sums);
      affine += 32;
      sums += 4;
    }
  }
  return total;
}
