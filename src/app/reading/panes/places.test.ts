import { expect, test } from 'vitest';
import { type Point, startView, transformView, type View } from '../../viewer/view-transform.ts';
import { imagePoint, panePoint, stepInImage } from './places.ts';

const grid = { width: 60, height: 40 };
const base = transformView(startView({ width: 60, height: 80 }), {
  type: 'resize',
  frame: { width: 500, height: 300 },
});
const views = ([0, 1, 2, 3] as const).flatMap(turns =>
  [false, true].map((isFlipped): View => ({ ...base, turns, isFlipped, centre: [12, -30], zoom: 2.5 })),
);

test('a point of the image is found again on the pane, however it lies', () => {
  for (const view of views)
    for (const at of [
      [0, 0],
      [60, 40],
      [12.5, 7.25],
    ] satisfies Point[]) {
      const [left, top] = panePoint(view, at, grid, 2);
      const back = imagePoint(view, [left * 2 - 250, top * 2 - 150], grid);
      expect(back[0]).toBeCloseTo(at[0], 9);
      expect(back[1]).toBeCloseTo(at[1], 9);
    }
});

test('a step to the right goes to the right as seen', () => {
  for (const view of views)
    for (const direction of [
      [1, 0],
      [0, 1],
    ] satisfies Point[]) {
      const [x, y] = stepInImage(view, direction);
      const from = panePoint(view, [30, 20], grid, 1);
      const to = panePoint(view, [30 + x, 20 + y], grid, 1);
      expect(Math.sign(Math.round(to[0] - from[0]))).toBe(direction[0]);
      expect(Math.sign(Math.round(to[1] - from[1]))).toBe(direction[1]);
    }
});
