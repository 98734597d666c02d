import { expect, it } from 'vitest';
import { interleaveRows } from './interleave.ts';

const numbered = (length: number) => Uint8Array.from({ length }, (_, i) => i);

it('interleaves four rows by words', () => {
  const plane = numbered(32);
  interleaveRows(plane, 8, 4);
  expect([...plane.subarray(0, 16)]).toEqual([0, 1, 2, 3, 8, 9, 10, 11, 16, 17, 18, 19, 24, 25, 26, 27]);
  expect([...plane.subarray(16)]).toEqual([4, 5, 6, 7, 12, 13, 14, 15, 20, 21, 22, 23, 28, 29, 30, 31]);
});

it('interleaves every four rows for themselves, by half words', () => {
  const plane = numbered(48);
  interleaveRows(plane.subarray(0, 48), 6, 2);
  expect([...plane.subarray(0, 8)]).toEqual([0, 1, 6, 7, 12, 13, 18, 19]);
  expect([...plane.subarray(24, 32)]).toEqual([24, 25, 30, 31, 36, 37, 42, 43]);
  expect([...plane].sort((a, b) => a - b)).toEqual([...numbered(48)]);
});
