/**
 * A slice of computed tomography as MedGemma 1.5 was shown it: three windows at once, in Hounsfield units, as red, green and blue. The
 * whole range, soft tissue, and the narrow one of a brain (its authors' notebook for CT).
 */
export const ctColourWindows = [
  { least: -1024, greatest: 1024 },
  { least: -135, greatest: 215 },
  { least: 0, greatest: 80 },
] as const;

/**
 * As numpy computes it there, in f32, rounded half to even.
 * @param values Hounsfield units, [pixels]
 * @returns [pixels, 3]
 */
export function ctColours(values: ArrayLike<number>): Uint8Array<ArrayBuffer> {
  const rgb = new Uint8Array(values.length * 3);
  for (const [channel, { least, greatest }] of ctColourWindows.entries()) {
    for (let i = 0; i < values.length; i++) {
      const clipped = Math.fround(Math.min(greatest, Math.max(least, values[i]!)));
      const share = Math.fround(Math.fround(clipped - least) / (greatest - least));
      rgb[i * 3 + channel] = roundHalfToEven(Math.fround(share * 255));
    }
  }
  return rgb;
}

/**
 * Which of `count` slices are shown where at most `most` can be: all, or so many evenly over the series, as that notebook chooses them.
 * Counted from 0, in order.
 */
export function evenSlices(count: number, most: number): number[] {
  if (count <= most) return Array.from({ length: count }, (_, slice) => slice);
  return Array.from({ length: most }, (_, i) => roundHalfToEven(((i + 1) / most) * (count - 1)));
}

/** As Python and numpy round numbers that are not negative. */
function roundHalfToEven(value: number): number {
  const below = Math.floor(value);
  const rest = value - below;
  if (rest !== 0.5) return rest < 0.5 ? below : below + 1;
  return below % 2 === 0 ? below : below + 1;
}
