import type { Extent } from '../types/region.ts';

/** Intersection over union of two boxes, from 0 to 1; 0 where both are without area. */
export function intersectionOverUnion(a: Extent, b: Extent): number {
  const width = Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x);
  const height = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y);
  const shared = Math.max(0, width) * Math.max(0, height);
  const all = a.width * a.height + b.width * b.height - shared;
  return all > 0 ? shared / all : 0;
}
