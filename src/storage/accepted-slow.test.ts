import { expect, test } from 'vitest';
import { readAcceptedSlow, withAcceptedSlow } from './accepted-slow.ts';

test('what is accepted is kept once, the latest last, and not without end', () => {
  expect(withAcceptedSlow(['a', 'b'], 'a')).toEqual(['b', 'a']);
  const many = Array.from({ length: 250 }, (_, i) => `model ${i}`).reduce(withAcceptedSlow, []);
  expect(many).toHaveLength(200);
  expect(many.at(-1)).toBe('model 249');
});

test('what was stored is taken where it is a list of ids', () => {
  expect(readAcceptedSlow(['a'])).toEqual(['a']);
  expect([undefined, 'a', [1]].map(readAcceptedSlow)).toEqual([[], [], []]);
});
