import { describe, expect, it } from 'vitest';
import { chosenCandidate } from './kernel-choices.ts';

const candidates = ['plain', 'teams', 'columns'] as const;
const of = { kind: 'matvec q4_0', size: '8x32' };

describe('the candidate of a class', () => {
  it.each([
    ['nothing was chosen', undefined, 'plain'],
    ['it was chosen for this size', { 'matvec q4_0 8x32': 'teams', 'matvec q4_0': 'columns' }, 'teams'],
    ['it was chosen for every size', { 'matvec q4_0': 'columns', 'matvec q4_0 9x32': 'teams' }, 'columns'],
    [
      'what was chosen for this size is none any more',
      { 'matvec q4_0 8x32': 'gone', 'matvec q4_0': 'teams' },
      'teams',
    ],
    ['another class was chosen for', { 'matvec q8_0': 'teams' }, 'plain'],
  ])('where %s', (_, choices, expected) => {
    expect(chosenCandidate(choices, of, candidates)).toBe(expected);
  });
});
