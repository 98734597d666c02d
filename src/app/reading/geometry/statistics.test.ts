import { describe, expect, test } from 'vitest';
import { type ImagePoint, squarePixels } from './plane.ts';
import { type Region, spansOf } from './regions.ts';
import { regionStatistics, type ValueGrid } from './statistics.ts';

const [width, height] = [40, 30];

function grid(value: (x: number, y: number) => number): ValueGrid {
  const values = Float64Array.from({ length: width * height }, (_, at) =>
    value(at % width, Math.floor(at / width)),
  );
  return { width, height, values };
}

const box = (x0: number, y0: number, x1: number, y1: number): Region => ({
  shape: 'rectangle',
  corners: [
    [x0, y0],
    [x1, y1],
  ],
});

/** A phantom known by its formula. */
const slope = (x: number, y: number) => 3 * x - 7 * y + 1000;

describe('a rectangle', () => {
  test('over a slope: mean and deviation as its formula has them', () => {
    const found = regionStatistics(box(4, 6, 14, 11), grid(slope), squarePixels)!;
    // Columns 4 to 13, rows 6 to 10: the mean of a slope is its value in the middle, variances add up, (n² - 1) / 12 each.
    expect(found.count).toBe(50);
    expect(Math.abs(found.mean - slope(8.5, 8))).toBeLessThan(1e-6);
    expect(Math.abs(found.deviation - Math.sqrt((9 * 99 + 49 * 24) / 12))).toBeLessThan(1e-6);
    expect([found.min, found.max]).toEqual([slope(4, 10), slope(13, 6)]);
    expect(found.area).toBeNull();
  });

  test('drawn from any corner is the same', () => {
    const all = [box(4, 6, 14, 11), box(14, 11, 4, 6), box(4, 11, 14, 6), box(14, 6, 4, 11)];
    const found = all.map(each => regionStatistics(each, grid(slope), squarePixels));
    expect(new Set(found.map(each => JSON.stringify(each))).size).toBe(1);
  });

  test('takes the pixels whose centres it covers, and of its neighbour none of them', () => {
    expect(spansOf(box(1.4, 0, 3.6, 1), width, height)).toEqual([{ row: 0, from: 1, to: 4 }]);
    expect(spansOf(box(1.6, 0, 3.4, 1), width, height)).toEqual([{ row: 0, from: 2, to: 3 }]);
    expect(spansOf(box(0, 0, 2.5, 1), width, height)).toEqual([{ row: 0, from: 0, to: 2 }]);
    expect(spansOf(box(2.5, 0, 5, 1), width, height)).toEqual([{ row: 0, from: 2, to: 5 }]);
  });

  test('reaching over the edge of the image ends there', () => {
    expect(regionStatistics(box(-9, -9, 2, 2), grid(slope), squarePixels)!.count).toBe(4);
    expect(regionStatistics(box(50, 50, 60, 60), grid(slope), squarePixels)).toBeNull();
  });

  test('of no size holds nothing', () => {
    expect(regionStatistics(box(5, 5, 5, 5), grid(slope), squarePixels)).toBeNull();
  });

  test('has an area where the spacing is known', () => {
    const scale = { spacing: { row: 0.5, column: 0.25, at: 'patient' }, aspect: 1 } as const;
    expect(regionStatistics(box(0, 0, 4, 4), grid(slope), scale)!.area).toBe(2);
  });

  test('over large values loses nothing of small differences', () => {
    const found = regionStatistics(
      box(0, 0, 10, 10),
      grid(x => 1e9 + (x % 2)),
      squarePixels,
    )!;
    expect(found.mean - 1e9).toBeCloseTo(0.5, 6);
    expect(found.deviation).toBeCloseTo(0.5, 6);
  });
});

describe('an ellipse', () => {
  const ellipse: Region = {
    shape: 'ellipse',
    corners: [
      [5, 5],
      [25, 19],
    ],
  };

  test('holds exactly the pixels whose centres fulfil its equation', () => {
    const inside = new Set(
      spansOf(ellipse, width, height).flatMap(({ row, from, to }) =>
        Array.from({ length: to - from }, (_, at) => row * width + from + at),
      ),
    );
    for (let y = 0; y < height; y++)
      for (let x = 0; x < width; x++) {
        const distance = ((x + 0.5 - 15) / 10) ** 2 + ((y + 0.5 - 12) / 7) ** 2;
        if (Math.abs(distance - 1) > 1e-9) expect(inside.has(y * width + x)).toBe(distance < 1);
      }
  });

  test('over a slope has the value of its middle as mean', () => {
    const found = regionStatistics(ellipse, grid(slope), squarePixels)!;
    expect(Math.abs(found.mean - slope(14.5, 11.5))).toBeLessThan(1e-6);
  });
});

describe('a freehand region', () => {
  const points: ImagePoint[] = [
    [5, 5],
    [25, 5],
    [25, 15],
    [5, 15],
  ];

  test('around a rectangle is that rectangle', () => {
    expect(spansOf({ shape: 'freehand', points }, width, height)).toEqual(
      spansOf(box(5, 5, 25, 15), width, height),
    );
  });

  test('with a hollow leaves it out', () => {
    const hollow: ImagePoint[] = [
      [0, 0],
      [9, 0],
      [9, 6],
      [6, 6],
      [6, 2],
      [3, 2],
      [3, 6],
      [0, 6],
    ];
    const row = spansOf({ shape: 'freehand', points: hollow }, width, height).filter(span => span.row === 4);
    expect(row).toEqual([
      { row: 4, from: 0, to: 3 },
      { row: 4, from: 6, to: 9 },
    ]);
  });

  test('that crosses itself leaves out what it goes around twice', () => {
    const twice = [...points, ...points];
    expect(
      spansOf({ shape: 'freehand', points: twice }, width, height).every(({ from, to }) => from === to),
    ).toBe(true);
  });

  test('of a point or a line holds nothing', () => {
    expect(spansOf({ shape: 'freehand', points: [] }, width, height)).toEqual([]);
    expect(spansOf({ shape: 'freehand', points: points.slice(0, 2) }, width, height)).toEqual([]);
  });
});
