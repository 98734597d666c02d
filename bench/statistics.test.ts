import { expect, test } from 'vitest';
import { spreadOf as spreadOfCli } from '../src/engine/timing/statistics.ts';
import { formatSpread, spreadOf } from './statistics.mjs';

test('spreads are those of the command line', () => {
  for (const values of [
    [7],
    [4, 1, 3, 2],
    [50, 10, 40, 20, 30],
    Array.from({ length: 21 }, (_, i) => i * i),
  ]) {
    expect(spreadOf(values)).toEqual(spreadOfCli(values));
  }
});

test('prints the middle and the tenths with three digits', () => {
  expect(formatSpread(spreadOf([1, 2, 3]))).toBe('2.00 (1.20 to 2.80)');
  expect(formatSpread(spreadOf([1234.5]))).toBe('1235 (1235 to 1235)');
});
