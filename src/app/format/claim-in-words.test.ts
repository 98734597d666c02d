import { expect, test } from 'vitest';
import { demonstration, ownModel } from '../testing/fixtures.ts';
import { claimInWords } from './claim-in-words.ts';

test('a hash proves a model, once the file is here', () => {
  expect(claimInWords({ by: 'hash', entry: ownModel }, true)).toMatch(/^This is Big: its SHA-256/);
  expect(claimInWords({ by: 'hash', entry: ownModel }, false)).toMatch(/^This is Big, if it has the SHA-256/);
});

test('what looks like several is none of them for certain', () => {
  const words = claimInWords({ by: 'looks like', entries: [ownModel, demonstration] }, true);
  expect(words).toMatch(/^It looks like Big or Nano: /);
  expect(words).toContain('only its hash would prove it');
});

test('of a stranger nothing is said', () => {
  expect(claimInWords({ by: 'none' }, true)).toBeNull();
});
