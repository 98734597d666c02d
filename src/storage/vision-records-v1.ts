/** What version 1 of messages stored of images: the two grids of one way of cutting, as fields of their own. */
import { countTiles, type Grid, type SeenView } from '../engine/types/image-views.ts';
import type { ImageUse, VisionUse } from '../engine/types/vision-use.ts';
import { amount, count, type FieldReader, flag, listOf, objectOf, sizeUpTo, text } from './record-fields.ts';

interface ImageUse1 {
  id: string;
  /** [1, 1] where there was none. */
  detailed: Grid;
  adaptive: Grid;
  /** Of both grids, and one that showed the image as a whole. */
  tiles: number;
  visualTokens: number;
  keptTokens: number;
  cached: boolean;
}

interface VisionUse1 extends Omit<VisionUse, 'images'> {
  images: ImageUse1[];
  /** A tile's side in pixels. Missing in the earliest records. */
  tileSize?: number;
}

/** Columns and rows, as both versions store them. */
export const grid: FieldReader<Grid> = value => {
  const sides = listOf(sizeUpTo(64))(value);
  return sides?.length === 2 ? [sides[0]!, sides[1]!] : undefined;
};

const imageUse = objectOf<ImageUse1>(
  {
    id: text,
    detailed: grid,
    adaptive: grid,
    // Many times what any model is given.
    tiles: sizeUpTo(4096),
    visualTokens: count,
    keptTokens: count,
    cached: flag,
  },
  ['id', 'detailed', 'adaptive', 'tiles', 'visualTokens', 'keptTokens', 'cached'],
);

const visionUse = objectOf<VisionUse1>(
  {
    images: listOf(imageUse),
    decodeMs: amount,
    encodeMs: amount,
    compressed: flag,
    tileSize: sizeUpTo(65_536),
  },
  ['images', 'decodeMs', 'encodeMs', 'compressed'],
);

/** What version 1 stored, as it is told since version 2. */
export const visionUseOfVersion1: FieldReader<VisionUse> = value => {
  const stored = visionUse(value);
  if (!stored) return undefined;
  const { images, tileSize, ...rest } = stored;
  return { images: images.map(image => imageUseOf(image, tileSize)), ...rest };
};

/** Every tile had as many tokens. What a damaged record has over is the overview's: the sum stays as it was stored. */
function imageUseOf(image: ImageUse1, tileSize: number | undefined): ImageUse {
  const { id, detailed, adaptive, visualTokens, keptTokens, cached } = image;
  const grids = [
    { name: 'detailed', grid: detailed, isCompressible: true },
    { name: 'adaptive', grid: adaptive, isCompressible: false },
  ].filter(view => countTiles([view]) > 1);
  const tokensPerTile = Math.floor(visualTokens / (countTiles(grids) + 1));
  const tile = tileSize === undefined ? {} : { tile: { width: tileSize, height: tileSize } };
  const viewOf = (name: string, of: Grid, tokens: number, isCompressible: boolean): SeenView => ({
    name,
    grid: of,
    ...tile,
    tokens,
    isCompressible,
  });
  const views = grids.map(({ name, grid: of, isCompressible }) =>
    viewOf(name, of, countTiles([{ grid: of }]) * tokensPerTile, isCompressible),
  );
  const overviewTokens = visualTokens - countTiles(grids) * tokensPerTile;
  return { id, views: [...views, viewOf('overview', [1, 1], overviewTokens, false)], keptTokens, cached };
}
