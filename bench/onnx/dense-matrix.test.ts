import { expect, test } from 'vitest';
import { padMatrix, stackTransposed } from './dense-matrix.ts';

const matrix = { rows: 2, columns: 4, weights: Float32Array.of(1, 2, 3, 4, 5, 6, 7, 8) };

test('each run of rows or columns is filled up with zeros', () => {
  const wide = padMatrix(matrix, { of: 'columns', from: 2, to: 3 });
  expect(wide).toMatchObject({ rows: 2, columns: 6 });
  expect([...wide.weights]).toEqual([1, 2, 0, 3, 4, 0, 5, 6, 0, 7, 8, 0]);
  const high = padMatrix(matrix, { of: 'rows', from: 1, to: 2 });
  expect(high).toMatchObject({ rows: 4, columns: 4 });
  expect([...high.weights]).toEqual([1, 2, 3, 4, 0, 0, 0, 0, 5, 6, 7, 8, 0, 0, 0, 0]);
  expect(padMatrix(matrix, undefined)).toBe(matrix);
});

test('matrices of one width are stacked and turned', () => {
  const row = { rows: 1, columns: 4, weights: Float32Array.of(9, 10, 11, 12) };
  expect([...stackTransposed([matrix, row])]).toEqual([1, 5, 9, 2, 6, 10, 3, 7, 11, 4, 8, 12]);
});
