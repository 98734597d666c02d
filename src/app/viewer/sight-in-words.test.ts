import { describe, expect, test } from 'vitest';
import { viewsOf } from '../../../test/support/image-views.ts';
import type { Grid, SeenView, Size } from '../../client/index.ts';
import { detailInWords, sightInWords, stretchInWords, viewsInWords } from './sight-in-words.ts';

interface Grids {
  detailed?: Grid;
  adaptive?: Grid;
}
const both: Grids = { detailed: [3, 4], adaptive: [2, 3] };
const size = { width: 2100, height: 2800 };
const plain = (words: string | null) => words?.replaceAll('\u00a0', ' ');
const cutOf = (grids: Grids) => plain(viewsInWords(viewsOf(size, grids)));

describe('how the image is cut', () => {
  test('two grids and an overview', () => {
    expect(cutOf(both)).toBe(
      'This model cuts the image into 3 × 4 detailed tiles, 2 × 3 tiles of a second grid and one overview: ' +
        '19 tiles of 448 × 448 pixels, 4,864 tokens.',
    );
  });
  test('one grid', () => {
    expect(cutOf({ detailed: [3, 4] })).toBe(
      'This model cuts the image into 3 × 4 detailed tiles and one overview: 13 tiles of 448 × 448 pixels, 3,328 tokens.',
    );
  });
  test('the second grid alone', () => {
    expect(cutOf({ adaptive: [2, 3] })).toContain(
      'into 2 × 3 tiles of a second grid and one overview: 7 tiles',
    );
  });
  test('no grid', () => {
    expect(cutOf({})).toBe('This model sees the image as one overview of 448 × 448 pixels, 256 tokens.');
  });
});

describe('what is lost', () => {
  const detail = (width: number, height: number, grids: Grids = both) => {
    const image = { width, height };
    const { words, isLost } = detailInWords(image, viewsOf(image, grids))!;
    return [plain(words), isLost];
  };

  test('a tile that covers more pixels than it has', () => {
    expect(detail(2100, 2800)).toEqual([
      'Each detailed tile shows 700 × 700 image pixels reduced to 448 × 448: finer detail is lost to the model.',
      true,
    ]);
  });
  test('in one direction only is a loss too', () => {
    expect(detail(3000, 1000)).toEqual([
      'Each detailed tile shows 1,000 × 250 image pixels reduced to 448 × 448: finer detail is lost to the model.',
      true,
    ]);
  });
  test('a tile that covers fewer is enlarged', () => {
    expect(detail(1200, 1600)).toEqual([
      'Each detailed tile shows 400 × 400 image pixels enlarged to 448 × 448. Enlarging adds no detail.',
      false,
    ]);
  });
  test('a tile of just its size changes nothing', () => {
    expect(detail(1344, 1792)).toEqual([
      'Each detailed tile shows 448 × 448 image pixels as they are.',
      false,
    ]);
  });
  test('the finest grid decides', () => {
    expect(detail(1400, 2100, { adaptive: [2, 3] })[0]).toMatch(
      /^Each tile of the second grid shows 700 × 700 image pixels reduced/,
    );
    expect(detail(512, 512, {})).toEqual([
      'The overview shows 512 × 512 image pixels reduced to 448 × 448: finer detail is lost to the model.',
      true,
    ]);
  });
});

describe('changed shape', () => {
  const stretch = (width: number, height: number, grids: Grids = both) =>
    plain(stretchInWords({ width, height }, viewsOf({ width, height }, grids)));
  const square: Grids = { detailed: [3, 3], adaptive: [2, 2] };

  test('is said of each layer, in the direction seen', () => {
    // 3 × 4 keeps 2100 × 2800; a tile of 2 × 3 covers 1050 × 933, and the overview 3 : 4, each as a square.
    expect(stretch(2100, 2800)).toBe(
      'The model sees the image stretched: 13 % taller in the second grid and 33 % wider in the overview.',
    );
  });
  test('is unsaid up to 10 %', () => {
    expect(stretch(1000, 1090, square)).toBeUndefined();
    expect(stretch(1000, 1110, square)).toBe(
      'The model sees the image stretched: 11 % wider in the detailed tiles, 11 % wider in the second grid and 11 % wider in the overview.',
    );
  });
  test('a grid that is not there is not spoken of', () => {
    expect(stretch(2000, 1000, {})).toBe('The model sees the image stretched: 100 % taller in the overview.');
  });
});

describe('what earlier versions stored', () => {
  const old: SeenView[] = viewsOf(size, both).map(({ rectangle: _, tile: __, ...view }) => view);

  test('without the size of the tiles is told without it', () => {
    expect(plain(sightInWords({ answer: 1, model: 'Seer', views: old, keptTokens: 3328 }))).toBe(
      'Seer cut the image into 3 × 4 detailed tiles, 2 × 3 tiles of a second grid and one overview: ' +
        '19 tiles, 4,864 tokens. Compressed: 3,328 of 4,864 tokens were kept and read.',
    );
    expect(detailInWords(size, old)).toBeNull();
    expect(stretchInWords(size, old)).toBe(stretchInWords(size, viewsOf(size, both)));
  });
});

describe('views of other models', () => {
  const viewOf = (view: Partial<SeenView>): SeenView => ({
    name: 'whole',
    grid: [1, 1],
    tokens: 256,
    isCompressible: false,
    ...view,
  });
  const told = (image: Size, ...views: SeenView[]) =>
    [viewsInWords(views), detailInWords(image, views)?.words ?? null, stretchInWords(image, views)].map(
      plain,
    );

  test('one square', () => {
    const whole = viewOf({ tile: { width: 896, height: 896 } });
    expect(told({ width: 1792, height: 1792 }, whole)).toEqual([
      'This model sees the image as one view “whole” of 896 × 896 pixels, 256 tokens.',
      'The view “whole” shows 1,792 × 1,792 image pixels reduced to 896 × 896: finer detail is lost to the model.',
      undefined,
    ]);
  });

  test('the image as it is, in no square', () => {
    const native = viewOf({ name: 'native', tile: { width: 1400, height: 700 }, tokens: 1250 });
    expect(told({ width: 1400, height: 700 }, native)).toEqual([
      'This model sees the image as one view “native” of 1,400 × 700 pixels, 1,250 tokens.',
      'The view “native” shows 1,400 × 700 image pixels as they are.',
      undefined,
    ]);
  });

  test('a part of it, beside the whole', () => {
    const tile = { width: 448, height: 448 };
    const whole = viewOf({ name: 'overview', tile });
    const rectangle = { x: 100, y: 200, width: 896, height: 448 };
    const region = viewOf({ name: 'quadrant', rectangle, grid: [2, 2], tile, tokens: 1024 });
    expect(told({ width: 1000, height: 1000 }, whole, region)).toEqual([
      'This model cuts the image into one overview and 2 × 2 tiles of the view “quadrant”: 5 tiles of 448 × 448 pixels, 1,280 tokens.',
      'Each tile of the view “quadrant” shows 448 × 224 image pixels enlarged to 448 × 448. Enlarging adds no detail.',
      'The model sees the image stretched: 100 % taller in the view “quadrant”.',
    ]);
    const [words] = told({ width: 1000, height: 1000 }, whole, { ...region, name: 'region' });
    expect(words).toContain('one overview and 2 × 2 tiles of the region');
    const small = { ...region, name: 'region', grid: [1, 1] as Grid, tokens: 256 };
    const [once] = told({ width: 1000, height: 1000 }, whole, small);
    expect(once).toContain('one overview and one tile of the region: 2 tiles');
  });
});
