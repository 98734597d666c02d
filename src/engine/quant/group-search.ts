/**
 * How K formats find the scales of their groups of 16 or 32 weights: ggml's searches without an importance matrix, for the same
 * bytes. Every operation is rounded to float32, and sums are taken in the order of the weights. `scalar-search.ts` is the
 * definition, `vector-search.ts` the same numbers four groups at a time.
 */

/** The most weights that a search is given at once. */
export const mostSearched = 16384;

/** w = scale * level - minimum: level from 0 to `most`, minimum not negative. */
export interface MinimumSearch {
  /** Weights of a group. */
  count: 16 | 32;
  most: number;
  /** The range is divided into `most + first` steps, then into a tenth more each time. */
  first: number;
  /** How often after the first time. */
  steps: number;
  /**
   * What is made small: squares of errors, where a weight counts its magnitude and the quadratic mean of its group; or
   * magnitudes of errors, where it counts its magnitude.
   */
  error: 'square' | 'absolute';
}

/** By group, in order. Valid until the next search. */
export interface FoundScales {
  scales: Float32Array;
  /** Of a search for minima. */
  minima: Float32Array;
  /** By weight; of a signed scale `level + most`. A group of zeros has 0. */
  levels: Uint8Array;
}

/** Whole blocks of 256 weights, at most `mostSearched`. */
export interface GroupSearch {
  withMinimum(values: Float32Array, search: MinimumSearch): FoundScales;
  /** w = scale * level, level from -most to most - 1, groups of 16: nineteen divisors of the largest weight are tried. */
  signed(values: Float32Array, most: number): FoundScales;
  /** The same, but levels are moved one by one as long as that makes the fit better. */
  signedRefined(values: Float32Array, most: number): FoundScales;
}

/** Below it a group of weights counts as zero. */
export const smallestMagnitude = Math.fround(1e-15);
