import type { StoredValues } from '../pixels/stored-values.ts';

/** A range of stored values, both ends included. */
export interface StoredRange {
  least: number;
  greatest: number;
}

/** Over all values, those left out that `isLeftOut` (all, where nothing would be left). */
export function rangeOf(stored: StoredValues, padding?: { least: number; greatest: number }): StoredRange {
  let [least, greatest] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let i = 0; i < stored.length; i++) {
    const value = stored[i]!;
    if (padding && value >= padding.least && value <= padding.greatest) continue;
    if (value < least) least = value;
    if (value > greatest) greatest = value;
  }
  return least > greatest && padding ? rangeOf(stored) : { least, greatest };
}

/** More different values than this are computed one by one. */
const mostTableEntries = 65_536;

/**
 * 8-bit grey of each value: `transform` gives 0..255, which is rounded to the nearest, and then exchanged where `isInverted`. What
 * is not a number is black.
 */
export function greyOf(
  stored: StoredValues,
  { least, greatest }: StoredRange,
  transform: (stored: number) => number,
  isInverted: boolean,
): Uint8Array<ArrayBuffer> {
  const grey = new Uint8Array(stored.length);
  const flip = isInverted ? 255 : 0;
  const isFloat = stored instanceof Float32Array || stored instanceof Float64Array;
  const entries = greatest - least + 1;
  if (isFloat || !(entries <= mostTableEntries) || entries > stored.length * 4) {
    for (let i = 0; i < stored.length; i++) grey[i] = Math.floor(transform(stored[i]!) + 0.5) ^ flip;
    return grey;
  }
  const table = new Uint8Array(entries);
  for (let i = 0; i < entries; i++) table[i] = Math.floor(transform(least + i) + 0.5) ^ flip;
  for (let i = 0; i < stored.length; i++) grey[i] = table[stored[i]! - least]!;
  return grey;
}

/** Whether at least 999 in 1000 pixels are the same. */
export function isFlat(grey: Uint8Array): boolean {
  const counts = new Uint32Array(256);
  for (let i = 0; i < grey.length; i++) counts[grey[i]!]!++;
  return Math.max(...counts) >= 0.999 * grey.length;
}
