import { abortedError } from '../engine/errors.ts';
import type { TilePlan, TilingSettings } from '../engine/types/tiling.ts';
import { candidateGrids, closestGrid, msacGrids, msacPresets } from './grids.ts';
import { resizeBicubic } from './resample.ts';
import type { RgbImage } from './rgb-image.ts';
import { cutTiles } from './tiles.ts';

/** Least and most detailed tiles of InternVL2's own tiling. */
const dynamicRange = [1, 12] as const;

/** How an image of this size is cut into tiles of side `tile`, without touching its pixels. */
export function planTiles(width: number, height: number, tile: number, tiling: TilingSettings): TilePlan {
  switch (tiling.mode) {
    case 'single':
      return { detailed: [1, 1], adaptive: [1, 1], tiles: 1 };
    case 'dynamic': {
      const detailed = closestGrid(candidateGrids(dynamicRange), width, height, tile);
      return { detailed, adaptive: [1, 1], tiles: countOf(detailed) + 1 };
    }
    case 'msac': {
      const ranges = msacPresets[tiling.preset];
      const { detailed, adaptive } = msacGrids(width, height, tile, ranges.detailed, ranges.adaptive);
      return { detailed, adaptive, tiles: countOf(detailed) + countOf(adaptive) + 1 };
    }
  }
}

/** A grid of one tile shows what the overview shows, so it counts for none. */
function countOf([columns, rows]: TilePlan['detailed']): number {
  return columns * rows > 1 ? columns * rows : 0;
}

/** The plan's tiles: detailed, adaptive, overview. Each [tile, tile, 3] u8. Pauses in between, so that a stop is heard. */
export async function prepareTiles(
  image: RgbImage,
  tile: number,
  plan: TilePlan,
  signal?: AbortSignal,
): Promise<Uint8Array[]> {
  const tiles: Uint8Array[] = [];
  for (const grid of [plan.detailed, plan.adaptive]) {
    if (countOf(grid) === 0) continue;
    tiles.push(...cutTiles(image, grid, tile).map(({ data }) => data));
    await new Promise(resolve => setTimeout(resolve));
    if (signal?.aborted) throw abortedError();
  }
  tiles.push(resizeBicubic(image, tile, tile).data);
  return tiles;
}

/** How many of a plan's tiles, from the first on, show details. */
export function detailedTiles(plan: TilePlan): number {
  return countOf(plan.detailed);
}
