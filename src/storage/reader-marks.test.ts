import { expect, test } from 'vitest';
import { answerEdit, answerRating } from './reader-marks.ts';

const edit = {
  of: 'a',
  editedAt: 5,
  length: 10,
  spans: [
    [0, 2],
    [4, 10],
  ],
};

test('an edit is read as it was written', () => {
  expect(answerEdit(edit)).toEqual(edit);
  expect(answerEdit({ ...edit, spans: [] })).toEqual({ ...edit, spans: [] });
});

test.each([
  [
    'overlapping',
    [
      [0, 5],
      [4, 6],
    ],
  ],
  [
    'out of order',
    [
      [4, 6],
      [0, 2],
    ],
  ],
  ['empty', [[4, 4]]],
  ['beyond the text', [[4, 11]]],
  ['no pairs', [[4]]],
  ['no numbers', [['a', 'b']]],
])('%s spans say nothing of whose words they are', (_, spans) => {
  expect(answerEdit({ ...edit, spans })).toBeUndefined();
});

test('a rating is one of three, with a note', () => {
  const rating = { verdict: 'unsafe', note: 'n', ratedAt: 5 };
  expect(answerRating(rating)).toEqual(rating);
  expect(answerRating({ ...rating, verdict: 'great' })).toBeUndefined();
  expect(answerRating({ verdict: 'unsafe', ratedAt: 5 })).toBeUndefined();
});
