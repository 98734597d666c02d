import { angleAt, lengthBetween } from '../geometry/measures.ts';
import type { ImageScale } from '../geometry/plane.ts';
import type { Region } from '../geometry/regions.ts';
import { type RegionStatistics, regionStatistics, type ValueGrid } from '../geometry/statistics.ts';
import type { Mark } from './mark.ts';

/** What a mark measures. */
export type MarkValue =
  /** Millimetres; widths of a pixel where the spacing is not known. */
  | { kind: 'length'; length: number; isSpaced: boolean }
  /** Degrees. */
  | { kind: 'angle'; degrees: number }
  | { kind: 'region'; statistics: RegionStatistics };

/** The part of the image that a mark goes around; null of one that goes around nothing. */
export function regionOf({ kind, points }: Pick<Mark, 'kind' | 'points'>): Region | null {
  switch (kind) {
    case 'rectangle':
    case 'ellipse':
      return points.length === 2 ? { shape: kind, corners: [points[0]!, points[1]!] } : null;
    case 'freehand':
      return { shape: kind, points };
    default:
      return null;
  }
}

/** `values` null: of a coloured image, or one that is not there yet. */
export function measure(
  mark: Pick<Mark, 'kind' | 'points'>,
  scale: ImageScale,
  values: ValueGrid | null,
): MarkValue | null {
  const [first, second, third] = mark.points;
  if (mark.kind === 'length' && first && second) {
    return { kind: 'length', length: lengthBetween(first, second, scale), isSpaced: scale.spacing !== null };
  }
  if (mark.kind === 'angle' && first && second && third) {
    const degrees = angleAt(second, first, third, scale);
    return Number.isNaN(degrees) ? null : { kind: 'angle', degrees };
  }
  const region = regionOf(mark);
  const statistics = region && values ? regionStatistics(region, values, scale) : null;
  return statistics && { kind: 'region', statistics };
}
