import { expect, test } from 'vitest';
import { gridOf, layersOf, tileLines } from './tile-lines.ts';

const plan = {
  detailed: [3, 4],
  adaptive: [2, 3],
  tiles: 19,
  tileSize: 448,
  visualTokens: 4864,
} as const;

test('the layers are those that the plan has', () => {
  expect(layersOf(plan)).toEqual(['off', 'detailed', 'adaptive', 'overview']);
  expect(layersOf({ ...plan, adaptive: [1, 1] })).toEqual(['off', 'detailed', 'overview']);
  expect(layersOf({ ...plan, detailed: [1, 1], adaptive: [1, 1] })).toEqual(['off', 'overview']);
  expect(layersOf(null)).toEqual(['off']);
});

test('each layer has its grid', () => {
  expect(gridOf(plan, 'detailed')).toEqual([3, 4]);
  expect(gridOf(plan, 'adaptive')).toEqual([2, 3]);
  expect(gridOf(plan, 'overview')).toEqual([1, 1]);
  expect(gridOf(plan, 'off')).toBeNull();
  expect(gridOf(null, 'detailed')).toBeNull();
});

test('the cuts lie evenly over the image, its edges included', () => {
  const lines = tileLines([3, 4]);
  expect(lines.slice(0, 4)).toEqual(
    [0, 1 / 3, 2 / 3, 1].map(u => [
      [u, 0],
      [u, 1],
    ]),
  );
  expect(lines.slice(4)).toEqual(
    [0, 0.25, 0.5, 0.75, 1].map(v => [
      [0, v],
      [1, v],
    ]),
  );
  expect(tileLines([1, 1])).toHaveLength(4);
});
