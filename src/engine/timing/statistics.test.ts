import { expect, test } from 'vitest';
import { median, percentile, rateOf, spreadOf } from './statistics.ts';

test('percentiles lie between neighbours', () => {
  const values = [50, 10, 40, 20, 30];
  expect(percentile(values, 0)).toBe(10);
  expect(percentile(values, 0.1)).toBeCloseTo(14);
  expect(percentile(values, 0.5)).toBe(30);
  expect(percentile(values, 0.9)).toBeCloseTo(46);
  expect(percentile(values, 1)).toBe(50);
  expect(values).toEqual([50, 10, 40, 20, 30]);
});

test('the median of an even number of values is the mean of the middle two', () => {
  expect(median([4, 1, 3, 2])).toBe(2.5);
});

test('one value is its own spread, and none is refused', () => {
  expect(spreadOf([7])).toEqual({ median: 7, p10: 7, p90: 7, runs: 1 });
  expect(() => spreadOf([])).toThrow(RangeError);
});

test('numbers are not sorted as text', () => {
  expect(median([9, 10, 100])).toBe(10);
});

test('the slow tenth of a rate comes from the long times', () => {
  expect(rateOf(100, { median: 10, p10: 5, p90: 20, runs: 9 })).toEqual({
    median: 10,
    p10: 5,
    p90: 20,
    runs: 9,
  });
});
