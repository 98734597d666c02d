import type { NamedVoi } from '../../engine/types/dicom.ts';
import type { ImageWindow } from '../../engine/types/presentation.ts';
import { greyOf, rangeOf } from '../dicom/views/grey-view.ts';
import { rangeTransform, windowTransform } from '../dicom/views/voi.ts';
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

/** A window that any grey values can be seen through. */
export type PlainWindow = Extract<ImageWindow, { kind: 'level' | 'range' }>;

/** One byte a pixel. Such values have no tables: `check-presentation.ts` lets none through. */
export function greyThrough({ values }: GreyValues, window: PlainWindow, isInverted: boolean): Uint8Array {
  const range = rangeOf(values);
  const transform =
    window.kind === 'level'
      ? windowTransform(window.centre, window.width, window.function)
      : rangeTransform(range.least, range.greatest);
  return greyOf(values, range, transform, isInverted);
}

export function frameValuesOf({ width, height, values }: GreyValues): FrameValues {
  const { least, greatest } = rangeOf(values);
  return { width, height, values: Int32Array.from(values), least, greatest, unit: null };
}
