import { describe, expect, test } from 'vitest';
import type { ImagePoint } from '../geometry/plane.ts';
import { type Drawing, type DrawingStep, end, move, press, release } from './drawing.ts';
import type { MarkKind } from './mark.ts';

const begin = (kind: MarkKind, at: ImagePoint) => press(null, kind, at).drawing!;
const whole = (step: DrawingStep) => step.whole;

describe('with the pointer held down', () => {
  test.each<MarkKind>(['length', 'arrow', 'rectangle', 'ellipse', 'redaction'])('a %s', kind => {
    const drawing = move(begin(kind, [1, 2]), [5, 6], true);
    expect(drawing.points).toEqual([
      [1, 2],
      [5, 6],
    ]);
    expect(release(drawing, [7, 9], true)).toEqual({
      drawing: null,
      whole: [
        [1, 2],
        [7, 9],
      ],
    });
  });

  test('an angle: one arm by dragging, then a press for the other', () => {
    const arm = release(move(begin('angle', [0, 0]), [4, 0], true), [5, 0], true).drawing!;
    expect(arm.points).toHaveLength(3);
    expect(whole(press(move(arm, [5, 3]), 'angle', [5, 5]))).toEqual([
      [0, 0],
      [5, 0],
      [5, 5],
    ]);
  });

  test('an outline follows the pointer, and closes where it is let go', () => {
    let drawing = begin('freehand', [0, 0]);
    for (const at of [
      [4, 0],
      [4.1, 0],
      [4, 4],
      [0, 4],
    ] satisfies ImagePoint[])
      drawing = move(drawing, at, true);
    const points = whole(release(drawing, [0, 4], true))!;
    expect(points[0]).toEqual([0, 0]);
    expect(points.at(-1)).toEqual([0, 4]);
    expect(points.length).toBeGreaterThanOrEqual(4);
  });
});

describe('by single presses', () => {
  const click = (drawing: Drawing | null, kind: MarkKind, at: ImagePoint): DrawingStep => {
    const pressed = press(drawing, kind, at);
    return pressed.drawing ? release(pressed.drawing, at, false) : pressed;
  };

  test('a point is whole at once', () => {
    expect(whole(click(null, 'point', [3, 3]))).toEqual([[3, 3]]);
  });

  test('two for a length, three for an angle', () => {
    const first = click(null, 'length', [1, 1]).drawing;
    expect(whole(click(first, 'length', [4, 5]))).toEqual([
      [1, 1],
      [4, 5],
    ]);
    const second = click(click(null, 'angle', [1, 1]).drawing, 'angle', [4, 1]).drawing;
    expect(whole(click(second, 'angle', [4, 9]))).toEqual([
      [1, 1],
      [4, 1],
      [4, 9],
    ]);
  });

  test('corner by corner for an outline, the last one twice', () => {
    let drawing: Drawing | null = null;
    for (const at of [
      [0, 0],
      [5, 0],
      [5, 5],
    ] satisfies ImagePoint[])
      drawing = click(drawing, 'freehand', at).drawing;
    expect(whole(click(drawing, 'freehand', [5, 5]))).toEqual([
      [0, 0],
      [5, 0],
      [5, 5],
    ]);
  });

  test('another kind begins anew', () => {
    const length = click(null, 'length', [1, 1]).drawing;
    expect(press(length, 'arrow', [2, 2]).drawing).toEqual({
      kind: 'arrow',
      points: [
        [2, 2],
        [2, 2],
      ],
    });
  });
});

test('what has no size is nothing', () => {
  const flat: [MarkKind, ImagePoint[]][] = [
    [
      'length',
      [
        [1, 1],
        [1, 1],
      ],
    ],
    [
      'rectangle',
      [
        [1, 1],
        [9, 1],
      ],
    ],
    [
      'redaction',
      [
        [1, 1],
        [1, 7],
      ],
    ],
    [
      'angle',
      [
        [1, 1],
        [1, 1],
        [5, 5],
      ],
    ],
    [
      'freehand',
      [
        [1, 1],
        [3, 1],
        [3, 1],
      ],
    ],
  ];
  for (const [kind, points] of flat) expect(end({ kind, points })).toEqual({ drawing: null, whole: null });
});
