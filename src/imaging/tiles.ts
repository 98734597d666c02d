import type { ImageView, Rectangle } from '../engine/types/image-views.ts';
import type { Resampling } from '../engine/types/model.ts';
import { resizeFor } from './resample.ts';
import { cropImage, type RgbImage } from './rgb-image.ts';

/** A view's part of the image, resized to its grid (the aspect ratio is not kept) and cut into tiles, row by row. */
export function cutTiles(
  image: RgbImage,
  { rectangle, grid: [columns, rows], tile: { width, height } }: ImageView,
  resample: Resampling,
): RgbImage[] {
  const resized = resizeFor(resample, partOf(image, rectangle), columns * width, rows * height);
  if (columns * rows === 1) return [resized];
  return Array.from({ length: columns * rows }, (_, i) =>
    cropImage(resized, (i % columns) * width, Math.floor(i / columns) * height, width, height),
  );
}

/** The image itself where the rectangle is all of it. */
function partOf(image: RgbImage, { x, y, width, height }: Rectangle): RgbImage {
  const isWhole = x === 0 && y === 0 && width === image.width && height === image.height;
  return isWhole ? image : cropImage(image, x, y, width, height);
}
