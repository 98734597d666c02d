import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { fixture, readJson } from '../../test/support/data.ts';
import { randomBytes } from '../../test/support/random.ts';
import { decodeInNode } from '../cli/decode-image.ts';
import type { Grid } from '../engine/types.ts';
import { planTiles, prepareTiles } from './prepare.ts';

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

  it('makes 19 tiles of 4096 x 4096 pixels within a second of one core', async () => {
    const image = { width: 4096, height: 4096, data: randomBytes(4096 * 4096 * 3, 1) };
    const plan = { detailed: [4, 3] as Grid, adaptive: [3, 2] as Grid, tiles: 19 };
    let tiles: Uint8Array[] = [];
    // Processor time, not the clock's: other work on the machine must not fail a test.
    const ms: number[] = [];
    for (let run = 0; run < 3; run++) {
      const before = process.cpuUsage();
      tiles = await prepareTiles(image, 448, plan);
      ms.push(process.cpuUsage(before).user / 1000);
    }
    expect(tiles.length).toBe(19);
    expect(Math.min(...ms)).toBeLessThan(1000);
  });
});
