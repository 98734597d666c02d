import { expect, test } from 'vitest';
import { boundsOf, pixelBounds } from './bounds.ts';
import { intersectionOverUnion } from './overlap.ts';

const image = { width: 30, height: 20 };

test('the box around each shape', () => {
  const extent = { x: 1, y: 2, width: 3, height: 4 };
  expect(boundsOf({ kind: 'box', extent })).toEqual(extent);
  expect(boundsOf({ kind: 'ellipse', extent })).toEqual(extent);
  expect(
    boundsOf({
      kind: 'freehand',
      points: [
        [5, 6],
        [1.5, 9],
        [3, 2],
      ],
    }),
  ).toEqual({ x: 1.5, y: 2, width: 3.5, height: 7 });
  expect(boundsOf({ kind: 'arrow', from: [1, 1], to: [9, 8] })).toEqual({ x: 9, y: 8, width: 0, height: 0 });
  expect(boundsOf({ kind: 'point', at: [3, 4] })).toEqual({ x: 3, y: 4, width: 0, height: 0 });
});

test('whole pixels, all that a mark touches and at least one, inside the image', () => {
  const box = (x: number, y: number, width: number, height: number) =>
    pixelBounds({ kind: 'box', extent: { x, y, width, height } }, image);
  expect(box(1.5, 2, 3, 4)).toEqual({ x: 1, y: 2, width: 4, height: 4 });
  expect(box(0, 0, 30, 20)).toEqual({ x: 0, y: 0, ...image });
  expect(box(25, 15, 100, 100)).toEqual({ x: 25, y: 15, width: 5, height: 5 });
  expect(box(30, 20, 0, 0)).toEqual({ x: 29, y: 19, width: 1, height: 1 });
  expect(box(31, 2, 3, 4)).toBeUndefined();
  expect(pixelBounds({ kind: 'point', at: [3.5, 4] }, image)).toEqual({ x: 3, y: 4, width: 1, height: 1 });
  expect(pixelBounds({ kind: 'point', at: [3.5, 24] }, image)).toBeUndefined();
});

test('intersection over union', () => {
  const a = { x: 0, y: 0, width: 10, height: 10 };
  expect(intersectionOverUnion(a, a)).toBe(1);
  expect(intersectionOverUnion(a, { ...a, x: 5 })).toBeCloseTo(1 / 3, 12);
  expect(intersectionOverUnion(a, { x: 5, y: 5, width: 10, height: 10 })).toBeCloseTo(25 / 175, 12);
  expect(intersectionOverUnion(a, { ...a, x: 10 })).toBe(0);
  expect(intersectionOverUnion(a, { ...a, y: -20 })).toBe(0);
  expect(intersectionOverUnion({ ...a, width: 0 }, { ...a, width: 0 })).toBe(0);
});
