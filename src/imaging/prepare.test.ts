import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { fixture, readJson } from '../../test/support/data.ts';
import { decodeInNode } from '../cli/input/decode-image.ts';
import type { Grid } from '../engine/types/tiling.ts';
import { planTiles, prepareTiles } from './prepare.ts';
import type { RgbImage } from './rgb-image.ts';

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
const dynamic = { mode: 'dynamic', preset: 'demo' } as const;
const single = { mode: 'single', preset: 'demo' } as const;

describe('tiles of an image file', () => {
  it.each(cases)('$image: grids, and every byte of every tile', async golden => {
    const { image } = await decodeInNode(readFileSync(fixture(`images/${golden.image}`)));
    expect([image.width, image.height]).toEqual([golden.width, golden.height]);
    const plan = planTiles(image.width, image.height, tile, msac);
    expect(plan).toEqual({
      detailed: golden.detailed,
      adaptive: golden.adaptive,
      tiles: golden.tile_sha256.length,
    });
    const tiles = await prepareTiles(image, tile, plan);
    expect(tiles.map(data => createHash('sha256').update(data).digest('hex'))).toEqual(golden.tile_sha256);
  });

  it('plans one grid and an overview, or the overview alone', () => {
    expect(planTiles(896, 448, 448, dynamic)).toEqual({
      detailed: [2, 1],
      adaptive: [1, 1],
      tiles: 3,
    });
    // One tile would show what the overview shows.
    expect(planTiles(448, 448, 448, dynamic)).toEqual({
      detailed: [1, 1],
      adaptive: [1, 1],
      tiles: 1,
    });
    expect(planTiles(896, 448, 448, single)).toEqual({
      detailed: [1, 1],
      adaptive: [1, 1],
      tiles: 1,
    });
  });

  it('stops between two grids', async () => {
    const image = { width: 64, height: 48, data: new Uint8Array(64 * 48 * 3) };
    const stop = new AbortController();
    const plan = planTiles(64, 48, tile, msac);
    const preparing = prepareTiles(image, tile, plan, stop.signal);
    stop.abort();
    await expect(preparing).rejects.toMatchObject({ code: 'aborted' });
  });

  it('goes through the image once a grid, not once a tile', async () => {
    const grids: Grid[] = [
      [4, 3],
      [3, 2],
      [1, 1],
    ];
    // Rows: each output pixel of a row reads the four input pixels round it, as many times more as it shrinks.
    const mostReads = grids.map(([columns]) => 3 * 128 * 4 * (Math.max(128, columns * 8) + columns * 8));
    const { image, reads } = countReads({ width: 128, height: 128, data: new Uint8Array(128 * 128 * 3) });
    const plan = { detailed: grids[0]!, adaptive: grids[1]!, tiles: 19 };
    expect((await prepareTiles(image, 8, plan)).length).toBe(19);
    expect(reads()).toBeLessThanOrEqual(mostReads.reduce((sum, most) => sum + most));
    // One grid alone takes its own share.
    const before = reads();
    await prepareTiles(image, 8, { detailed: [1, 1], adaptive: [1, 1], tiles: 1 });
    expect(reads() - before).toBeLessThanOrEqual(mostReads[2]!);
  });
});

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
