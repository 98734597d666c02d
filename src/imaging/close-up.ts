import { countTiles, type Grid, type Rectangle, type Size } from '../engine/types/image-views.ts';
import { candidateGrids, closestGrid } from './grids.ts';

/** More tiles than these show no more than the whole image's own do. */
const mostTiles = 6;
/** A tile shows at least this share of its own side in image pixels: what is enlarged more is blurred, and has nothing around it. */
const leastShare = 1 / 4;

export interface CloseUp {
  grid: Grid;
  /** Of the image, in whole pixels: the region, with as much around it as fills the grid without stretching it. */
  rectangle: Rectangle;
}

/** How a region is shown closely: no smaller than it is, as far as `most` tiles go. `tile`: a tile's side in pixels. */
export function closeUpOf(region: Rectangle, image: Size, tile: number, most = mostTiles): CloseUp {
  const grid = gridFor(region, tile, most);
  const [columns, rows] = grid;
  // Image pixels that a tile's side takes.
  const side = Math.max(region.width / columns, region.height / rows, tile * leastShare);
  const [x, width] = widen(region.x, region.width, Math.ceil(side * columns), image.width);
  const [y, height] = widen(region.y, region.height, Math.ceil(side * rows), image.height);
  return { grid, rectangle: { x, y, width, height } };
}

function gridFor({ width, height }: Rectangle, tile: number, most: number): Grid {
  const whole: Grid = [Math.ceil(width / tile), Math.ceil(height / tile)];
  if (countTiles([{ grid: whole }]) <= most) return whole;
  return closestGrid(candidateGrids([1, most]), width, height, tile);
}

/** About the same middle, moved and cut where the image ends. */
function widen(start: number, length: number, wanted: number, end: number): [start: number, length: number] {
  const long = Math.min(Math.max(wanted, length), end);
  const first = Math.round(start + (length - long) / 2);
  return [Math.min(Math.max(0, first), end - long), long];
}
