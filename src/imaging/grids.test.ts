import { describe, expect, it } from 'vitest';
import { fixture, readJson } from '../../test/support/data.ts';
import { candidateGrids, closestGrid, type Grid, msacGrids, msacPresets, type TileRange } from './grids.ts';

interface Preset {
  detailed_range: TileRange;
  adaptive_range: TileRange | null;
  tile: number;
  rows: [number, number, Grid, Grid | null][];
}
const { presets } = readJson<{ presets: Record<string, Preset> }>(fixture('golden/golden-msac-grids.json'));

describe('tile grids', () => {
  it.each(Object.entries(presets))('%s: every grid of the reference', (name, preset) => {
    const { detailed_range, adaptive_range, tile, rows } = preset;
    for (const [width, height, detailed, adaptive] of rows) {
      const found = adaptive_range
        ? msacGrids(width, height, tile, detailed_range, adaptive_range)
        : { detailed: closestGrid(candidateGrids(detailed_range), width, height, tile), adaptive: null };
      expect([width, height, found.detailed, found.adaptive]).toEqual([width, height, detailed, adaptive]);
    }
    const own = (msacPresets as Record<string, { detailed: TileRange; adaptive: TileRange }>)[name];
    if (own) expect([own.detailed, own.adaptive]).toEqual([detailed_range, adaptive_range]);
  });

  it("lists candidates in CPython's order", () => {
    const text = candidateGrids([1, 12])
      .slice(0, 14)
      .map(([columns, rows]) => `${columns},${rows}`)
      .join(' ');
    expect(text).toBe('1,1 1,2 2,1 3,1 1,3 2,2 4,1 1,4 5,1 1,5 1,6 6,1 3,2 2,3');
  });
});
