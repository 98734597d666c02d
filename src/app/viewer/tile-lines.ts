import type { Grid } from '../../client/index.ts';
import type { Point } from './view-transform.ts';

/** What of the model's sight is drawn over the image. */
export type Layer = 'off' | 'detailed' | 'adaptive' | 'overview';

/** How an image was cut, or would be. */
export interface Cut {
  detailed: Grid;
  adaptive: Grid;
}

/** The layers that a cut has; a grid of one tile is none. */
export function layersOf(plan: Cut | null): Layer[] {
  if (!plan) return ['off'];
  const layers: Layer[] = ['off'];
  if (tileCount(plan.detailed) > 1) layers.push('detailed');
  if (tileCount(plan.adaptive) > 1) layers.push('adaptive');
  return [...layers, 'overview'];
}

/** The grid that a layer draws. */
export function gridOf(plan: Cut | null, layer: Layer): Grid | null {
  if (!plan || layer === 'off') return null;
  return layer === 'overview' ? [1, 1] : plan[layer];
}

export function tileCount([columns, rows]: Grid): number {
  return columns * rows;
}

export type Line = readonly [from: Point, to: Point];

/**
 * The edges of a grid's tiles, in shares of the image's width and height. The image is resized to the whole grid
 * before it is cut, so that the cuts lie evenly over it.
 */
export function tileLines([columns, rows]: Grid): Line[] {
  const upright = Array.from(
    { length: columns + 1 },
    (_, i): Line => [
      [i / columns, 0],
      [i / columns, 1],
    ],
  );
  const level = Array.from(
    { length: rows + 1 },
    (_, i): Line => [
      [0, i / rows],
      [1, i / rows],
    ],
  );
  return [...upright, ...level];
}
