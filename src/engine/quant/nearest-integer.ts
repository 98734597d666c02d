const { abs, fround } = Math;

/** 1.5 * 2^23: a float32 sum with it keeps the nearest whole number of what was added. */
const magic = 12582912;
const largest = 2 ** 22;

const cell = new Float32Array(1);
const bits = new Int32Array(cell.buffer);

/**
 * ggml's rounding of a float32 to the nearest whole number, halves to even. Beyond 2^22 it gives what is left in the low bits of the
 * sum, as ggml's does: of NaN 0, of an infinity -2^22.
 */
export function nearestInteger(value: number): number {
  if (abs(value) < largest) return fround(value + magic) - magic;
  cell[0] = value + magic;
  return (bits[0]! & 0x7fffff) - 0x400000;
}

/** The same, but not below `least` nor above `most`. */
export function nearestWithin(value: number, least: number, most: number): number {
  const level = nearestInteger(value);
  return level < least ? least : level > most ? most : level;
}
