import { adam7, bitsOf, deepest, readDeepPng, readRows } from './deep-png.ts';

/** The values of a grey picture of 16 bits, as they are stored. */
export interface DeepValues {
  width: number;
  height: number;
  values: Uint16Array<ArrayBuffer>;
  /** That the values have: fewer than 16 where none of them needs more (see `deep-png.ts`). */
  bits: number;
}

/**
 * Of a PNG that `readPngHeader` has taken; undefined where it is not grey throughout with 16 bits and nothing transparent. Fails where
 * its data are damaged.
 */
export async function readDeepValues(file: Uint8Array): Promise<DeepValues | undefined> {
  const png = readDeepPng(file);
  if (png?.channels !== 1 || png.key) return undefined;
  const { width, height } = png;
  const values = new Uint16Array(width * height);
  const passes = png.isInterlaced ? adam7 : ([[0, 0, 1, 1]] as const);
  const rows = readRows(png);
  let largest = 0;
  for (const [left, top, across, down] of passes) {
    // A pass without columns has no rows.
    if (left >= width) continue;
    for (let y = top; y < height; y += down) {
      const { row } = (await rows.next()).value!;
      let at = 0;
      for (let x = left; x < width; x += across, at += 2) {
        const value = (row[at]! << 8) | row[at + 1]!;
        values[y * width + x] = value;
        if (value > largest) largest = value;
      }
    }
  }
  return { width, height, values, bits: largest === 0 || largest >= deepest ? 16 : bitsOf(largest) };
}
