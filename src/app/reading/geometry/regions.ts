import type { ImagePoint } from './plane.ts';

/** A part of an image. */
export type Region =
  | { shape: 'rectangle' | 'ellipse'; corners: readonly [ImagePoint, ImagePoint] }
  /** Closed from its last point to its first; what it goes around twice is outside. */
  | { shape: 'freehand'; points: readonly ImagePoint[] };

/** Left, top, right, bottom. */
export type Bounds = readonly [left: number, top: number, right: number, bottom: number];

export function boundsOf(points: readonly ImagePoint[]): Bounds {
  const xs = points.map(([x]) => x);
  const ys = points.map(([, y]) => y);
  return [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)];
}

/** A run of pixels of one row: from column `from` up to, and not with, column `to`. */
export interface Span {
  row: number;
  from: number;
  to: number;
}

/** The pixels whose centres lie in a region, row by row; those outside of the image are left out. */
export function spansOf(region: Region, width: number, height: number): Span[] {
  const points = region.shape === 'freehand' ? region.points : region.corners;
  if (points.length === 0) return [];
  const [, top, , bottom] = boundsOf(points);
  const first = Math.max(0, firstCentre(top));
  const end = Math.min(height, firstCentre(bottom));
  const spans: Span[] = [];
  for (let row = first; row < end; row++) {
    for (const [left, right] of crossings(region, row + 0.5)) {
      const from = Math.max(0, firstCentre(left));
      const to = Math.min(width, firstCentre(right));
      if (to > from) spans.push({ row, from, to });
    }
  }
  return spans;
}

/** The first pixel whose centre is at an edge or behind it. */
const firstCentre = (edge: number) => Math.ceil(edge - 0.5);

/** Between which places a region covers a line across the image. */
function crossings(region: Region, y: number): readonly (readonly [number, number])[] {
  if (region.shape === 'freehand') return polygonCrossings(region.points, y);
  const [left, top, right, bottom] = boundsOf(region.corners);
  if (region.shape === 'rectangle') return [[left, right]];
  const [halfWidth, halfHeight] = [(right - left) / 2, (bottom - top) / 2];
  if (halfHeight === 0) return [];
  const share = (y - (top + bottom) / 2) / halfHeight;
  if (Math.abs(share) > 1) return [];
  const reach = halfWidth * Math.sqrt(1 - share * share);
  const middle = (left + right) / 2;
  return [[middle - reach, middle + reach]];
}

function polygonCrossings(points: readonly ImagePoint[], y: number): (readonly [number, number])[] {
  const places = points.flatMap(([x0, y0], at) => {
    const [x1, y1] = points[(at + 1) % points.length]!;
    // Half open, so that a corner on the line counts once.
    if (y0 <= y === y1 <= y) return [];
    return [x0 + ((y - y0) / (y1 - y0)) * (x1 - x0)];
  });
  places.sort((a, b) => a - b);
  return places.flatMap((place, at) => (at % 2 === 0 ? [[place, places[at + 1]!] as const] : []));
}
