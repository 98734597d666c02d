import type { StoredValues } from '../pixels/stored-values.ts';

/** A range of stored values, both ends included. */
export interface StoredRange {
  least: number;
  greatest: number;
}

/** Over all values, those left out that `isLeftOut` (all, where nothing would be left). */
export function rangeOf(stored: StoredValues, padding?: { least: number; greatest: number }): StoredRange {
  if (!padding && !isFloats(stored)) return wholeRangeOf(stored);
  let [least, greatest] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let i = 0; i < stored.length; i++) {
    const value = stored[i]!;
    if (padding && value >= padding.least && value <= padding.greatest) continue;
    if (value < least) least = value;
    if (value > greatest) greatest = value;
  }
  return least > greatest && padding ? rangeOf(stored) : { least, greatest };
}

/** In whole numbers throughout: of every frame that is decoded, this is a good part of the time. */
function wholeRangeOf(stored: StoredValues): StoredRange {
  if (stored.length === 0) return { least: Number.POSITIVE_INFINITY, greatest: Number.NEGATIVE_INFINITY };
  let least = stored[0]!;
  let greatest = least;
  for (let i = 1; i < stored.length; i++) {
    const value = stored[i]!;
    if (value < least) least = value;
    else if (value > greatest) greatest = value;
  }
  return { least, greatest };
}

const isFloats = (stored: StoredValues) => stored instanceof Float32Array || stored instanceof Float64Array;

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
  const entries = greatest - least + 1;
  if (isFloats(stored) || !(entries <= mostTableEntries) || entries > stored.length * 4) {
    for (let i = 0; i < stored.length; i++) grey[i] = Math.floor(transform(stored[i]!) + 0.5) ^ flip;
    return grey;
  }
  const table = new Uint8Array(entries);
  for (let i = 0; i < entries; i++) table[i] = Math.floor(transform(least + i) + 0.5) ^ flip;
  for (let i = 0; i < stored.length; i++) grey[i] = table[stored[i]! - least]!;
  return grey;
}

/** Pixels that lie so far apart are looked at first: air around a patient is one grey for many rows. */
const stride = 64;

/** Whether at least 999 in 1000 pixels are the same grey. Most pictures are not, which the first few thousand pixels show. */
export function isFlatThrough(stored: StoredValues, transform: (stored: number) => number): boolean {
  const counts = new Uint32Array(256);
  const enough = 0.999 * stored.length;
  let most = 0;
  let left = stored.length;
  for (let first = 0; first < stride; first++) {
    for (let i = first; i < stored.length; i += stride) {
      const count = ++counts[Math.floor(transform(stored[i]!) + 0.5) & 255]!;
      if (count > most) most = count;
      left -= 1;
      if (most + left < enough) return false;
    }
  }
  return most >= enough;
}
