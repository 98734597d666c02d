import type { WrittenElement } from './dicom-writer.mjs';

/** A slice of a series; `root`: the beginning of its identifiers, `position` and `gap` in millimetres. */
export function ctElements(slice: {
  root: string;
  description: string;
  slice: number;
  gap: number;
  position: readonly number[];
  rows: number;
  columns: number;
  spacing: number;
}): WrittenElement[];
