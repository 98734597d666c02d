/** A ruler beside an image. */
export interface ScaleBar {
  /** Millimetres: 1, 2 or 5 and noughts. */
  length: number;
  /** On the screen, in the unit of `perMillimetre`. */
  size: number;
}

/** The longest round length that takes no more than `room`; null where there is no room for any. */
export function scaleBar(perMillimetre: number, room: number): ScaleBar | null {
  if (!(perMillimetre > 0) || !(room > 0) || !Number.isFinite(perMillimetre)) return null;
  const longest = room / perMillimetre;
  const power = 10 ** Math.floor(Math.log10(longest));
  // What rounding made a hair too long still counts.
  const digit = [5, 2, 1].find(each => each * power <= longest * (1 + 1e-12)) ?? 1;
  const length = digit * power;
  return { length, size: length * perMillimetre };
}
