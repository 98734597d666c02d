import type { FramePlace } from '../../../client/index.ts';
import { dot, normalOf } from '../geometry/orientation.ts';
import type { StudyFile } from './image-facts.ts';

const nowhere: FramePlace = { position: null, orientation: null };

/** Where a frame lies in the patient, as far as that is known of it: of a file of several, only where it says so of each. */
export function placeOf({ facts }: Pick<StudyFile, 'facts'>, frame: number): FramePlace {
  const identity = facts.dicom?.identity;
  if (!identity) return nowhere;
  if (facts.frames === 1) return identity;
  return identity.frames?.[frame] ?? { ...nowhere, orientation: identity.orientation };
}

/** Where it lies along its own normal, in millimetres; null where the file does not say. */
export function heightOf(file: Pick<StudyFile, 'facts'>, frame: number): number | null {
  const { position, orientation } = placeOf(file, frame);
  return position && orientation && dot(position, normalOf(orientation));
}

/** Within two degrees or so. */
export function liesAlike(a: FramePlace['orientation'], b: FramePlace['orientation']): boolean {
  return !!a && !!b && a.every((share, axis) => Math.abs(share - b[axis]!) < 0.04);
}
