import { expect, test } from 'vitest';
import { grown, holds, rowAt, rowsBetween, rowTops, widened } from './row-range.ts';

const tops = rowTops([100, 50, 200, 10, 40]);

test('rows begin where those before them end', () => {
  expect(tops).toEqual([0, 100, 150, 350, 360, 400]);
  expect(rowTops([])).toEqual([0]);
});

test.each([
  [-5, 0],
  [0, 0],
  [99, 0],
  [100, 1],
  [349, 2],
  [355, 3],
  [399, 4],
  [1000, 4],
])('at %i px lies row %i', (top, row) => {
  expect(rowAt(tops, top)).toBe(row);
});

test('rows that are seen in part are among those between', () => {
  expect(rowsBetween(tops, 120, 351)).toEqual({ from: 1, to: 4 });
  expect(rowsBetween(tops, -900, -300)).toEqual({ from: 0, to: 1 });
  expect(rowsBetween([0], 0, 500)).toEqual({ from: 0, to: 0 });
});

test('what is built grows by what has to be there, and gives up what lies beyond', () => {
  const most = { from: 10, to: 40 };
  expect(widened({ from: 5, to: 20 }, { from: 18, to: 25 }, most)).toEqual({ from: 10, to: 25 });
  expect(widened({ from: 20, to: 60 }, { from: 18, to: 25 }, most)).toEqual({ from: 18, to: 40 });
  expect(widened({ from: 90, to: 99 }, { from: 18, to: 25 }, most)).toEqual({ from: 18, to: 25 });
});

test('steps lead to all that is wanted, and end there', () => {
  const wanted = { from: 3, to: 20 };
  let range = { from: 9, to: 12 };
  let steps = 0;
  while (!holds(range, wanted)) {
    const next = grown(range, wanted, 4);
    expect(holds(next, range)).toBe(true);
    expect(next.to - next.from - (range.to - range.from)).toBeLessThanOrEqual(4);
    range = next;
    steps++;
  }
  expect(range).toEqual(wanted);
  expect(steps).toBe(4);
  expect(grown(range, wanted, 4)).toBe(range);
});
