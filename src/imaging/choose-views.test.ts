import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { gridOf, viewsOf } from '../../test/support/image-views.ts';
import { countTiles, countTokens } from '../engine/types/image-views.ts';
import type { TilingPreset } from '../engine/types/tiling.ts';
import { chooseViews } from './choose-views.ts';
import { msacPresets } from './grids.ts';

const encoder = { tileSize: 448, tokensPerTile: 256 };
const msac = { mode: 'msac', preset: 'demo' } as const;
const dynamic = { mode: 'dynamic', preset: 'demo' } as const;
const single = { mode: 'single', preset: 'demo' } as const;

describe('a large picture of four by three', () => {
  const size = { width: 10_000, height: 7500 };
  test.each([
    [msac, { detailed: [4, 3], adaptive: [3, 2] }, 19, 4864],
    [dynamic, { detailed: [4, 3] }, 13, 3328],
    [single, {}, 1, 256],
  ] as const)('%j', (tiling, grids, tiles, tokens) => {
    const views = chooseViews(size, encoder, tiling);
    expect(views).toEqual(viewsOf(size, grids));
    expect([countTiles(views), countTokens(views)]).toEqual([tiles, tokens]);
  });
});

it('shows no grid of one tile: the overview shows as much', () => {
  const size = { width: 448, height: 448 };
  expect(chooseViews(size, encoder, dynamic).map(({ name }) => name)).toEqual(['overview']);
  expect(gridOf(chooseViews({ width: 896, height: 448 }, encoder, dynamic), 'detailed')).toEqual([2, 1]);
});

const presets = Object.keys(msacPresets) as TilingPreset[];
const side = fc.integer({ min: 16, max: 20_000 });

test('of any image, in any setting: the whole image, each view by another name, a tile as many tokens as another', () => {
  fc.assert(
    fc.property(
      fc.record({ width: side, height: side }),
      fc.record({ mode: fc.constantFrom('msac', 'dynamic', 'single'), preset: fc.constantFrom(...presets) }),
      fc.record({
        tileSize: fc.constantFrom(112, 448, 896),
        tokensPerTile: fc.integer({ min: 1, max: 4096 }),
      }),
      (size, tiling, model) => {
        const views = chooseViews(size, model, tiling);
        expect(new Set(views.map(({ name }) => name)).size).toBe(views.length);
        expect(countTokens(views)).toBe(countTiles(views) * model.tokensPerTile);
        for (const { rectangle, tile } of views) {
          expect(rectangle).toEqual({ x: 0, y: 0, ...size });
          expect(tile).toEqual({ width: model.tileSize, height: model.tileSize });
        }
        expect(views.at(-1)).toMatchObject({ name: 'overview', grid: [1, 1], isCompressible: false });
        expect(views.slice(0, -1).every(view => countTiles([view]) > 1)).toBe(true);
        expect(views.filter(({ isCompressible }) => isCompressible).map(({ name }) => name)).toEqual(
          views.length > 1 && views[0]!.name === 'detailed' ? ['detailed'] : [],
        );
      },
    ),
  );
});
