import { expect, test } from 'vitest';
import { readCatalogue } from './catalogue.ts';
import { bytesOfEntry, filesOfEntry } from './entry-files.ts';

const entry = {
  id: 'own',
  name: 'Own',
  summary: 'Two halves.',
  kind: 'bring-your-own',
  license: 'MIT',
  template: 'internvl2-chat',
  includeHistory: true,
  contextTokens: 8192,
  suggestedQuestions: [],
  vision: {},
  expects: {
    architecture: 'internlm2',
    bytesApprox: 2e9,
    requirements: 'Two files.',
    vision: { bytesApprox: 6e8 },
  },
};
const [own] = readCatalogue({ v: 1, models: [entry] }, 'https://site.test/');
const file = (id: string, bytes?: number) => ({
  kind: 'url' as const,
  id,
  url: '',
  ...(bytes === undefined ? {} : { bytes }),
});

test('text comes first, then images, and parts are files of their own', () => {
  const parts = { kind: 'split' as const, parts: [file('one', 5), file('two', 6)] };
  const files = filesOfEntry({ file: parts, vision: { file: file('eyes') } });
  expect(files.map(({ id }) => id)).toEqual(['one', 'two', 'eyes']);
  expect(bytesOfEntry({ ...own!, file: parts, vision: { file: file('eyes', 7) } })).toBe(18);
});

test('of what is not here its expected size counts, both halves of it', () => {
  expect(filesOfEntry(own!)).toEqual([]);
  expect(bytesOfEntry(own!)).toBe(2.6e9);
  const published = { url: 'https://p.test/n.gguf', bytes: 12, sha256: '0'.repeat(64) };
  expect(bytesOfEntry({ ...own!, publisher: { page: 'https://p.test', file: published } })).toBe(12);
});
