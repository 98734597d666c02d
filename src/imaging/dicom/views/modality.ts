import type { Rescale } from '../../../engine/types/dicom.ts';
import { type LookupTable, lookUp } from '../header/lookup-table.ts';
import type { StoredValues } from '../pixels/stored-values.ts';
import { rangeOf, type StoredRange } from './grey-view.ts';

/** From a stored value to that of the modality, such as HU (PS3.3, C.11.1). */
export function modalityTransform(
  rescale: Rescale | null,
  table: LookupTable | undefined,
): (stored: number) => number {
  if (table) return stored => lookUp(table, stored);
  if (!rescale) return stored => stored;
  const { slope, intercept } = rescale;
  return stored => stored * slope + intercept;
}

/** The least and the greatest value after the modality's scale, those left out that are padding. */
export function modalityRange(
  stored: StoredValues,
  whole: StoredRange,
  rescale: Rescale | null,
  table: LookupTable | undefined,
  padding: StoredRange | undefined,
): [least: number, greatest: number] {
  const { least, greatest } = padding ? rangeOf(stored, padding) : whole;
  const transform = modalityTransform(rescale, table);
  if (!table) {
    const [first, last] = [transform(least), transform(greatest)];
    return [Math.min(first, last), Math.max(first, last)];
  }
  const isPadding = (value: number) =>
    padding !== undefined && value >= padding.least && value <= padding.greatest;
  const isAllPadding = padding !== undefined && isPadding(least) && isPadding(greatest);
  const found = rangeOf(
    Float64Array.from(stored, value => (isPadding(value) && !isAllPadding ? Number.NaN : transform(value))),
  );
  return [found.least, found.greatest];
}
