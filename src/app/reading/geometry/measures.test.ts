import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { angleAt, lengthBetween, perimeterOf } from './measures.ts';
import { type ImagePoint, type ImageScale, squarePixels } from './plane.ts';

const spaced = (row: number, column: number): ImageScale => ({
  spacing: { row, column, at: 'patient' },
  aspect: 1,
});

describe('a length', () => {
  test('of a 3-4-5 triangle, in pixels and in millimetres', () => {
    expect(lengthBetween([10, 10], [13, 14], squarePixels)).toBe(5);
    expect(lengthBetween([10, 10], [13, 14], spaced(0.5, 0.5))).toBe(2.5);
  });

  test('of pixels that are not square: rows lie twice as far apart', () => {
    expect(lengthBetween([0, 0], [3, 2], spaced(2, 1))).toBe(5);
    expect(lengthBetween([0, 0], [3, 2], { spacing: null, aspect: 2 })).toBe(5);
  });

  test('between the edges of a disc of known diameter is right within half a pixel', () => {
    // Pixels are inside where their centres are, as they are drawn in a phantom.
    const [radius, middle] = [20.3, 32];
    const inside = (x: number) => Math.abs(x + 0.5 - middle) <= radius;
    const columns = Array.from({ length: 64 }, (_, x) => x).filter(inside);
    const measured = lengthBetween([columns[0]!, middle], [columns.at(-1)! + 1, middle], spaced(0.7, 0.7));
    expect(Math.abs(measured - 2 * radius * 0.7)).toBeLessThanOrEqual(0.5 * 0.7 * 2);
    expect(Math.abs(measured / 0.7 / 2 - radius)).toBeLessThanOrEqual(0.5);
  });
});

describe('an angle', () => {
  test('of 90, 45, 180 and nearly 0 degrees', () => {
    expect(angleAt([0, 0], [5, 0], [0, 9], squarePixels)).toBe(90);
    expect(angleAt([1, 1], [4, 1], [3, 3], squarePixels)).toBeCloseTo(45, 10);
    expect(angleAt([0, 0], [-2, 0], [7, 0], squarePixels)).toBe(180);
    expect(angleAt([0, 0], [1, 0], [1, 1e-9], squarePixels)).toBeCloseTo((1e-9 * 180) / Math.PI, 15);
  });

  test('is of the patient, not of the grid', () => {
    expect(angleAt([0, 0], [1, 0], [1, 1], spaced(Math.sqrt(3), 1))).toBeCloseTo(60, 10);
  });

  test('without an arm is none', () => {
    expect(angleAt([1, 1], [1, 1], [2, 2], squarePixels)).toBeNaN();
  });

  test('does not change with the order of its arms, or where it is', () => {
    const place = fc.integer({ min: -500, max: 500 });
    const point: fc.Arbitrary<ImagePoint> = fc.tuple(place, place);
    fc.assert(
      fc.property(point, point, point, point, (vertex, a, b, by) => {
        const moved = [vertex, a, b].map(([x, y]): ImagePoint => [x + by[0], y + by[1]]);
        const angle = angleAt(vertex, a, b, squarePixels);
        expect(angleAt(vertex, b, a, squarePixels)).toBe(angle);
        expect(angleAt(moved[0]!, moved[1]!, moved[2]!, squarePixels)).toBe(angle);
      }),
    );
  });
});

test('the way around a rectangle', () => {
  const corners: ImagePoint[] = [
    [0, 0],
    [4, 0],
    [4, 3],
    [0, 3],
  ];
  expect(perimeterOf(corners, squarePixels)).toBe(14);
  expect(perimeterOf(corners, spaced(2, 1))).toBe(20);
});
