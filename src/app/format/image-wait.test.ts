import { expect, test } from 'vitest';
import type { ModelInfo, TilingSettings } from '../../client/index.ts';
import { gpuReport, modelPlan, processorReport, visionInfo } from '../testing/fixtures.ts';
import { imageWaitInWords } from './image-wait.ts';

/** Mini-Monkey's encoder, 362 billion multiply-adds a tile, before a model of 1.5 billion weights in its layers. */
const vision = { ...visionInfo, tileSize: 448, tokensPerTile: 256 };
const work = {
  layerWeights: 1.5e9,
  headWeights: 0.19e9,
  bytesPerWeight: 0.5625,
  attention: 98_304,
  cached: 49_152,
  tile: { multiplyAdds: 362e9, tokens: 256 },
};
const plan = { ...modelPlan, work };
/** 19 tiles cut twice, 13 cut once. */
const scan = { width: 2000, height: 1500 };
const twice: TilingSettings = { mode: 'msac', preset: 'demo' };

const on = (multiplyAddsPerSecond: number): Pick<ModelInfo, 'vision' | 'device' | 'plan'> => {
  const rates = { weightsPerSecond: 5e9, multiplyAddsPerSecond };
  return {
    vision,
    plan,
    device: { ...processorReport, processor: { ...processorReport.processor!, rates } },
  };
};
const words = (multiplyAddsPerSecond: number, { count = 1, tiling = twice, compressImages = false } = {}) =>
  imageWaitInWords(
    Array.from({ length: count }, () => scan),
    on(multiplyAddsPerSecond),
    { tiling, compressImages },
  );

test('what is long is said with the cut that is quicker', () => {
  // 19 x 362e9 for the tiles and 8.5e12 to read 4864 tokens.
  expect(words(40e9)).toBe(
    'This image takes about 6 minutes on this device’s processor before the answer begins. ' +
      'With “Not cut” in the settings, and less detail: about 19 seconds.',
  );
  expect(words(40e9, { count: 2 })).toContain('These images take about 14 minutes');
});

test('where nothing is quicker by half, the wait alone is said', () => {
  const whole: TilingSettings = { ...twice, mode: 'single' };
  expect(words(10e9, { tiling: whole })).toBe(
    'This image takes about 1 minute on this device’s processor before the answer begins.',
  );
});

test('compression shortens the reading', () => {
  expect(words(40e9, { compressImages: true })).toContain('about 5 minutes');
});

test('nothing is said of a short wait, of no image, of a model without eyes, or of a GPU', () => {
  expect(words(1000e9)).toBeNull();
  expect(words(40e9, { count: 0 })).toBeNull();
  const shown = { tiling: twice, compressImages: false };
  expect(imageWaitInWords([scan], { plan, device: on(40e9).device }, shown)).toBeNull();
  expect(imageWaitInWords([scan], { vision, plan, device: gpuReport }, shown)).toBeNull();
  expect(words(0)).toBeNull();
});
