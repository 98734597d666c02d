import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { fixture, readJson } from '../../test/support/data.ts';
import { viewsOf } from '../../test/support/image-views.ts';
import { decodeInNode } from '../cli/input/decode-image.ts';
import type { Grid, ImageView } from '../engine/types/image-views.ts';
import { chooseViews } from './choose-views.ts';
import { prepareTiles } from './prepare-tiles.ts';
import { resizeBicubic } from './resample.ts';
import { cropImage, type RgbImage } from './rgb-image.ts';

interface Golden {
  cases: {
    image: string;
    width: number;
    height: number;
    detailed: Grid;
    adaptive: Grid;
    tile_sha256: string[];
  }[];
}

const { cases } = readJson<Golden>(fixture('golden/golden-nano-vqa.json'));
/** Of the model that the goldens were made with, in pixels. */
const tile = 112;
const msac = { mode: 'msac', preset: 'demo' } as const;

describe('tiles of an image file', () => {
  it.each(cases)('$image: grids, and every byte of every tile', async golden => {
    const { image } = await decodeInNode(readFileSync(fixture(`images/${golden.image}`)));
    expect([image.width, image.height]).toEqual([golden.width, golden.height]);
    const views = chooseViews(image, { tileSize: tile, tokensPerTile: 16 }, msac);
    expect(views).toEqual(viewsOf(image, golden, { tileSize: tile, tokensPerTile: 16 }));
    const tiles = await prepareTiles(image, views, { resample: 'bicubic' });
    expect(tiles.map(data => createHash('sha256').update(data).digest('hex'))).toEqual(golden.tile_sha256);
  });

  it('stops between two views', async () => {
    const image = { width: 64, height: 48, data: new Uint8Array(64 * 48 * 3) };
    const stop = new AbortController();
    const views = viewsOf(image, { detailed: [4, 3], adaptive: [3, 2] }, { tileSize: tile });
    const preparing = prepareTiles(image, views, { resample: 'bicubic' }, stop.signal);
    stop.abort();
    await expect(preparing).rejects.toMatchObject({ code: 'aborted' });
  });

  it('goes through the image once a view, not once a tile', async () => {
    const grids: Grid[] = [
      [4, 3],
      [3, 2],
      [1, 1],
    ];
    // Rows: each output pixel of a row reads the four input pixels round it, as many times more as it shrinks.
    const mostReads = grids.map(([columns]) => 3 * 128 * 4 * (Math.max(128, columns * 8) + columns * 8));
    const { image, reads } = countReads({ width: 128, height: 128, data: new Uint8Array(128 * 128 * 3) });
    const views = viewsOf(image, { detailed: grids[0]!, adaptive: grids[1]! }, { tileSize: 8 });
    expect((await prepareTiles(image, views, { resample: 'bicubic' })).length).toBe(19);
    expect(reads()).toBeLessThanOrEqual(mostReads.reduce((sum, most) => sum + most));
    // One view alone takes its own share.
    const before = reads();
    await prepareTiles(image, views.slice(2), { resample: 'bicubic' });
    expect(reads() - before).toBeLessThanOrEqual(mostReads[2]!);
  });

  it('shows a part of the image in tiles that need not be square, as if it were an image of its own', async () => {
    const image = gradient(40, 30);
    const view: ImageView = {
      name: 'region',
      rectangle: { x: 10, y: 5, width: 20, height: 12 },
      grid: [2, 3],
      tile: { width: 14, height: 28 },
      tokens: 6,
      isCompressible: false,
    };
    const tiles = await prepareTiles(image, [view], { resample: 'bicubic' });
    expect(tiles.map(({ length }) => length)).toEqual(new Array(6).fill(14 * 28 * 3));
    const part = cropImage(image, 10, 5, 20, 12);
    const alone = { ...view, rectangle: { x: 0, y: 0, width: 20, height: 12 } };
    expect(await prepareTiles(part, [alone], { resample: 'bicubic' })).toEqual(tiles);
    const resized = resizeBicubic(part, 28, 84);
    expect(tiles[3]).toEqual(cropImage(resized, 14, 28, 14, 28).data);
  });

  it('shows a picture of the size that the encoder reads pixel by pixel', async () => {
    const image = gradient(42, 28);
    const view: ImageView = {
      name: 'native',
      rectangle: { x: 0, y: 0, width: 42, height: 28 },
      grid: [1, 1],
      tile: { width: 42, height: 28 },
      tokens: 6,
      isCompressible: false,
    };
    expect(await prepareTiles(image, [view], { resample: 'bicubic' })).toEqual([image.data]);
  });
});

function gradient(width: number, height: number): RgbImage {
  const data = Uint8Array.from({ length: width * height * 3 }, (_, i) => (i * 7) % 251);
  return { width, height, data };
}

/** The image, and how often a sample of it has been read. */
function countReads(image: RgbImage): { image: RgbImage; reads: () => number } {
  let count = 0;
  const data = new Proxy(image.data, {
    get(samples, key) {
      if (typeof key === 'string' && /^\d+$/.test(key)) count++;
      return Reflect.get(samples, key);
    },
  });
  return { image: { ...image, data }, reads: () => count };
}
