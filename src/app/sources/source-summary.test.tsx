// @vitest-environment jsdom
import { cleanup, render } from '@testing-library/react';
import { afterEach, expect, test } from 'vitest';
import { SourceSummary } from './source-summary.tsx';

afterEach(cleanup);

test.each([
  [
    { sentences: 7, quoted: 4, edited: 0 },
    '4 of 7 sentences are in your text. The others are from the model’s memory.',
  ],
  [
    { sentences: 2, quoted: 1, edited: 0 },
    '1 of 2 sentences is in your text. The other is from the model’s memory.',
  ],
  [
    { sentences: 3, quoted: 0, edited: 0 },
    '0 of 3 sentences are in your text. All is from the model’s memory.',
  ],
  [
    { sentences: 7, quoted: 4, edited: 1 },
    '4 of 7 sentences are in your text. 1 has words of yours. The others are from the model’s memory.',
  ],
  [
    { sentences: 3, quoted: 0, edited: 2 },
    '0 of 3 sentences are in your text. 2 have words of yours. The other is from the model’s memory.',
  ],
  [{ sentences: 2, quoted: 0, edited: 2 }, '0 of 2 sentences are in your text. 2 have words of yours.'],
])('says whose the sentences are: %o', (counts, words) => {
  const { container } = render(<SourceSummary judgement={{ marks: [], ...counts }} />);
  expect(container.textContent).toBe(words);
});
