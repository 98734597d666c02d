import type { NamedVoi } from '../../engine/types/dicom.ts';
import type { ImageWindow } from '../../engine/types/presentation.ts';
import { greyOf, rangeOf, rangeTransform, windowTransform } from './grey-window.ts';
import type { FrameValues } from './opened-image.ts';

/** Whole numbers that are shown through a window, as a scanner's are. */
export interface GreyValues {
  width: number;
  height: number;
  values: Uint8Array | Uint16Array;
  /** That a value can have. */
  bits: number;
}

/** All values that there can be from black to white; and those that there are. */
export function windowsOf({ bits }: Pick<GreyValues, 'bits'>): NamedVoi[] {
  const whole = 2 ** bits;
  return [
    {
      name: 'default',
      choice: { kind: 'level', centre: whole / 2, width: whole, function: 'LINEAR' },
      explanation: null,
    },
    { name: 'range', choice: { kind: 'range' }, explanation: null },
  ];
}

/** One byte a pixel. Such values have no tables: `check-presentation.ts` lets none through. */
export function greyThrough(
  { values }: GreyValues,
  window: Exclude<ImageWindow, { kind: 'lut' }>,
  isInverted: boolean,
): Uint8Array {
  if (window.kind === 'level') {
    return greyOf(values, windowTransform(window.centre, window.width, window.function), isInverted);
  }
  const { least, greatest } = rangeOf(values);
  return greyOf(values, rangeTransform(least, greatest), isInverted);
}

export function frameValuesOf({ width, height, values }: GreyValues): FrameValues {
  const { least, greatest } = rangeOf(values);
  return { width, height, values: Int32Array.from(values), least, greatest, unit: null };
}
