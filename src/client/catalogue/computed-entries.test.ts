import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { architectures } from '../../engine/families/families.ts';
import { readCatalogue } from './catalogue.ts';
import { computedEntries, isComputed } from './computed-entries.ts';

const listFile = new URL('../../../public/models/catalogue.json', import.meta.url);
const models = readCatalogue(JSON.parse(readFileSync(listFile, 'utf8')), 'https://site.test/');

const withArchitecture = (architecture: string) => ({
  expects: { architecture, bytesApprox: 1, requirements: 'R' },
});

test('an entry is offered with the family that computes it, and not before', () => {
  for (const id of architectures) expect(isComputed(withArchitecture(id))).toBe(true);
  expect(isComputed(withArchitecture('mamba'))).toBe(false);
  expect(isComputed(withArchitecture('constructor'))).toBe(false);
  // What comes with the site is computed by it.
  expect(isComputed({})).toBe(true);
});

test('of the list that is shipped all others stay', () => {
  const offered = computedEntries(models);
  expect(offered).toEqual(models.filter(({ expects }) => !expects || isComputed({ expects })));
  expect(offered.map(({ id }) => id)).toContain('pmc-llama-13b');
  expect(computedEntries([{ ...models[2]!, ...withArchitecture('mamba') }])).toEqual([]);
});
