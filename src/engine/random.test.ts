import { describe, expect, it } from 'vitest';
import { Random } from './random.ts';

describe('Random', () => {
  it('is xoshiro128** (first outputs of the reference implementation from state 1, 2, 3, 4)', () => {
    const random = Random.fromState([1, 2, 3, 4]);
    expect(Array.from({ length: 10 }, () => random.nextUint32())).toEqual([
      11520, 0, 5927040, 70819200, 2031721883, 1637235492, 1287239034, 3734860849, 3729100597, 4258142804,
    ]);
  });

  it('repeats itself from a seed and differs between seeds', () => {
    const floats = (seed: number) => {
      const random = new Random(seed);
      return Array.from({ length: 50 }, () => random.nextFloat());
    };
    expect(floats(7)).toEqual(floats(7));
    const firsts = new Set(Array.from({ length: 1000 }, (_, seed) => floats(seed)[0]));
    expect(firsts.size).toBe(1000);
  });

  it('is uniform over [0, 1): chi-square over 100 cells, and over the first floats of 10000 seeds', () => {
    const draws = 100_000;
    const random = new Random(1);
    // 99 degrees of freedom: mean 99, standard deviation 14; 175 is beyond five deviations.
    expect(chiSquare(Array.from({ length: draws }, () => random.nextFloat()))).toBeLessThan(175);
    expect(
      chiSquare(Array.from({ length: draws / 10 }, (_, seed) => new Random(seed).nextFloat())),
    ).toBeLessThan(175);
  });
});

function chiSquare(floats: number[]): number {
  const counts = new Array<number>(100).fill(0);
  for (const float of floats) {
    expect(float >= 0 && float < 1).toBe(true);
    counts[Math.floor(float * 100)]! += 1;
  }
  const expected = floats.length / 100;
  return counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
}
