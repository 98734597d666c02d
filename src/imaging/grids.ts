import type { Grid } from '../engine/types/image-views.ts';
import type { TilingPreset } from '../engine/types/tiling.ts';
import { pythonSetOrder } from './python-set-order.ts';

export type { Grid };

/** Fewest and most tiles. */
export type TileRange = readonly [least: number, most: number];

/** Every grid with a number of tiles in range, by that number; equal numbers in the reference's order. */
export function candidateGrids([least, most]: TileRange): Grid[] {
  const pairs: Grid[] = [];
  for (let n = least; n <= most; n++) {
    for (let columns = 1; columns <= n; columns++) {
      for (let rows = 1; rows <= n; rows++) {
        const tiles = columns * rows;
        if (tiles >= least && tiles <= most) pairs.push([columns, rows]);
      }
    }
  }
  return pythonSetOrder(pairs).sort((a, b) => a[0] * a[1] - b[0] * b[1]) as Grid[];
}

/**
 * The grid whose shape is closest to the image's (InternVL2, dynamic_preprocess). On an exact tie a later candidate wins if
 * the image covers more than half of its area. Without candidates: one tile.
 */
export function closestGrid(candidates: readonly Grid[], width: number, height: number, tile: number): Grid {
  const ratio = width / height;
  let best: Grid = [1, 1];
  let smallest = Number.POSITIVE_INFINITY;
  for (const grid of candidates) {
    const difference = Math.abs(ratio - grid[0] / grid[1]);
    const isLarge = width * height > 0.5 * tile * tile * grid[0] * grid[1];
    if (difference < smallest || (difference === smallest && isLarge)) {
      best = grid;
      smallest = difference;
    }
  }
  return best;
}

/**
 * Mini-Monkey's multi-scale adaptive cropping: a detailed grid, and an adaptive one whose cuts do not all fall on the
 * detailed grid's cuts, so that what one cuts through the other shows whole.
 */
export function msacGrids(
  width: number,
  height: number,
  tile: number,
  detailedRange: TileRange,
  adaptiveRange: TileRange,
): { detailed: Grid; adaptive: Grid } {
  const detailed = closestGrid(candidateGrids(detailedRange), width, height, tile);
  const others = candidateGrids(adaptiveRange).filter(([columns, rows]) => {
    return detailed[0] % columns !== 0 || detailed[1] % rows !== 0;
  });
  return { detailed, adaptive: closestGrid(others, width, height, tile) };
}

/** Detailed and adaptive ranges that Mini-Monkey uses, by task. */
export const msacPresets = {
  demo: { detailed: [4, 12], adaptive: [3, 7] },
  default_eval: { detailed: [12, 24], adaptive: [3, 5] },
  ocrbench: { detailed: [8, 24], adaptive: [3, 9] },
  docvqa: { detailed: [1, 24], adaptive: [1, 8] },
  infovqa: { detailed: [5, 24], adaptive: [3, 8] },
  chartqa: { detailed: [4, 12], adaptive: [1, 3] },
  ccbench: { detailed: [3, 8], adaptive: [1, 4] },
  realworldqa: { detailed: [3, 12], adaptive: [1, 4] },
  mme: { detailed: [3, 9], adaptive: [1, 4] },
} as const satisfies Record<TilingPreset, { detailed: TileRange; adaptive: TileRange }>;
