import { expect, test } from 'vitest';
import { readAcceptedTerms, withAcceptedTerms } from './accepted-terms.ts';

const first = { id: 'gemma', version: 'A', at: 5 };

test('the first acceptance of a version stays, beside those of other versions', () => {
  const accepted = withAcceptedTerms([], first);
  expect(withAcceptedTerms(accepted, { ...first, at: 9 })).toEqual([first]);
  expect(withAcceptedTerms(accepted, { ...first, version: 'B', at: 9 })).toEqual([
    first,
    { ...first, version: 'B', at: 9 },
  ]);
});

test('what cannot be read was not accepted', () => {
  expect(readAcceptedTerms([first])).toEqual([first]);
  expect(readAcceptedTerms([first, 5, null, { id: 'gemma' }, { ...first, at: 'today' }])).toEqual([first]);
  for (const broken of [undefined, null, {}, 'gemma']) expect(readAcceptedTerms(broken)).toEqual([]);
});
