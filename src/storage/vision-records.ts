/** What messages store about images, and how it is checked when it is read again. */
import type { Grid } from '../engine/types/tiling.ts';
import type { ImageUse, VisionUse } from '../engine/types/vision-use.ts';
import { amount, count, type FieldReader, flag, listOf, objectOf, sizeUpTo, text } from './record-fields.ts';

/** An image that a question refers to. */
export interface MessageImage {
  /** SHA-256 (hex) of the file's bytes. */
  id: string;
  name: string;
  /** Pixels, upright. */
  width: number;
  height: number;
}

/** No image that this page accepts is larger, and nothing that is drawn of it may take longer. */
export const side = sizeUpTo(1_000_000);
/** Many times what any model is given. */
const tiles = sizeUpTo(4096);

const grid: FieldReader<Grid> = value => {
  const sides = listOf(sizeUpTo(64))(value);
  return sides?.length === 2 ? [sides[0]!, sides[1]!] : undefined;
};

export const messageImage = objectOf<MessageImage>({ id: text, name: text, width: side, height: side }, [
  'id',
  'name',
  'width',
  'height',
]);

const imageUse = objectOf<ImageUse>(
  {
    id: text,
    detailed: grid,
    adaptive: grid,
    tiles,
    visualTokens: count,
    keptTokens: count,
    cached: flag,
  },
  ['id', 'detailed', 'adaptive', 'tiles', 'visualTokens', 'keptTokens', 'cached'],
);

export const visionUse = objectOf<VisionUse>(
  {
    images: listOf(imageUse),
    decodeMs: amount,
    encodeMs: amount,
    compressed: flag,
    tileSize: sizeUpTo(65_536),
  },
  ['images', 'decodeMs', 'encodeMs', 'compressed'],
);
