import type { VoiFunction } from '../../engine/types/dicom.ts';

/** From a value to 0..255, not rounded. */
type Transform = (value: number) => number;

/** A window (PS3.3, C.11.2.1.2 and C.11.2.1.3), in this order of operations; as wide as its function needs. */
export function windowTransform(centre: number, width: number, name: VoiFunction): Transform {
  switch (name) {
    case 'SIGMOID':
      return value => 255 / (1 + Math.exp((-4 * (value - centre)) / width));
    case 'LINEAR_EXACT':
      return between(centre - width / 2, centre + width / 2, x => ((x - centre) / width + 0.5) * 255);
    case 'LINEAR': {
      const middle = centre - 0.5;
      const span = width - 1;
      return between(middle - span / 2, middle + span / 2, x => ((x - middle) / span + 0.5) * 255);
    }
  }
}

function between(black: number, white: number, inside: Transform): Transform {
  return value => (value <= black ? 0 : value > white ? 255 : inside(value));
}

/** All 0 where nothing differs. */
export function rangeTransform(least: number, greatest: number): Transform {
  return greatest > least ? value => ((value - least) / (greatest - least)) * 255 : () => 0;
}

/** One byte a value, rounded to the nearest, then exchanged where `isInverted`. */
export function greyOf(
  values: Uint8Array | Uint16Array,
  transform: Transform,
  isInverted: boolean,
): Uint8Array {
  const table = new Uint8Array(values instanceof Uint8Array ? 2 ** 8 : 2 ** 16);
  const flip = isInverted ? 255 : 0;
  for (let value = 0; value < table.length; value++) table[value] = clamp(transform(value)) ^ flip;
  return Uint8Array.from(values, value => table[value]!);
}

const clamp = (level: number) => Math.min(255, Math.max(0, Math.floor(level + 0.5)));

export function rangeOf(values: Uint8Array | Uint16Array): { least: number; greatest: number } {
  let [least, greatest] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const value of values) {
    if (value < least) least = value;
    if (value > greatest) greatest = value;
  }
  return { least, greatest };
}
