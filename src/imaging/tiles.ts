import { type Grid, msacGrids, type TileRange } from './grids.ts';
import { resizeBicubic } from './resample.ts';
import { cropImage, type RgbImage } from './rgb-image.ts';

/** The image resized to the grid (its aspect ratio is not kept) and cut into tiles, row by row. */
export function cutTiles(image: RgbImage, [columns, rows]: Grid, tile: number): RgbImage[] {
  const resized = resizeBicubic(image, columns * tile, rows * tile);
  return Array.from({ length: columns * rows }, (_, i) =>
    cropImage(resized, (i % columns) * tile, Math.floor(i / columns) * tile, tile, tile),
  );
}

export interface MsacTiles {
  detailed: Grid;
  /** [1, 1] means none: that tile would equal the overview. */
  adaptive: Grid;
  /** Detailed tiles, then adaptive ones, then the overview, as in training and evaluation. */
  tiles: RgbImage[];
}

/** Mini-Monkey's three layers of tiles. `tile`: side in pixels. */
export function msacTiles(
  image: RgbImage,
  tile: number,
  ranges: { detailed: TileRange; adaptive: TileRange },
): MsacTiles {
  const { width, height } = image;
  const { detailed, adaptive } = msacGrids(width, height, tile, ranges.detailed, ranges.adaptive);
  const hasAdaptive = adaptive[0] * adaptive[1] > 1;
  return {
    detailed,
    adaptive,
    tiles: [
      ...cutTiles(image, detailed, tile),
      ...(hasAdaptive ? cutTiles(image, adaptive, tile) : []),
      resizeBicubic(image, tile, tile),
    ],
  };
}
