import { expect, test } from 'vitest';
import { formatNumber, formatPercent, formatTable } from './table.ts';

test.each([
  [0, '0'],
  [0.01234, '0.0123'],
  [1.2345, '1.23'],
  [12.345, '12.3'],
  [999.9, '1000'],
  [123456.7, '123457'],
  [1e-9, '0.000000'],
  [Number.NaN, '-'],
  [Number.POSITIVE_INFINITY, '-'],
])('%d is written %s', (value, text) => {
  expect(formatNumber(value)).toBe(text);
});

test('shares are written as percent', () => {
  expect(formatPercent(0.5)).toBe('50.0 %');
  expect(formatPercent(1.234)).toBe('123 %');
  expect(formatPercent(Number.NaN)).toBe('-');
});

test('columns line up: text to the left, numbers to the right', () => {
  const table = formatTable(
    ['kernel', 'ms'],
    [
      ['matvec', '1.23'],
      ['attention decode', '12.3'],
    ],
  );
  expect(table.split('\n')).toEqual([
    '| kernel           |   ms |',
    '|------------------|-----:|',
    '| matvec           | 1.23 |',
    '| attention decode | 12.3 |',
  ]);
});

test('a missing cell is empty', () => {
  expect(formatTable(['a', 'bcd'], [['x']]).split('\n')[2]).toBe('| x   |     |');
});
