import type { RegionShape } from '../../../client/index.ts';
import type { ImagePoint } from '../geometry/plane.ts';

export const markKinds = [
  'length',
  'angle',
  'rectangle',
  'ellipse',
  'freehand',
  'arrow',
  'point',
  'redaction',
] as const;
export type MarkKind = (typeof markKinds)[number];

/** What was drawn over an image, as data: the image itself is never changed. */
export interface Mark {
  /** Of this mark among all of the session. */
  id: string;
  /** The image that it is drawn on: a frame of a file. */
  image: string;
  /** Among those of its image, from 1. */
  number: number;
  kind: MarkKind;
  /**
   * Length and arrow: from, to (where its head is). Angle: an end, the vertex, the other end. Rectangle, ellipse, redaction: two
   * corners, opposite to one another. Freehand: its outline. Point: itself.
   */
  points: readonly ImagePoint[];
  note: string;
}

/** How many points it takes; null where any number from three does. */
export function pointsOf(kind: MarkKind): number | null {
  if (kind === 'freehand') return null;
  if (kind === 'point') return 1;
  return kind === 'angle' ? 3 : 2;
}

/** In what a reader calls it. */
export const markNames: Readonly<Record<MarkKind, string>> = {
  length: 'Length',
  angle: 'Angle',
  rectangle: 'Rectangle',
  ellipse: 'Ellipse',
  freehand: 'Outline',
  arrow: 'Arrow',
  point: 'Point',
  redaction: 'Black box',
};

/** The least number that no mark of an image has. */
export function nextNumber(marks: readonly Mark[], image: string): number {
  const taken = new Set(marks.filter(mark => mark.image === image).map(({ number }) => number));
  let number = 1;
  while (taken.has(number)) number += 1;
  return number;
}

/** The shape that it is drawn in. */
export function shapeKindOf(kind: MarkKind): RegionShape['kind'] {
  return kind === 'rectangle' || kind === 'redaction' ? 'box' : kind;
}
