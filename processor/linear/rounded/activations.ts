// Activations rounded to whole numbers of 16 or 8 bits, in blocks of 32: x = n * step, step = (largest of the block) / most.
//
// In a thread's scratch, for `columns` of them: quads in the order in which a format's weights meet them, then the steps, then
// what each group of weights shares (its sum, for whatever is taken from or added to every weight of the group).
import { maxOf, zero } from '../../lib/simd';
import {
  FORMAT_Q2_K,
  FORMAT_Q3_K,
  FORMAT_Q4_0,
  FORMAT_Q4_K,
  FORMAT_Q6_K,
  FORMAT_Q8_0,
} from '../formats/names';

@inline
export function stepsAt(quads: usize, columns: i32): usize {
  return quads + 2 * columns;
}

@inline
export function sharedAt(quads: usize, columns: i32): usize {
  return stepsAt(quads, columns) + columns / 8;
}

/** Where they end. */
@inline
export function activationsEnd(quads: usize, columns: i32): usize {
  return sharedAt(quads, columns) + columns / 4;
}

/** Largest whole number of so many bits. */
@inline
export function mostOf(bits: i32): f32 {
  return bits == 8 ? 127 : 32767;
}

/** What a scale that is an f16 moved into an f32's fields (2^-112 of itself) lacks: 2^64 here, 2^48 at the end. */
@inline
export function stepFactor(format: i32): f32 {
  return format == FORMAT_Q8_0 || format == FORMAT_Q4_0 ? f32(18446744073709551616.0) : 1;
}

/** Weights of a group that has something in common. */
@inline
export function groupOf(format: i32): i32 {
  return format == FORMAT_Q2_K || format == FORMAT_Q3_K || format == FORMAT_Q6_K ? 16 : 32;
}

/** What a group's sum is multiplied with: for whole numbers that start the sum, or for numbers. */
@inline
function shareOf(format: i32): i32 {
  if (format == FORMAT_Q4_0) return -8;
  if (format == FORMAT_Q6_K) return -32;
  return format == FORMAT_Q4_K ? -1 : 1;
}

@inline
export function sharesWhole(format: i32): bool {
  return format == FORMAT_Q4_0 || format == FORMAT_Q6_K;
}

/** Quads come in spans of `across` runs of `along`; the first ones of all runs lie together. */
@inline
function acrossOf(format: i32): i32 {
  if (format == FORMAT_Q6_K) return 4;
  return format == FORMAT_Q4_0 || format == FORMAT_Q4_K ? 2 : 1;
}

@inline
function alongOf(format: i32): i32 {
  if (format == FORMAT_Q4_0) return 4;
  return format == FORMAT_Q4_K || format == FORMAT_Q6_K ? 8 : 1;
}

/** Largest size of 32 numbers. Not a number where one is not. */
@inline
export function largestOf32(x: usize): f32 {
  let most = f32x4.abs(v128.load(x));
  for (let i: usize = 16; i < 128; i += 16) most = f32x4.max(most, f32x4.abs(v128.load(x + i)));
  return maxOf(most);
}

/** Four numbers as whole ones. */
@inline
export function roundQuad(x: usize, perStep: v128): v128 {
  return i32x4.trunc_sat_f32x4_s(f32x4.nearest(f32x4.mul(v128.load(x), perStep)));
}

/** Rounds x [columns] to `bits`; the numbers of a quad have 8 bits where `isNarrow`, else 16. */
export function roundActivations(
  format: i32,
  bits: i32,
  isNarrow: bool,
  x: usize,
  columns: i32,
  quads: usize,
): void {
  const most = mostOf(bits);
  const steps = stepsAt(quads, columns);
  const shared = sharedAt(quads, columns);
  const across = acrossOf(format);
  const along = alongOf(format);
  const groupQuads = groupOf(format) / 4;
  const share = shareOf(format);
  let group = shared;
  let total = i32x4.splat(0);
  let step: f32 = 0;
  let perStep = zero();
  let quad = 0;
  for (let span = 0; span < columns / 4; span += across * along) {
    for (let run = 0; run < across; run++) {
      for (let at = span + run; at < span + across * along; at += across, quad++) {
        if ((quad & 7) == 0) {
          step = largestOf32(x + 16 * quad) / most;
          // Where all are zero, so is what they become: no number becomes zero.
          perStep = f32x4.splat(<f32>1 / step);
          store<f32>(steps + quad / 2, step);
        }
        const whole = roundQuad(x + 16 * quad, perStep);
        if (isNarrow) storeNarrow(whole, quads + 4 * at);
        else storeWide(whole, quads + 8 * at);
        total = i32x4.add(total, whole);
        if (((quad + 1) & (groupQuads - 1)) != 0) continue;
        const sum = sumOfWhole(total) * share;
        if (sharesWhole(format)) store<i32>(group, sum);
        else store<f32>(group, <f32>sum * step);
        group += 4;
        total = i32x4.splat(0);
      }
    }
  }
  const factor = stepFactor(format);
  for (let i = 0; i < columns / 32; i++) store<f32>(steps + 4 * i, load<f32>(steps + 4 * i) * factor);
}

/** As (x0, x2, x1, x3). */
@inline
export function storeWide(whole: v128, to: usize): void {
  const words = i16x8.narrow_i32x4_s(whole, whole);
  v128.store64_lane(to, i16x8.shuffle(words, words, 0, 2, 1, 3, 0, 2, 1, 3), 0);
}

@inline
export function storeNarrow(whole: v128, to: usize): void {
  const words = i16x8.narrow_i32x4_s(whole, whole);
  v128.store32_lane(to, i8x16.narrow_i16x8_s(words, words), 0);
}

@inline
export function sumOfWhole(a: v128): i32 {
  return (
    i32x4.extract_lane(a, 0) + i32x4.extract_lane(a, 1) + i32x4.extract_lane(a, 2) + i32x4.extract_lane(a, 3)
  );
}
