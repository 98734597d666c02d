import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { filterMinP, filterTopP, rankTop, sum, weigh } from './filters.ts';
import { penalizeRepetition } from './penalties.ts';

describe('rankTop', () => {
  it('is the head of a full sort, ties to the lowest id', () => {
    const logits = fc.array(fc.constantFrom(-2, -1, -0, 0, 0.5, 1, 3), { maxLength: 80 });
    fc.assert(
      fc.property(logits, fc.integer({ min: 0, max: 90 }), (values, count) => {
        const sorted = values
          .map((logit, id) => ({ logit, id }))
          .sort((a, b) => b.logit - a.logit || a.id - b.id);
        const { ids, logits: ranked } = rankTop(Float32Array.from(values), count);
        expect([...ids]).toEqual(sorted.slice(0, count).map(({ id }) => id));
        expect([...ranked]).toEqual(sorted.slice(0, count).map(({ logit }) => logit));
      }),
      { numRuns: 500 },
    );
  });

  it('names positions by given ids', () => {
    const { ids } = rankTop(Float32Array.of(1, 2, 2), 3, [9, 8, 4]);
    expect([...ids]).toEqual([4, 8, 9]);
  });
});

describe('top-p', () => {
  const filtered = (weights: number[], topP: number) => {
    const kept = Float64Array.from(weights);
    const complete = filterTopP(kept, topP, sum(kept));
    return { kept: [...kept].filter(weight => weight > 0).length, complete };
  };

  it('keeps the smallest set that reaches the share, the token that crosses it included', () => {
    expect(filtered([4, 3, 2, 1], 0.4)).toEqual({ kept: 1, complete: true });
    expect(filtered([4, 3, 2, 1], 0.41)).toEqual({ kept: 2, complete: true });
    expect(filtered([4, 3, 2, 1], 0.7)).toEqual({ kept: 2, complete: true });
    expect(filtered([4, 3, 2, 1], 0.95)).toEqual({ kept: 4, complete: true });
    expect(filtered([4, 3, 2, 1], 1)).toEqual({ kept: 4, complete: true });
  });

  it('always keeps the first', () => {
    expect(filtered([4, 3], 1e-12)).toEqual({ kept: 1, complete: true });
    expect(filtered([4], 0.5)).toEqual({ kept: 1, complete: true });
  });

  it('says when the nucleus goes on behind the ranking', () => {
    expect(filterTopP(Float64Array.of(1, 0.5), 0.9, 10)).toBe(false);
  });
});

describe('min-p', () => {
  it('keeps what reaches the share of the best', () => {
    const weights = Float64Array.of(1, 0.5, 0.1, 0.05);
    filterMinP(weights, 0.1);
    expect([...weights]).toEqual([1, 0.5, 0.1, 0]);
    filterMinP(weights, 1);
    expect([...weights]).toEqual([1, 0, 0, 0]);
    const all = Float64Array.of(1, 1e-300);
    filterMinP(all, 0);
    expect([...all]).toEqual([1, 1e-300]);
  });
});

describe('weigh', () => {
  it('gives the best 1 and survives extremes', () => {
    expect([...weigh(Float32Array.of(3, 2), 3, 0.5)]).toEqual([1, Math.exp(-2)]);
    expect([...weigh(Float32Array.of(3e38, -3e38), Math.fround(3e38), 1e-6)]).toEqual([1, 0]);
  });
});

describe('penalizeRepetition', () => {
  it('divides positive logits and multiplies negative ones, once a token', () => {
    const logits = Float32Array.of(2, -2, 0, 4);
    penalizeRepetition(logits, [0, 0, 1, 2, 99, -5], 2, id => id);
    expect([...logits]).toEqual([1, -4, 0, 4]);
  });

  it('does nothing at 1', () => {
    const logits = Float32Array.of(2, -2);
    penalizeRepetition(logits, [0, 1], 1, id => id);
    expect([...logits]).toEqual([2, -2]);
  });
});
