import { describe, expect, test } from 'vitest';
import { optionsOf } from '../options/question-options.ts';
import { markDifferences, votesInWords, votesOf } from './compare-samples.ts';

const alone = (...answers: string[]) =>
  markDifferences(answers).map(pieces => pieces.flatMap(({ text, only }) => (only ? [text.trim()] : [])));

describe('what only one answer has', () => {
  test('a sentence that no other answer shares half its words with', () => {
    expect(
      alone(
        'Asthma narrows the airways. It often begins in childhood.',
        'The airways are narrowed by asthma. Smoking makes everything worse.',
      ),
    ).toEqual([['It often begins in childhood.'], ['Smoking makes everything worse.']]);
  });

  test('a number in a sentence that others have too', () => {
    expect(
      alone(
        'Give amoxicillin 500 mg daily.',
        'Give amoxicillin 250 mg daily.',
        'Give amoxicillin 500 mg daily.',
      ),
    ).toEqual([[], ['250'], []]);
    expect(alone('A dose of 2.5 mg is usual.', 'A dose of 2,5 mg is usual.')).toEqual([['2.5'], ['2,5']]);
  });

  test('nothing where all are the same, or where there is one', () => {
    expect(alone('The same.', 'The same.')).toEqual([[], []]);
    expect(alone('One alone.')).toEqual([[]]);
    expect(alone('One alone.', '', ' ')).toEqual([[], [], []]);
  });

  test('thoughts are left out', () => {
    expect(alone('<think>quite another</think>Asthma is common.', 'Asthma is common.')).toEqual([[], []]);
  });

  test('writing without spaces is compared by character', () => {
    expect(alone('这是肺炎。', '这是肺炎。病人需要休息。')).toEqual([[], ['病人需要休息。']]);
  });

  test('nothing of a text is lost', () => {
    const texts = ['One 1. Two 2.5 mg!\n\n- three\n', 'Other?', '...', '1.2.3'];
    for (const [at, pieces] of markDifferences(texts).entries())
      expect(pieces.map(({ text }) => text).join('')).toBe(texts[at]);
  });
});

test('votes are counted by letter', () => {
  const options = optionsOf('Which?\nA. one\nB. two\nC. three')!;
  const votes = votesOf(['B', 'The answer is (B).', 'two', 'A', 'I do not know.'], options);
  expect(votesInWords(votes)).toBe('3 of 5 chose B, 1 chose A, 1 named no single option.');
  expect(votesInWords(votesOf(['?', '?'], options))).toBe('2 of 2 named no single option.');
});
