import fc from 'fast-check';
import { expect, test } from 'vitest';
import { scaleBar } from './scale-bar.ts';

test('is of a round length that fits', () => {
  expect(scaleBar(2, 200)).toEqual({ length: 100, size: 200 });
  expect(scaleBar(2, 199)).toEqual({ length: 50, size: 100 });
  expect(scaleBar(2, 90)).toEqual({ length: 20, size: 40 });
  expect(scaleBar(100, 30)).toEqual({ length: 0.2, size: 20 });
});

test('is not drawn where there is no room or no scale', () => {
  for (const [scale, room] of [
    [0, 100],
    [2, 0],
    [Number.NaN, 100],
    [Number.POSITIVE_INFINITY, 100],
  ] as const)
    expect(scaleBar(scale, room)).toBeNull();
});

test('takes from two fifths of the room to all of it', () => {
  const figure = fc.double({ min: 1e-3, max: 1e4, noNaN: true });
  fc.assert(
    fc.property(figure, figure, (perMillimetre, room) => {
      const { size } = scaleBar(perMillimetre, room)!;
      expect(size).toBeLessThanOrEqual(room * (1 + 1e-9));
      expect(size).toBeGreaterThanOrEqual(room * 0.4 * (1 - 1e-9));
    }),
  );
});
