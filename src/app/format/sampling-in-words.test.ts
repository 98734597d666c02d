import { expect, test } from 'vitest';
import { greedySampling, mildSampling } from '../../client/index.ts';
import { samplingInWords } from './sampling-in-words.ts';

test.each([
  [greedySampling, 'the most likely word every time'],
  [mildSampling, 'temperature 0.7, min-p 0.05, repetition penalty 1.05 over 64 tokens'],
  [{ ...greedySampling, temperature: 1, topK: 20, topP: 0.8 }, 'temperature 1, top-k 20, top-p 0.8'],
  // Of a most likely word it makes no difference which others are left out.
  [{ ...greedySampling, topK: 20, minP: 0.1 }, 'the most likely word every time'],
  [
    { ...greedySampling, repetitionPenalty: 1.1, repetitionWindow: 1_000_000 },
    'the most likely word every time, repetition penalty 1.1 over 1,000,000 tokens',
  ],
  [{ ...greedySampling, repetitionPenalty: 1.1, repetitionWindow: 0 }, 'the most likely word every time'],
])('%o', (sampling, words) => {
  expect(samplingInWords(sampling)).toBe(words);
});
