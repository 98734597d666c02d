import { describe, expect, test } from 'vitest';
import type { ImagePlan } from '../../client/index.ts';
import { detailInWords, planInWords, stretchInWords } from './plan-in-words.ts';

const plan: ImagePlan = { detailed: [3, 4], adaptive: [2, 3], tiles: 19, tileSize: 448, visualTokens: 4864 };
const one: ImagePlan = { ...plan, detailed: [1, 1], adaptive: [1, 1], tiles: 1, visualTokens: 256 };
const plain = (words: string | null) => words?.replaceAll('\u00a0', ' ');
const cutOf = (cut: ImagePlan) => plain(planInWords(cut));

describe('how the image is cut', () => {
  test('two grids and an overview', () => {
    expect(cutOf(plan)).toBe(
      'This model cuts the image into 3 × 4 detailed tiles, 2 × 3 tiles of a second grid and one overview: ' +
        '19 tiles of 448 × 448 pixels, 4,864 tokens.',
    );
  });
  test('one grid', () => {
    const cut: ImagePlan = { ...plan, adaptive: [1, 1], tiles: 13, visualTokens: 3328 };
    expect(cutOf(cut)).toBe(
      'This model cuts the image into 3 × 4 detailed tiles and one overview: 13 tiles of 448 × 448 pixels, 3,328 tokens.',
    );
  });
  test('the second grid alone', () => {
    const cut: ImagePlan = { ...plan, detailed: [1, 1], tiles: 7, visualTokens: 1792 };
    expect(cutOf(cut)).toContain('into 2 × 3 tiles of a second grid and one overview: 7 tiles');
  });
  test('no grid', () => {
    expect(cutOf(one)).toBe('This model sees the image as one overview of 448 × 448 pixels, 256 tokens.');
  });
});

describe('what is lost', () => {
  const detail = (width: number, height: number, cut: ImagePlan = plan) => {
    const { words, isLost } = detailInWords({ width, height }, cut);
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
    expect(detail(1400, 2100, { ...plan, detailed: [1, 1] })[0]).toMatch(
      /^Each tile of the second grid shows 700 × 700 image pixels reduced/,
    );
    expect(detail(512, 512, one)).toEqual([
      'The overview shows 512 × 512 image pixels reduced to 448 × 448: finer detail is lost to the model.',
      true,
    ]);
  });
});

describe('changed shape', () => {
  const stretch = (width: number, height: number, cut: ImagePlan = plan) =>
    plain(stretchInWords({ width, height }, cut));
  const square: ImagePlan = { ...plan, detailed: [3, 3], adaptive: [2, 2] };

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
    expect(stretch(2000, 1000, one)).toBe(
      'The model sees the image stretched: 100 % taller in the overview.',
    );
  });
});
