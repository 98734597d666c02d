import { describe, expect, it } from 'vitest';
import { bfloatToFloat, floatToBfloat, floatToHalf, halfToFloat } from './half.ts';

describe('half', () => {
  it.each([
    [0x0000, 0],
    [0x8000, -0],
    [0x0001, 2 ** -24],
    [0x03ff, 1023 * 2 ** -24],
    [0x0400, 2 ** -14],
    [0x3555, 0.333251953125],
    [0x3c00, 1],
    [0xc000, -2],
    [0x7bff, 65504],
    [0x7c00, Number.POSITIVE_INFINITY],
    [0xfc00, Number.NEGATIVE_INFINITY],
    [0x7e00, Number.NaN],
  ])('reads 0x%s as %s', (bits, value) => {
    expect(halfToFloat(bits)).toBe(value);
  });

  it('writes back every pattern that it reads', () => {
    const wrong: number[] = [];
    for (let bits = 0; bits < 0x10000; bits++) {
      const value = halfToFloat(bits);
      const expected = Number.isNaN(value) ? 0x7e00 : bits;
      if (floatToHalf(value) !== expected) wrong.push(bits);
    }
    expect(wrong).toEqual([]);
  });

  it('rounds to nearest, ties to even, between every two neighbours', () => {
    const wrong: number[] = [];
    for (let bits = 0; bits < 0x7bff; bits++) {
      const below = halfToFloat(bits);
      const above = halfToFloat(bits + 1);
      const middle = (below + above) / 2; // exact in float32
      const even = (bits & 1) === 0 ? bits : bits + 1;
      // One float32 step away from the middle is decided, not tied.
      const step = middle * 2 ** -23;
      if (
        floatToHalf(middle) !== even ||
        floatToHalf(-middle) !== (even | 0x8000) ||
        floatToHalf(middle - step) !== bits ||
        floatToHalf(middle + step) !== bits + 1
      ) {
        wrong.push(bits);
      }
    }
    expect(wrong).toEqual([]);
  });

  it('overflows to infinity from the middle of the last step up', () => {
    expect(floatToHalf(65519.99)).toBe(0x7bff);
    expect(floatToHalf(65520)).toBe(0x7c00);
    expect(floatToHalf(-1e30)).toBe(0xfc00);
    expect(floatToHalf(Number.POSITIVE_INFINITY)).toBe(0x7c00);
  });

  it('flushes to signed zero below half of the smallest subnormal', () => {
    expect(floatToHalf(2 ** -25)).toBe(0);
    expect(floatToHalf(-(2 ** -26))).toBe(0x8000);
    expect(floatToHalf(2 ** -25 * 1.001)).toBe(1);
  });
});

describe('bfloat', () => {
  it('writes back every pattern that it reads', () => {
    const wrong: number[] = [];
    for (let bits = 0; bits < 0x10000; bits++) {
      const value = bfloatToFloat(bits);
      const back = floatToBfloat(value);
      const right = Number.isNaN(value) ? Number.isNaN(bfloatToFloat(back)) : back === bits;
      if (!right) wrong.push(bits);
    }
    expect(wrong).toEqual([]);
  });

  it('rounds ties to even and decided values to their neighbour', () => {
    expect(floatToBfloat(1 + 2 ** -8)).toBe(0x3f80);
    expect(floatToBfloat(1 + 3 * 2 ** -8)).toBe(0x3f82);
    expect(floatToBfloat(1 + 2 ** -8 + 2 ** -20)).toBe(0x3f81);
    expect(floatToBfloat(3.4028234663852886e38)).toBe(0x7f80);
  });
});
