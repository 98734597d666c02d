import { type ImagePoint, type ImageScale, vectorBetween } from './plane.ts';

/** Between two points, in millimetres; without a spacing in widths of a pixel. */
export function lengthBetween(from: ImagePoint, to: ImagePoint, scale: ImageScale): number {
  return Math.hypot(...vectorBetween(from, to, scale));
}

/** Between the arms from `vertex` to `a` and to `b`, in degrees from 0 to 180; NaN where an arm has no length. */
export function angleAt(vertex: ImagePoint, a: ImagePoint, b: ImagePoint, scale: ImageScale): number {
  const [ax, ay] = vectorBetween(vertex, a, scale);
  const [bx, by] = vectorBetween(vertex, b, scale);
  if (Math.hypot(ax, ay) === 0 || Math.hypot(bx, by) === 0) return Number.NaN;
  // By tangent: the cosine of a small angle hardly changes, and would lose it.
  return (Math.atan2(Math.abs(ax * by - ay * bx), ax * bx + ay * by) * 180) / Math.PI;
}

/** Around a closed polygon, in millimetres; without a spacing in widths of a pixel. */
export function perimeterOf(points: readonly ImagePoint[], scale: ImageScale): number {
  return points.reduce((sum, point, at) => {
    const next = points[(at + 1) % points.length]!;
    return sum + lengthBetween(point, next, scale);
  }, 0);
}
