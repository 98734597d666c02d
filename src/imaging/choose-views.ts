import { placeRectangle } from '../engine/regions/place.ts';
import {
  countTiles,
  type Grid,
  type ImageView,
  type Rectangle,
  type Size,
} from '../engine/types/image-views.ts';
import type { VisionInfo } from '../engine/types/model.ts';
import { type ImagePresentation, presentedSize } from '../engine/types/presentation.ts';
import type { TilingSettings } from '../engine/types/tiling.ts';
import { closeUpOf } from './close-up.ts';
import { candidateGrids, closestGrid, msacGrids, msacPresets } from './grids.ts';

/** What of an encoder decides how it is shown an image. */
export type ViewedBy = Pick<VisionInfo, 'tileSize' | 'tokensPerTile' | 'showsWhole'>;

/** Least and most detailed tiles of InternVL2's own tiling. */
const dynamicRange = [1, 12] as const;

/**
 * What a model is shown of an image, known from its size alone: another model or setting needs no second look at the pixels.
 * The grids of InternVL2 (`detailed`) or Mini-Monkey (`detailed`, `adaptive`), and the whole in one tile (`overview`); last, where a
 * part of it is asked about, that part closely (`region`). Encoders that show a picture whole have one tile for it: two
 * would be one picture to a model whose pictures see themselves.
 * @param image as it is shown, in pixels
 * @param region what is asked about, in the same pixels
 */
export function chooseViews(
  { width, height }: Size,
  { tileSize, tokensPerTile, showsWhole = false }: ViewedBy,
  tiling: TilingSettings,
  region?: Rectangle,
): ImageView[] {
  const viewOf = (name: string, grid: Grid, isCompressible = false): ImageView => ({
    name,
    rectangle: { x: 0, y: 0, width, height },
    grid,
    tile: { width: tileSize, height: tileSize },
    tokens: countTiles([{ grid }]) * tokensPerTile,
    isCompressible,
  });
  if (showsWhole) return [viewOf('overview', one)];
  const { detailed, adaptive } = gridsOf(width, height, tileSize, tiling);
  const views = [viewOf('detailed', detailed, true), viewOf('adaptive', adaptive)];
  // A grid of one tile shows what the overview shows.
  const whole = [...views.filter(view => countTiles([view]) > 1), viewOf('overview', one)];
  if (!region) return whole;
  const { grid, rectangle } = closeUpOf(region, { width, height }, tileSize);
  return [...whole, { ...viewOf('region', grid), rectangle }];
}

/** Of an image that is turned, and of which a part may be asked about. `image`: upright, in pixels. */
export function viewsOf(
  image: Size,
  presentation: ImagePresentation,
  vision: ViewedBy,
  tiling: TilingSettings,
): ImageView[] {
  const { region } = presentation;
  const placed = region ? placeRectangle(region, image, presentation) : undefined;
  return chooseViews(presentedSize(image, presentation), vision, tiling, placed);
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
