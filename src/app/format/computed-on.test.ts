import { expect, test } from 'vitest';
import type { ComputedOn } from '../../client/index.ts';
import { originInWords } from './author.ts';
import { computedOnInWords } from './computed-on.ts';

const processor: ComputedOn = { kind: 'processor', threads: 4, activationBits: 32 };

test.each<[ComputedOn[] | undefined, string | undefined]>([
  [undefined, undefined],
  [[], undefined],
  [[processor], 'computed on the processor (4 threads, products exact)'],
  [
    [{ kind: 'processor', threads: 1, activationBits: 8 }],
    'computed on the processor (1 thread, products rounded to 8 bits)',
  ],
  [[{ kind: 'processor' }], 'computed on the processor'],
  [[{ kind: 'gpu', adapter: 'nvidia ada-lovelace' }], 'computed on nvidia ada-lovelace'],
  [[{ kind: 'gpu' }], 'computed on the GPU'],
  [[{ kind: 'gpu' }, processor], 'computed on the GPU, then on the processor (4 threads, products exact)'],
])('%j: %s', (computedOn, words) => {
  expect(computedOnInWords({ ...(computedOn ? { computedOn } : {}) })).toBe(words);
});

test('a message that leaves the page says whose it is and what computed it, as far as that is known', () => {
  const answer = { role: 'assistant', model: 'Nano' } as const;
  expect(originInWords({ ...answer, computedOn: [processor] })).toBe(
    'Answer of Nano, computed on the processor (4 threads, products exact)',
  );
  expect(originInWords(answer)).toBe('Answer of Nano');
  expect(originInWords({ role: 'assistant' })).toBe('Answer');
  expect(originInWords({ role: 'user' })).toBe('Question');
});
