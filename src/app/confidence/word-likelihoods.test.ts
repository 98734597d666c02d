import { describe, expect, test } from 'vitest';
import type { ScoredToken } from '../../client/index.ts';
import { formatShare } from '../format/share.ts';
import { summaryInWords, wordInWords } from './likelihood-in-words.ts';
import { bandOf, leastCertain, segmentsOf, summaryOf, tokensOfAnswer } from './word-likelihoods.ts';

const token = (
  text: string,
  probability: number,
  others: [string, number][] = [],
  rank = 1,
): ScoredToken => ({
  id: 1,
  text,
  logProbability: Math.log(probability),
  rank,
  others: others.map(([other, p]) => ({ text: other, logProbability: Math.log(p) })),
});

const words = (tokens: ScoredToken[]) =>
  segmentsOf(tokens).flatMap(({ likelihood }) =>
    likelihood ? [[likelihood.word, Number(likelihood.probability.toFixed(6))]] : [],
  );

describe('words', () => {
  test('a word of one piece has its probability', () => {
    expect(words([token('Asthma', 0.9), token(' is', 0.5), token('.', 0.1)])).toEqual([
      ['Asthma', 0.9],
      ['is', 0.5],
    ]);
  });

  test('one of several has the product, by the chain rule', () => {
    expect(words([token(' hypo', 0.5), token('gly', 0.5), token('caemia', 0.9)])).toEqual([
      ['hypoglycaemia', 0.225],
    ]);
  });

  test('figures and units hold together, punctuation and marks are none', () => {
    const all = ['**', '2', '.', '5', ' mg', '/', 'ml', '**,', ' don', "'", 't'].map(text =>
      token(text, 0.5),
    );
    expect(words(all).map(([word]) => word)).toEqual(['2.5', 'mg/ml', "don't"]);
  });

  test('a token across two words counts in both', () => {
    expect(words([token('a b', 0.5), token('c', 0.5)])).toEqual([
      ['a', 0.5],
      ['bc', 0.25],
    ]);
  });

  test('bytes of a character are one', () => {
    expect(words([token('', 0.5), token('', 0.5), token('é', 0.5), token('t', 1), token('', 0.5)])).toEqual([
      ['ét', 0.125],
    ]);
  });

  test('writing without spaces is told by character', () => {
    expect(words([token('肺炎', 0.5), token('。', 0.5)])).toEqual([
      ['肺', 0.5],
      ['炎', 0.5],
    ]);
  });

  test('nothing of the text is lost', () => {
    const all = ['\n\n- ', 'One', ' two', ',  ', '3.', '\t**x**', '\n'].map(text => token(text, 0.3));
    expect(
      segmentsOf(all)
        .map(({ text }) => text)
        .join(''),
    ).toBe(all.map(({ text }) => text).join(''));
  });

  test('others are those of the piece of which the model was least sure, and come after what stands before', () => {
    const all = [token(' hypo', 0.9, [[' x', 0.1]]), token('gly', 0.2, [['ten', 0.7]], 2)];
    const [, only] = segmentsOf(all);
    expect(only!.likelihood).toMatchObject({ after: 'hypo', isFirst: false });
    expect(wordInWords(only!.likelihood!)).toBe(
      'The model gave the word “hypogly” 18 %. Others after “hypo”: “ten” 70 %.',
    );
  });
});

test('bands begin where they say', () => {
  expect([0.5, 0.499, 0.2, 0.199, 0.05, 0.049, 0].map(bandOf)).toEqual([
    'likely',
    'unsure',
    'unsure',
    'doubtful',
    'doubtful',
    'unlikely',
    'unlikely',
  ]);
});

test('the summary counts words, and neither nothing nor certainty is claimed', () => {
  const all = [0.9, 0.4, 0.1, 0.01].map(p => token(' w', p));
  expect(summaryInWords(summaryOf(segmentsOf(all)))).toBe(
    '3 of 4 words had less than 50 %, 2 less than 20 %, 1 less than 5 %.',
  );
  expect(summaryInWords(summaryOf(segmentsOf(all.slice(0, 1))))).toBe('All 1 word had 50 % or more.');
  expect(summaryInWords(summaryOf([]))).toBe('The answer has no words.');
  expect([0, 0.004, 0.01, 0.344, 0.99, 0.999, 1].map(formatShare)).toEqual([
    'less than 1 %',
    'less than 1 %',
    '1 %',
    '34 %',
    '99 %',
    'more than 99 %',
    'more than 99 %',
  ]);
});

test('the least certain come first, likely ones never, each with what is around it', () => {
  const all = [token('a', 0.9), token(' b', 0.04), token(' c', 0.3), token(' d', 0.01)];
  const found = leastCertain(segmentsOf(all), 2);
  expect(found.map(({ likelihood }) => likelihood.word)).toEqual(['d', 'b']);
  expect(found[1]).toMatchObject({ before: 'a ', behind: ' c d' });
});

test('a thought before the answer is left out', () => {
  const all = ['<think>', 'Yes', '</think>', '\n\nYes', ' it is'].map(text => token(text, 0.5));
  expect(tokensOfAnswer(all, 'Yes it is').map(({ text }) => text)).toEqual(['\n\nYes', ' it is']);
  expect(tokensOfAnswer(all, '')).toEqual(all);
});
