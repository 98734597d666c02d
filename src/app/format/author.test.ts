import { expect, test } from 'vitest';
import { authorInFull, authorOf } from './author.ts';

const identity = { parameterCount: 134_515_008, quantisation: 'Q4_1', publisher: 'P', looksLike: 'L 13B' };

test.each<[string, Parameters<typeof authorOf>[0], string | undefined, string | undefined]>([
  ['nobody', {}, undefined, undefined],
  ['a demonstration', { model: 'Nano', modelKind: 'demonstration', identity }, 'Nano', 'Nano'],
  ['an early record', { model: 'Nano' }, 'Nano', 'Nano'],
  [
    'a file of the reader’s',
    { model: 'Mine', modelKind: 'own', identity },
    'Mine',
    'Mine (134.5 million parameters, Q4_1, by P, looks like L 13B)',
  ],
  ['one that says little', { model: 'Mine', modelKind: 'own', identity: {} }, 'Mine', 'Mine'],
  [
    'a model of the library',
    { model: 'Mine', modelKind: 'installed', identity: { quantisation: 'Q8_0' } },
    'Mine',
    'Mine (Q8_0)',
  ],
  [
    'a file of which only its entry was stored',
    { model: 'PMC-LLaMA 13B', modelKind: 'bring-your-own' },
    'a file opened as PMC-LLaMA 13B',
    'a file opened as PMC-LLaMA 13B',
  ],
])('%s', (_, answer, author, inFull) => {
  expect(authorOf(answer)).toBe(author);
  expect(authorInFull(answer)).toBe(inFull);
});
