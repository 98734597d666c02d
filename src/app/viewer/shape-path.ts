import type { ImagePoint, RegionShape } from '../../client/index.ts';
import type { DrawnShape } from '../state/images/drawn-shapes.ts';
import type { Point, Size } from './view-transform.ts';

/** What a shape is drawn from, in its own pixels: two opposite corners, both ends, an outline. */
export function pointsOfShape(shape: RegionShape): readonly ImagePoint[] {
  switch (shape.kind) {
    case 'box':
    case 'ellipse': {
      const { x, y, width, height } = shape.extent;
      return [
        [x, y],
        [x + width, y + height],
      ];
    }
    case 'freehand':
    case 'angle':
      return shape.points;
    case 'arrow':
    case 'length':
      return [shape.from, shape.to];
    case 'point':
      return [shape.at];
  }
}

/**
 * As a path of SVG. `points`: those of the shape, where it is drawn; it may be turned by quarters, so that boxes stay level. `unit`: of
 * what has a size of its own, such as the head of an arrow.
 */
export function shapePath(kind: RegionShape['kind'], points: readonly Point[], unit = 1): string {
  const [first, second] = points;
  if (!first) return '';
  switch (kind) {
    case 'point':
      return circle(first, 4 * unit);
    case 'box':
      return second ? rectangle(first, second) : '';
    case 'ellipse':
      return second ? ellipse(first, second) : '';
    case 'arrow':
      return second ? arrow(first, second, unit) : '';
    case 'freehand':
      return `${line(points)}Z`;
    case 'length':
      return second ? `${line(points)}${bar(first, second, unit)}${bar(second, first, unit)}` : '';
    case 'angle':
      return line(points);
  }
}

/** The point that lies highest, where a label covers least. */
export const highest = (points: readonly Point[]) => most(points, (a, b) => a[1] < b[1]);
const lowest = (points: readonly Point[]) => most(points, (a, b) => a[1] > b[1]);

/** Of a label, in units of what has a size of its own. */
export const labelSize = 14;

/** A reader's above what it is of and a model's below it: both may be of the same. Inside where there is no room. */
export function labelAt(
  points: readonly Point[],
  by: DrawnShape['by'],
  { width, height }: Size,
  unit: number,
): { x: number; y: number; anchor: 'start' | 'end' } | undefined {
  const at = by === 'reader' ? highest(points) : lowest(points);
  if (!at) return undefined;
  const [x, y] = at;
  // Towards the middle, where there is room for it.
  const isNearRight = x > width / 2;
  const above = y < 20 * unit ? 16 : -6;
  const below = y > height - 20 * unit ? -6 : 16;
  return {
    x: x + (isNearRight ? -6 : 6) * unit,
    y: y + (by === 'reader' ? above : below) * unit,
    anchor: isNearRight ? 'end' : 'start',
  };
}

function most(points: readonly Point[], isMore: (a: Point, b: Point) => boolean): Point | undefined {
  return points.reduce<Point | undefined>(
    (best, point) => (!best || isMore(point, best) ? point : best),
    undefined,
  );
}

const place = ([x, y]: Point) => `${x.toFixed(2)} ${y.toFixed(2)}`;
const line = (points: readonly Point[]) => `M${points.map(place).join('L')}`;

function rectangle([x0, y0]: Point, [x1, y1]: Point): string {
  return `${line([
    [x0, y0],
    [x1, y0],
    [x1, y1],
    [x0, y1],
  ])}Z`;
}

function circle([x, y]: Point, radius: number): string {
  return ellipse([x - radius, y - radius], [x + radius, y + radius]);
}

function ellipse([x0, y0]: Point, [x1, y1]: Point): string {
  const [rx, ry] = [Math.abs(x1 - x0) / 2, Math.abs(y1 - y0) / 2];
  const middle = (y0 + y1) / 2;
  const arc = (to: Point) => `A${rx.toFixed(2)} ${ry.toFixed(2)} 0 0 1 ${place(to)}`;
  return `M${place([x0, middle])}${arc([x1, middle])}${arc([x0, middle])}Z`;
}

/** Across the end of a length, so that it is seen where it ends. */
function bar([x, y]: Point, [otherX, otherY]: Point, unit: number): string {
  const length = Math.hypot(otherX - x, otherY - y) || 1;
  const [across, down] = [((otherY - y) / length) * 5 * unit, (-(otherX - x) / length) * 5 * unit];
  return line([
    [x - across, y - down],
    [x + across, y + down],
  ]);
}

function arrow([x0, y0]: Point, [x1, y1]: Point, unit: number): string {
  const length = Math.hypot(x1 - x0, y1 - y0) || 1;
  const [ux, uy] = [(x1 - x0) / length, (y1 - y0) / length];
  const barb = (side: number): Point => [
    x1 - (ux * 11 - uy * 5.5 * side) * unit,
    y1 - (uy * 11 + ux * 5.5 * side) * unit,
  ];
  return `${line([
    [x0, y0],
    [x1, y1],
  ])}${line([barb(1), [x1, y1], barb(-1)])}`;
}
