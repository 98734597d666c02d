import { describe, expect, test } from 'vitest';
import {
  cssTransform,
  fitZoom,
  matchView,
  type Point,
  placeInFrame,
  placeInImage,
  startView,
  transformView,
  turnedSize,
  type View,
  type ViewAction,
  zoomRange,
} from './view-transform.ts';

const image = { width: 400, height: 200 };
const frame = { width: 800, height: 800 };
const apply = (view: View, ...actions: ViewAction[]) => actions.reduce(transformView, view);
const fitted = apply(startView(image), { type: 'resize', frame });

function expectPoint([x, y]: Point, [wantX, wantY]: Point): void {
  expect(x).toBeCloseTo(wantX, 9);
  expect(y).toBeCloseTo(wantY, 9);
}

/** The place in the image that lies at a point of the frame. */
function placeAt(view: View, [x, y]: Point): Point {
  const origin = placeInFrame(view, [0, 0]);
  const u = placeInFrame(view, [1, 0]);
  const v = placeInFrame(view, [0, 1]);
  const [ux, uy] = [u[0] - origin[0], u[1] - origin[1]];
  const [vx, vy] = [v[0] - origin[0], v[1] - origin[1]];
  const [px, py] = [x - origin[0], y - origin[1]];
  const area = ux * vy - uy * vx;
  return [(px * vy - py * vx) / area, (ux * py - uy * px) / area];
}

test('a measured frame shows the whole image in its middle', () => {
  expect(fitted.zoom).toBeCloseTo(1.94);
  expectPoint(placeInFrame(fitted, [0.5, 0.5]), [0, 0]);
  expectPoint(placeInFrame(fitted, [0, 0]), [-388, -194]);
  expectPoint(placeInFrame(fitted, [1, 1]), [388, 194]);
});

test('a fitted image follows the frame; one that was moved stays where it is', () => {
  const small = { width: 400, height: 400 };
  expect(apply(fitted, { type: 'resize', frame: small }).zoom).toBeCloseTo(0.97);
  const moved = apply(fitted, { type: 'pan', by: [10, 20] }, { type: 'resize', frame: small });
  expect(moved.zoom).toBe(fitted.zoom);
  expectPoint(moved.centre, [10, 20]);
});

const positions: [string, ViewAction[]][] = [
  ['upright', []],
  ['moved', [{ type: 'pan', by: [31, -57] }]],
  ['turned', [{ type: 'turn', by: 1 }]],
  ['turned back', [{ type: 'turn', by: -1 }]],
  [
    'upside down',
    [
      { type: 'turn', by: 1 },
      { type: 'turn', by: 1 },
    ],
  ],
  ['flipped', [{ type: 'flip' }]],
  ['turned, flipped and moved', [{ type: 'turn', by: 1 }, { type: 'flip' }, { type: 'pan', by: [-40, 9] }]],
];

describe.each(positions)('%s', (_, actions) => {
  const view = apply(fitted, ...actions);

  test.each([0.7, 1.25, 3])('what is at the pointer stays there at %f times the zoom', factor => {
    const at: Point = [120, -45];
    const zoomed = apply(view, { type: 'zoom-by', factor, at });
    expect(zoomed.zoom).toBeCloseTo(view.zoom * factor);
    expectPoint(placeAt(zoomed, at), placeAt(view, at));
  });

  test('what was between two fingers stays between them', () => {
    const pinched = apply(view, { type: 'pinch', factor: 1.5, from: [20, 30], to: [-15, 60] });
    expectPoint(placeAt(pinched, [-15, 60]), placeAt(view, [20, 30]));
  });

  test.each([1, -1] as const)('a turn by %i turns what is seen about the middle of the frame', by => {
    const from = apply(view, { type: 'zoom-by', factor: 1.1, at: [0, 0] });
    const turned = apply(from, { type: 'turn', by });
    for (const place of [
      [0, 0],
      [1, 0],
      [0.3, 0.8],
    ] satisfies Point[]) {
      const [x, y] = placeInFrame(from, place);
      expectPoint(placeInFrame(turned, place), by === 1 ? [-y, x] : [y, -x]);
    }
  });

  test('a flip exchanges left and right as seen', () => {
    const flipped = apply(view, { type: 'flip' });
    for (const place of [
      [0, 0],
      [1, 0],
      [0.3, 0.8],
    ] satisfies Point[]) {
      const [x, y] = placeInFrame(view, place);
      expectPoint(placeInFrame(flipped, place), [-x, y]);
    }
  });

  test('there and back changes nothing', () => {
    const back: ViewAction[][] = [
      [
        { type: 'turn', by: 1 },
        { type: 'turn', by: -1 },
      ],
      Array.from({ length: 4 }, () => ({ type: 'turn', by: 1 })),
      [{ type: 'flip' }, { type: 'flip' }],
    ];
    for (const actions of back) {
      const returned = apply(view, ...actions);
      for (const corner of [
        [0, 0],
        [1, 0],
        [0, 1],
      ] satisfies Point[]) {
        expectPoint(placeInFrame(returned, corner), placeInFrame(view, corner));
      }
    }
  });

  test('the style says where the corners are', () => {
    const pixelRatio = 1.5;
    const values = cssTransform(view, pixelRatio)
      .match(/-?[\d.]+(?:e-?\d+)?/g)!
      .map(Number);
    const [a, b, c, d, e, f] = values as [number, number, number, number, number, number];
    for (const [u, v] of [
      [0, 0],
      [1, 0],
      [0, 1],
      [1, 1],
    ] satisfies Point[]) {
      const [x, y] = placeInFrame(view, [u, v]);
      const left = (a * u * image.width + c * v * image.height + e) * pixelRatio;
      const top = (b * u * image.width + d * v * image.height + f) * pixelRatio;
      expect(Math.abs(left - (x + frame.width / 2))).toBeLessThanOrEqual(0.5 + 1e-9);
      expect(Math.abs(top - (y + frame.height / 2))).toBeLessThanOrEqual(0.5 + 1e-9);
    }
    expect(e * pixelRatio).toBeCloseTo(Math.round(e * pixelRatio), 9);
  });
});

test('turned to its side, the image fits by its other measure', () => {
  const wide = apply(startView(image), { type: 'resize', frame: { width: 800, height: 300 } });
  expect(wide.zoom).toBeCloseTo(0.97 * 1.5);
  const turned = apply(wide, { type: 'turn', by: 1 });
  expect(turnedSize(turned)).toEqual({ width: 200, height: 400 });
  expect(turned.zoom).toBeCloseTo(0.97 * 0.75);
});

test('zoom has ends, and at an end the image does not creep', () => {
  const [least, greatest] = zoomRange(fitted);
  expect([least, greatest]).toEqual([fitZoom(fitted) / 2, 32]);
  const inmost = apply(fitted, { type: 'zoom-by', factor: 1e6, at: [50, 50] });
  expect(inmost.zoom).toBe(greatest);
  expectPoint(apply(inmost, { type: 'zoom-by', factor: 2, at: [9, 9] }).centre, inmost.centre);
  expect(apply(fitted, { type: 'zoom-by', factor: 1e-6, at: [0, 0] }).zoom).toBe(least);
});

test('actual size is always within reach', () => {
  const tiny = apply(startView({ width: 8, height: 8 }), { type: 'resize', frame });
  expect(tiny.zoom).toBeCloseTo(97);
  expect(apply(tiny, { type: 'zoom-to', zoom: 1 }).zoom).toBe(1);
  const huge = apply(startView({ width: 40_000, height: 40_000 }), { type: 'resize', frame });
  expect(apply(huge, { type: 'zoom-to', zoom: 1 }).zoom).toBe(1);
});

test('the image cannot be pushed out of sight', () => {
  const pushed = apply(fitted, { type: 'pan', by: [1e9, -1e9] });
  const [left] = placeInFrame(pushed, [0, 0]);
  const [, bottom] = placeInFrame(pushed, [1, 1]);
  expect(left).toBeCloseTo(400 - 776 / 4);
  expect(bottom).toBeCloseTo(-400 + 388 / 4);
});

test('before the frame is measured, nothing is lost', () => {
  const early = apply(startView(image), { type: 'turn', by: 1 }, { type: 'fit' });
  expect(early.zoom).toBe(1);
  expect(apply(early, { type: 'resize', frame }).zoom).toBeCloseTo(1.94);
});

test('a point of the frame is led back to its place in the image, however it lies', () => {
  for (const turns of [0, 1, 2, 3] as const) {
    for (const isFlipped of [false, true]) {
      const view: View = { ...fitted, turns, isFlipped, centre: [31, -17] };
      for (const place of [
        [0, 0],
        [1, 0.25],
        [0.3, 0.9],
      ] satisfies Point[])
        expectPoint(placeInImage(view, placeInFrame(view, place)), place);
    }
  }
});

describe('another image in a pane of another size', () => {
  const other = apply(startView({ width: 100, height: 100 }), {
    type: 'resize',
    frame: { width: 300, height: 200 },
  });

  test('fits where this one fits', () => {
    expect(matchView(fitted, { ...other, zoom: 7, isFitted: false })).toEqual(other);
  });

  test('is zoomed by as much against what fits, and what is in the middle stays so', () => {
    const near = apply(fitted, { type: 'zoom-by', factor: 3, at: [40, 0] });
    const matched = matchView(near, other);
    expect(matched.zoom / fitZoom(other)).toBeCloseTo(3, 9);
    expect(matched.centre[0] / matched.zoom).toBeCloseTo(near.centre[0] / near.zoom, 9);
  });
});
