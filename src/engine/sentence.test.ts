import { expect, test } from 'vitest';
import { inBytes, sentence, written } from './sentence.ts';

test('values are kept raw and written as people write them', () => {
  const said = sentence`one: ${{ name: 'notes.txt' }} has ${{ size: inBytes(7769664) }} in ${{ rows: 30720 }} rows of ${{ mean: 0.25 }}.`;
  expect(said).toEqual({
    reason: 'one',
    text: 'notes.txt has 7.8 MB in 30,720 rows of 0.25.',
    values: { name: 'notes.txt', size: 7769664, rows: 30720, mean: 0.25 },
  });
});

test('a value can be written in words of its own', () => {
  expect(sentence`one: ${{ parts: written(1, 'one is') }} chosen.`).toEqual({
    reason: 'one',
    text: 'one is chosen.',
    values: { parts: 1 },
  });
});

test('of a sentence within the sentence the reason is the value, and its values join', () => {
  const inner = sentence`ends-early: it ends after ${{ size: inBytes(12) }}`;
  expect(sentence`in-file: In ${{ file: 'a.gguf' }}: ${{ why: inner }}.`).toEqual({
    reason: 'in-file',
    text: 'In a.gguf: it ends after 12 bytes.',
    values: { file: 'a.gguf', why: 'ends-early', size: 12 },
  });
});
