import { expect, test } from 'vitest';
import { geluTwin } from './twins.ts';

// v * Phi(v) with Phi from Abramowitz and Stegun, table 26.1 (15 decimals), both sides of every branch.
test.each([
  [0, 0],
  [1, 0.841344746068543],
  [-1, -0.158655253931457],
  [-0.1, -0.1 * 0.460172162722971],
  [2, 2 * 0.977249868051821],
  [-3, -3 * 0.00134989803163],
  [4, 4 * 0.999968328758167],
  [5, 5 * 0.999999713348428],
])('geluTwin(%d)', (v, expected) => {
  expect(Math.abs(geluTwin(v) - expected)).toBeLessThan(1e-14);
});

test('geluTwin agrees with itself where its two formulas meet, and ends in the identity and in zero', () => {
  expect(geluTwin(-4) / geluTwin(-4 - 1e-12)).toBeCloseTo(1, 9);
  expect(geluTwin(50)).toBe(50);
  expect(geluTwin(-50)).toBeCloseTo(0, 15);
});
