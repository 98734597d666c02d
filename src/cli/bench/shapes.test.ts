import { expect, test } from 'vitest';
import { parseCounts, parseShapes, productShapes } from './shapes.ts';

test('shapes are rows by columns', () => {
  expect(parseShapes('13824x5120, 2048x8192')).toEqual([
    { rows: 13824, columns: 5120 },
    { rows: 2048, columns: 8192 },
  ]);
  expect(parseShapes(productShapes.join(','))).toHaveLength(5);
});

// 32001 is the vocabulary: an odd number of rows, which no block format allows as columns.
test.each(['5120x32001', '5120', '0x256', '5120x', 'x5120', '5120x5120x2', ''])('"%s" is refused', text => {
  expect(() => parseShapes(text)).toThrow(/not a shape/);
});

test('counts are whole and positive', () => {
  expect(parseCounts('1,128,512', 'tokens')).toEqual([1, 128, 512]);
  for (const text of ['0', '1.5', '', '1,,2', '-3', 'x'])
    expect(() => parseCounts(text, 'tokens')).toThrow(/--tokens/);
});
