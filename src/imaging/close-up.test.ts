import { expect, test } from 'vitest';
import { seededRandom } from '../../test/support/random.ts';
import { countTiles } from '../engine/types/image-views.ts';
import { closeUpOf } from './close-up.ts';

const image = { width: 2000, height: 1500 };
const tile = 448;

test('a region of a tile or less is one tile, no more than four times enlarged', () => {
  expect(closeUpOf({ x: 300, y: 200, width: 448, height: 448 }, image, tile)).toEqual({
    grid: [1, 1],
    rectangle: { x: 300, y: 200, width: 448, height: 448 },
  });
  expect(closeUpOf({ x: 1000, y: 700, width: 1, height: 1 }, image, tile)).toEqual({
    grid: [1, 1],
    rectangle: { x: 945, y: 645, width: 112, height: 112 },
  });
});

test('a long one gets what is around it, so that it is not stretched', () => {
  const { grid, rectangle } = closeUpOf({ x: 300, y: 700, width: 400, height: 40 }, image, tile);
  expect([grid, rectangle]).toEqual([[1, 1], { x: 300, y: 520, width: 400, height: 400 }]);
});

test('a large one is cut into as many tiles as show every pixel', () => {
  const { grid, rectangle } = closeUpOf({ x: 100, y: 100, width: 900, height: 800 }, image, tile);
  expect(grid).toEqual([3, 2]);
  expect(rectangle.width / 3).toBeCloseTo(rectangle.height / 2, 0);
  expect(rectangle.width / 3).toBeLessThanOrEqual(tile);
});

test('never more than six tiles, within the image, around all of the region', () => {
  const random = seededRandom(7);
  const draw = (end: number) => Math.floor(random() * end);
  for (let i = 0; i < 500; i++) {
    const size = { width: 16 + draw(3000), height: 16 + draw(3000) };
    const x = draw(size.width);
    const y = draw(size.height);
    const region = { x, y, width: 1 + draw(size.width - x), height: 1 + draw(size.height - y) };
    const { grid, rectangle: shown } = closeUpOf(region, size, tile);
    expect(countTiles([{ grid }])).toBeLessThanOrEqual(6);
    expect(Object.values(shown).every(Number.isInteger)).toBe(true);
    const isAround =
      shown.x <= region.x &&
      shown.y <= region.y &&
      shown.x + shown.width >= region.x + region.width &&
      shown.y + shown.height >= region.y + region.height;
    const isWithin =
      shown.x >= 0 &&
      shown.y >= 0 &&
      shown.x + shown.width <= size.width &&
      shown.y + shown.height <= size.height;
    expect([i, isAround, isWithin]).toEqual([i, true, true]);
  }
});
