import type { Grid } from './grids.ts';
import { resizeBicubic } from './resample.ts';
import { cropImage, type RgbImage } from './rgb-image.ts';

/** The image resized to the grid (its aspect ratio is not kept) and cut into tiles, row by row. */
export function cutTiles(image: RgbImage, [columns, rows]: Grid, tile: number): RgbImage[] {
  const resized = resizeBicubic(image, columns * tile, rows * tile);
  return Array.from({ length: columns * rows }, (_, i) =>
    cropImage(resized, (i % columns) * tile, Math.floor(i / columns) * tile, tile, tile),
  );
}
