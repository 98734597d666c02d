import { expect, test } from 'vitest';
import { comparisonAsText, comparisonInSentences, sharesOf } from './option-comparison.ts';

const options = [
  { letter: 'A', text: 'Vitamin A', probability: 0.03 },
  { letter: 'B', text: 'Vitamin\nC', probability: 0.01 },
];

test('shares are of what the letters have together', () => {
  expect(sharesOf(options).map(({ share }) => share)).toEqual([0.75, 0.25]);
  expect(comparisonInSentences(options)).toEqual([
    'The model leans to A: 75 % of what it gave these letters.',
    'Of all that its answer could begin with, these letters had 4 %.',
  ]);
});

test('whether the order matters is said', () => {
  const same = options.map((option, at) => ({ ...option, turned: at === 0 ? 0.6 : 0.2 }));
  expect(comparisonInSentences(same)[1]).toBe(
    'In the opposite order it leans to the same option, with 75 %.',
  );
  const other = options.map((option, at) => ({ ...option, turned: at === 0 ? 0.2 : 0.6 }));
  expect(comparisonInSentences(other)[1]).toBe(
    'In the opposite order it leans to what is B here, with 75 %: it depends on the order.',
  );
  expect(comparisonAsText(other).split('\n')).toEqual([
    'A Vitamin A: 75 %, in the opposite order 25 %',
    'B Vitamin C: 25 %, in the opposite order 75 %',
    ...comparisonInSentences(other),
    'A preference for a letter as the beginning of an answer. It says nothing of which option is right.',
  ]);
});

test('where no letter has anything, nothing is leant to', () => {
  const none = options.map(option => ({ ...option, probability: 0 }));
  expect(comparisonInSentences(none)).toEqual([
    'The model would begin its answer with none of these letters.',
  ]);
  expect(sharesOf(none).map(({ share }) => share)).toEqual([0, 0]);
});
