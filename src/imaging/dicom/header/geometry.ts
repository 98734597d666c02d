import type { FramePlace, SpacingKind } from '../../../engine/types/dicom.ts';
import type { DataSet } from '../data-set/data-set.ts';
import { tag } from '../data-set/tags.ts';
import type { FunctionalGroups } from './functional-groups.ts';

export interface Spacing {
  /** Distance of rows, and of columns, in mm. */
  spacing: [number, number] | null;
  kind: SpacingKind | null;
  /** Height of a pixel over its width. */
  aspect: number;
}

/** Of the first frame where frames differ (PS3.3, 10.7). Lengths at a detector or on a film are not lengths in the patient. */
export function readSpacing(dataSet: DataSet, groups: FunctionalGroups): Spacing {
  const measures = groups.find(0, tag.pixelMeasuresSequence) ?? dataSet;
  const candidates: [number[], SpacingKind][] = [
    [lengths(measures, tag.pixelSpacing), 'patient'],
    [lengths(dataSet, tag.imagerPixelSpacing), 'detector'],
    [lengths(dataSet, tag.nominalScannedPixelSpacing), 'film'],
  ];
  for (const [[rows, columns], kind] of candidates) {
    if (rows && columns) return { spacing: [rows, columns], kind, aspect: rows / columns };
  }
  const [height, width] = lengths(dataSet, tag.pixelAspectRatio, 'IS');
  return { spacing: null, kind: null, aspect: height && width ? height / width : 1 };
}

function lengths(source: DataSet, which: number, usual: 'DS' | 'IS' = 'DS'): number[] {
  return source.numbers(which, usual).map(value => (value !== null && value > 0 ? value : 0));
}

/** Position and orientation in the patient, of a frame; null where they are not whole. */
export function readPlacement(dataSet: DataSet, groups: FunctionalGroups, frame: number): FramePlace {
  const positions = groups.find(frame, tag.planePositionSequence) ?? dataSet;
  const orientations = groups.find(frame, tag.planeOrientationSequence) ?? dataSet;
  return {
    position: numbersOf(positions, tag.imagePositionPatient, 3) as FramePlace['position'],
    orientation: numbersOf(orientations, tag.imageOrientationPatient, 6) as FramePlace['orientation'],
  };
}

/** Of each of so many frames, where the first says of itself alone where it lies; else undefined. */
export function readFramePlaces(
  dataSet: DataSet,
  groups: FunctionalGroups,
  frames: number,
): FramePlace[] | undefined {
  if (frames < 2 || !groups.hasOwn(0, tag.planePositionSequence)) return undefined;
  return Array.from({ length: frames }, (_, frame) => readPlacement(dataSet, groups, frame));
}

function numbersOf(source: DataSet, which: number, count: number): number[] | null {
  const values = source.numbers(which, 'DS');
  return values.length === count && values.every(value => value !== null) ? values : null;
}
