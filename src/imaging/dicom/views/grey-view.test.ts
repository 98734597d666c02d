import { expect, test } from 'vitest';
import { isFlatThrough, rangeOf } from './grey-view.ts';

/** A prime: whatever their distance, so many others find room. */
const pixels = 100_003;
const asIs = (value: number) => value;
/** All 7, but for so many that are spread over the picture by `step`. */
function spread(others: number, step: number): Uint16Array {
  const values = new Uint16Array(pixels).fill(7);
  for (let at = 0, placed = 0; placed < others; at = (at + step) % pixels) {
    if (values[at] !== 7) continue;
    values[at] = 9;
    placed += 1;
  }
  return values;
}

test.each([1, 64, 977])(
  'flat is what has 999 in 1000 pixels of one grey, wherever the others lie (%i apart)',
  step => {
    expect(isFlatThrough(spread(100, step), asIs)).toBe(true);
    expect(isFlatThrough(spread(101, step), asIs)).toBe(false);
    // By the grey that is seen, not by the value.
    expect(isFlatThrough(spread(50_000, step), value => value / 100)).toBe(true);
  },
);

test('what is not a number is black', () => {
  expect(isFlatThrough(Float32Array.of(Number.NaN, 0, 0.2), asIs)).toBe(true);
});

test.each([
  ['signed', Int16Array.of(-3, 5, 0), { least: -3, greatest: 5 }],
  ['large', Uint32Array.of(4_000_000_000, 1), { least: 1, greatest: 4_000_000_000 }],
  ['floats, without what is none', Float64Array.of(Number.NaN, 0.5, -0.25), { least: -0.25, greatest: 0.5 }],
])('the range of values that are %s', (_, stored, range) => {
  expect(rangeOf(stored)).toEqual(range);
});

test('padding is left out of a range, but where there is nothing else', () => {
  const padding = { least: -2000, greatest: -2000 };
  expect(rangeOf(Int16Array.of(-2000, 3, 4), padding)).toEqual({ least: 3, greatest: 4 });
  expect(rangeOf(Int16Array.of(-2000, -2000), padding)).toEqual(padding);
});
