import { expect, test } from 'vitest';
import { isFaster, isPromising, isSteady, type Round } from './judge.ts';

const rounds = (...ms: number[]): Round[] => ms.map(each => ({ ms: each, before: 10, after: 10 }));

test('neighbours that differ by a tenth are steady, and by more are not', () => {
  expect(isSteady({ before: 10, after: 11 })).toBe(true);
  expect(isSteady({ before: 11.01, after: 10 })).toBe(false);
});

test('a twentieth in both halves is faster, and less is not', () => {
  expect(isFaster(rounds(9.5, 9.5, 9.5, 9.5, 9.5))).toBe(true);
  expect(isFaster(rounds(9.6, 9.6, 9.6, 9.6, 9.6))).toBe(false);
  expect(isFaster(rounds(8, 8, 8, 10, 10.5))).toBe(false);
  expect(isFaster(rounds(10, 10.5, 8, 8, 8))).toBe(false);
});

test('one outlier of a half spoils nothing, and makes nothing faster', () => {
  expect(isFaster(rounds(9, 30, 9, 9, 9))).toBe(true);
  expect(isFaster(rounds(10, 10, 10, 10, 7))).toBe(false);
});

test('fewer than five rounds decide nothing', () => {
  expect(isFaster(rounds(1, 1, 1, 1))).toBe(false);
});

test('what is much slower at once, or no faster twice, is given up', () => {
  expect(isPromising([])).toBe(true);
  expect(isPromising(rounds(10.9))).toBe(true);
  expect(isPromising(rounds(11.1))).toBe(false);
  expect(isPromising(rounds(10.9, 9.4))).toBe(true);
  expect(isPromising(rounds(10.9, 9.6))).toBe(false);
});
