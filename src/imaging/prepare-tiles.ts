import { abortedError } from '../engine/errors.ts';
import type { ImageView } from '../engine/types/image-views.ts';
import type { Resampling } from '../engine/types/model.ts';
import type { RgbImage } from './rgb-image.ts';
import { cutTiles } from './tiles.ts';

/**
 * The tiles of all views, one view after the other, row by row: [tile.height, tile.width, 3] u8 each. Pauses in
 * between, so that a stop is heard.
 * @param resample as the encoder reads them
 */
export async function prepareTiles(
  image: RgbImage,
  views: readonly ImageView[],
  { resample }: { resample: Resampling },
  signal?: AbortSignal,
): Promise<Uint8Array[]> {
  const tiles: Uint8Array[] = [];
  for (const [i, view] of views.entries()) {
    if (i > 0) await new Promise(resolve => setTimeout(resolve));
    if (signal?.aborted) throw abortedError();
    tiles.push(...cutTiles(image, view, resample).map(({ data }) => data));
  }
  return tiles;
}
