import { expect, test } from 'vitest';
import type { VisionInfo } from '../../engine/types/model.ts';
import type { TilingMode } from '../../engine/types/tiling.ts';
import { planImage } from './plan-image.ts';

const vision: VisionInfo = {
  name: 'eyes',
  parameterCount: 1,
  tileSize: 448,
  tokensPerTile: 256,
  fileBytes: 1,
  tensorTypes: ['F32'],
};

test.each<[TilingMode, ReturnType<typeof planImage>]>([
  ['msac', { detailed: [4, 3], adaptive: [3, 2], tiles: 19, tileSize: 448, visualTokens: 4864 }],
  ['dynamic', { detailed: [4, 3], adaptive: [1, 1], tiles: 13, tileSize: 448, visualTokens: 3328 }],
  ['single', { detailed: [1, 1], adaptive: [1, 1], tiles: 1, tileSize: 448, visualTokens: 256 }],
])('a large picture of four by three, %s', (mode, plan) => {
  expect(planImage({ width: 10_000, height: 7500 }, vision, { mode, preset: 'demo' })).toEqual(plan);
});
