import type { Rectangle, Size } from '../types/image-views.ts';
import type { Extent, ImagePoint, RegionShape } from '../types/region.ts';

/** The least box around a mark; of a point one without area. */
export function boundsOf(shape: RegionShape): Extent {
  switch (shape.kind) {
    case 'box':
    case 'ellipse':
      return shape.extent;
    case 'freehand':
    case 'angle':
      return around(shape.points);
    case 'length':
      return around([shape.from, shape.to]);
    case 'arrow':
      // What it points at, not where it comes from.
      return around([shape.to]);
    case 'point':
      return around([shape.at]);
  }
}

/** In whole pixels of an image, at least one; undefined where the mark lies outside. */
export function pixelBounds(shape: RegionShape, image: Size): Rectangle | undefined {
  const { x, y, width, height } = boundsOf(shape);
  const [left, right] = pixelsBetween(x, x + width, image.width);
  const [top, bottom] = pixelsBetween(y, y + height, image.height);
  if (right <= left || bottom <= top) return undefined;
  return { x: left, y: top, width: right - left, height: bottom - top };
}

function pixelsBetween(from: number, to: number, end: number): [number, number] {
  if (from > end || to < 0) return [0, 0];
  // At the far edge the last pixel.
  const first = Math.min(Math.max(0, Math.floor(from)), end - 1);
  return [first, Math.min(end, Math.max(Math.ceil(to), first + 1))];
}

function around(points: readonly ImagePoint[]): Extent {
  let [left, top] = points[0] ?? [0, 0];
  let [right, bottom] = [left, top];
  for (const [x, y] of points) {
    left = Math.min(left, x);
    top = Math.min(top, y);
    right = Math.max(right, x);
    bottom = Math.max(bottom, y);
  }
  return { x: left, y: top, width: right - left, height: bottom - top };
}
