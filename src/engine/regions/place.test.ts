import { expect, test } from 'vitest';
import type { ImagePresentation } from '../types/presentation.ts';
import { findPoint, findRectangle, placePoint, placeRectangle, placeShape } from './place.ts';

const size = { width: 30, height: 20 };
const turnings = [0, 1, 2, 3].flatMap(turns =>
  [false, true].map(isFlipped => ({ turns: turns as ImagePresentation['turns'], isFlipped })),
);

test('the upper left corner goes round clockwise, and is then exchanged from side to side', () => {
  expect(turnings.map(turning => placePoint([1, 2], size, turning))).toEqual([
    ...[
      [1, 2],
      [29, 2],
    ],
    ...[
      [18, 1],
      [2, 1],
    ],
    ...[
      [29, 18],
      [1, 18],
    ],
    ...[
      [2, 29],
      [18, 29],
    ],
  ]);
});

test('a rectangle lies where its pixels do', () => {
  const rectangle = { x: 1, y: 2, width: 5, height: 3 };
  expect(placeRectangle(rectangle, size, { turns: 1, isFlipped: false })).toEqual({
    ...{ x: 15, y: 1, width: 3, height: 5 },
  });
  expect(placeRectangle(rectangle, size, { turns: 0, isFlipped: true })).toEqual({
    ...{ x: 24, y: 2, width: 5, height: 3 },
  });
});

test('what was placed is found again', () => {
  const rectangle = { x: 1, y: 2, width: 5, height: 3 };
  for (const turning of turnings) {
    expect(findPoint(placePoint([3, 7.5], size, turning), size, turning)).toEqual([3, 7.5]);
    expect(findRectangle(placeRectangle(rectangle, size, turning), size, turning)).toEqual(rectangle);
  }
});

test('a mark of every kind lies where its points do', () => {
  const turning = { turns: 1, isFlipped: false } as const;
  const at = (x: number, y: number) => placePoint([x, y], size, turning);
  const extent = { x: 1, y: 2, width: 5, height: 3 };
  const placed = placeRectangle(extent, size, turning);
  expect(placeShape({ kind: 'ellipse', extent }, size, turning)).toEqual({ kind: 'ellipse', extent: placed });
  expect(placeShape({ kind: 'point', at: [1, 2] }, size, turning)).toEqual({ kind: 'point', at: at(1, 2) });
  expect(placeShape({ kind: 'arrow', from: [1, 2], to: [3, 4] }, size, turning)).toEqual({
    ...{ kind: 'arrow', from: at(1, 2), to: at(3, 4) },
  });
  const points = [
    [1, 2],
    [3, 4],
    [5, 1],
  ] as const;
  for (const kind of ['freehand', 'angle'] as const) {
    const moved = points.map(([x, y]) => at(x, y));
    expect(placeShape({ kind, points }, size, turning)).toEqual({ kind, points: moved });
  }
});
