import { countTiles, type Grid, type ImageView, type Size } from '../engine/types/image-views.ts';
import type { VisionInfo } from '../engine/types/model.ts';
import type { TilingSettings } from '../engine/types/tiling.ts';
import { candidateGrids, closestGrid, msacGrids, msacPresets } from './grids.ts';

/** Least and most detailed tiles of InternVL2's own tiling. */
const dynamicRange = [1, 12] as const;

/**
 * What a model is shown of an image, known from its size alone: another model or setting needs no second look at the pixels.
 * The grids of InternVL2 (`detailed`) or Mini-Monkey (`detailed`, `adaptive`), and last the whole in one tile (`overview`).
 * @param image upright, in pixels
 */
export function chooseViews(
  { width, height }: Size,
  { tileSize, tokensPerTile }: Pick<VisionInfo, 'tileSize' | 'tokensPerTile'>,
  tiling: TilingSettings,
): ImageView[] {
  const viewOf = (name: string, grid: Grid, isCompressible = false): ImageView => ({
    name,
    rectangle: { x: 0, y: 0, width, height },
    grid,
    tile: { width: tileSize, height: tileSize },
    tokens: countTiles([{ grid }]) * tokensPerTile,
    isCompressible,
  });
  const { detailed, adaptive } = gridsOf(width, height, tileSize, tiling);
  const views = [viewOf('detailed', detailed, true), viewOf('adaptive', adaptive)];
  // A grid of one tile shows what the overview shows.
  return [...views.filter(view => countTiles([view]) > 1), viewOf('overview', one)];
}

const one: Grid = [1, 1];

function gridsOf(width: number, height: number, tile: number, { mode, preset }: TilingSettings) {
  switch (mode) {
    case 'single':
      return { detailed: one, adaptive: one };
    case 'dynamic':
      return { detailed: closestGrid(candidateGrids(dynamicRange), width, height, tile), adaptive: one };
    case 'msac': {
      const ranges = msacPresets[preset];
      return msacGrids(width, height, tile, ranges.detailed, ranges.adaptive);
    }
  }
}
