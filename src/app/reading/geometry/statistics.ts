import { type ImageScale, pixelArea } from './plane.ts';
import { type Region, spansOf } from './regions.ts';

/** Of the values of the pixels whose centres lie in a region. */
export interface RegionStatistics {
  count: number;
  mean: number;
  /** Of these pixels themselves: the root of the mean square distance from their mean. */
  deviation: number;
  min: number;
  max: number;
  /** Of those pixels, in square millimetres; null without a spacing. */
  area: number | null;
}

/** One value a pixel, row by row. */
export interface ValueGrid {
  width: number;
  height: number;
  values: ArrayLike<number>;
}

/** Null where no pixel lies in it. */
export function regionStatistics(
  region: Region,
  { width, height, values }: ValueGrid,
  scale: ImageScale,
): RegionStatistics | null {
  const spans = spansOf(region, width, height);
  const count = spans.reduce((sum, { from, to }) => sum + to - from, 0);
  if (count === 0) return null;
  let [sum, min, max] = [0, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const { row, from, to } of spans) {
    for (let at = row * width + from; at < row * width + to; at++) {
      const value = values[at]!;
      sum += value;
      if (value < min) min = value;
      if (value > max) max = value;
    }
  }
  const mean = sum / count;
  // Around the mean, in a second pass: of large values the difference of two sums would leave nothing.
  let squares = 0;
  for (const { row, from, to } of spans) {
    for (let at = row * width + from; at < row * width + to; at++) squares += (values[at]! - mean) ** 2;
  }
  const area = pixelArea(scale);
  return {
    count,
    mean,
    deviation: Math.sqrt(squares / count),
    min,
    max,
    area: area === null ? null : count * area,
  };
}
