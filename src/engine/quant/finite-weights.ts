import { BedsideError } from '../errors.ts';
import { sentence } from '../sentence.ts';
import type { GgmlTypeName } from './block-formats.ts';

// The largest weight whose Q8_0 scale (w / 127) or Q4_0 scale (w / 8) still fits a half. Trained weights are
// below 100; anything near this is a damaged file.
const LARGEST_WEIGHT = 65504 * 8;

/** Refuses what a block quantiser would turn into quietly wrong weights. */
export function refuseUnquantizable(
  format: GgmlTypeName,
  values: Float32Array,
  blockElements: number,
  largestWeight = LARGEST_WEIGHT,
): void {
  if (values.length % blockElements !== 0) {
    throw new BedsideError(
      'invalid-request',
      sentence`weights-do-not-fill-blocks: ${{ type: format }} stores whole blocks of ${{ blockWeights: blockElements }} weights, but ${{ weights: values.length }} were given.`,
      'Keep this tensor in F16.',
    );
  }
  const largestBits = new Uint32Array(Float32Array.of(largestWeight).buffer)[0]!;
  if (largestMagnitudeBits(values) > largestBits) {
    // Written so that NaN fails too.
    const bad = values.findIndex(value => !(Math.abs(value) <= largestWeight));
    throw new BedsideError(
      'invalid-model',
      sentence`weight-cannot-be-stored: Weight ${{ index: bad }} is ${{ weight: values[bad]! }}, which ${{ type: format }} cannot store.`,
      'The model that is being converted may be damaged. Get it again and check its size.',
    );
  }
}

/**
 * The largest magnitude as its float32 bits, which have the same order: finite numbers below infinity (0x7f800000) below
 * NaN. One pass of integers is three times as fast as comparing numbers.
 */
export function largestMagnitudeBits(values: Float32Array): number {
  const bits = new Uint32Array(values.buffer, values.byteOffset, values.length);
  let largest = 0;
  for (let i = 0; i < bits.length; i++) {
    const magnitude = bits[i]! & 0x7fffffff;
    if (magnitude > largest) largest = magnitude;
  }
  return largest;
}
