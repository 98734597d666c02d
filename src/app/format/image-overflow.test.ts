import { expect, test } from 'vitest';
import type { TilingSettings } from '../../client/index.ts';
import { visionInfo } from '../testing/fixtures.ts';
import { imageOverflowInWords } from './image-overflow.ts';

const vision = { ...visionInfo, tileSize: 448, tokensPerTile: 256 };
/** 19 tiles cut twice, 13 cut once. */
const scan = { width: 2000, height: 1500 };
const scans = (count: number) => Array.from({ length: count }, () => scan);
const twice: TilingSettings = { mode: 'msac', preset: 'demo' };

const words = (count: number, contextTokens = 8192, tiling = twice) =>
  imageOverflowInWords(scans(count), { vision, contextTokens }, tiling);

test('images that fit, with room for a question, are left unsaid', () => {
  expect(words(0)).toBeNull();
  expect(words(1)).toBeNull();
  expect(words(2, 9728 + 256)).toBeNull();
  expect(words(2, 9728 + 255)).toContain('take 9,728 tokens; this model reads 9,983 at once');
});

test('what a model without eyes reads is not counted', () => {
  expect(imageOverflowInWords(scans(8), { contextTokens: 2048 }, twice)).toBeNull();
});

test.each<[string, number, number, TilingSettings['mode'], string]>([
  ['any lesser cut fits', 2, 8192, 'msac', 'Remove one, or choose “Cut once” or “Not cut” in the settings.'],
  ['only whole images fit', 3, 8192, 'msac', 'Remove some, or choose “Not cut” in the settings.'],
  ['cut once already', 3, 8192, 'dynamic', 'Remove one, or choose “Not cut” in the settings.'],
  ['nothing is left to cut', 8, 2048, 'single', 'Remove one.'],
  ['one image', 1, 2048, 'msac', 'Choose “Not cut” in the settings.'],
  ['one image, whole', 1, 300, 'single', 'Choose a model that reads more at once.'],
])('the way out is one that helps: %s', (_, count, contextTokens, mode, advice) => {
  const said = words(count, contextTokens, { ...twice, mode });
  expect(said?.slice(said.indexOf('. ') + 2)).toBe(advice);
});

test('the whole of it, for several and for one', () => {
  expect(words(2)).toBe(
    'These images take 9,728 tokens; this model reads 8,192 at once, question and answer included. ' +
      'Remove one, or choose “Cut once” or “Not cut” in the settings.',
  );
  expect(words(1, 2048)).toContain('This image takes 4,864 tokens; this model reads 2,048 at once');
});
