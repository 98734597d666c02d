import type { Size } from '../types/image-views.ts';
import type { ImagePresentation } from '../types/presentation.ts';
import type { Extent, ImagePoint, RegionShape } from '../types/region.ts';
import type { FoundPlace } from './answer-boxes.ts';
import { boundsOf } from './bounds.ts';
import { intersectionOverUnion } from './overlap.ts';
import { findPoint, findRectangle } from './place.ts';

/** Where a place that a model named in the picture lies in the upright image. `image`: upright, in pixels. */
export function placeInImage(
  { place }: Pick<FoundPlace, 'place'>,
  image: Size,
  turning: Pick<ImagePresentation, 'turns' | 'isFlipped'>,
): FoundPlace['place'] {
  return place.kind === 'box'
    ? { kind: 'box', extent: findRectangle(place.extent, image, turning) }
    : { kind: 'point', at: findPoint(place.at, image, turning) };
}

/** How a place agrees with a mark of the reader's, both in the upright image. */
export type Agreement =
  /** Of boxes: intersection over union with the box around the mark, from 0 to 1. */
  | { kind: 'overlap'; share: number }
  /** Where one of them is a point: whether it lies in the other's box. */
  | { kind: 'hit'; isInside: boolean }
  /** Two points: how far they are apart, in pixels. */
  | { kind: 'distance'; pixels: number };

export function agreementOf(place: FoundPlace['place'], shape: RegionShape): Agreement {
  const mark = boundsOf(shape);
  const isPoint = shape.kind === 'point' || shape.kind === 'arrow';
  const at: ImagePoint = [mark.x, mark.y];
  if (place.kind === 'box') {
    if (isPoint) return { kind: 'hit', isInside: isIn(at, place.extent) };
    return { kind: 'overlap', share: intersectionOverUnion(place.extent, mark) };
  }
  if (isPoint) return { kind: 'distance', pixels: Math.hypot(place.at[0] - at[0], place.at[1] - at[1]) };
  return { kind: 'hit', isInside: isIn(place.at, mark) };
}

const isIn = ([x, y]: ImagePoint, extent: Extent) =>
  x >= extent.x && y >= extent.y && x <= extent.x + extent.width && y <= extent.y + extent.height;
