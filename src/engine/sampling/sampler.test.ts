import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { greedySampling, type SamplingSettings } from '../types/sampling.ts';
import { rankTop } from './filters.ts';
import { createSampler } from './sampler.ts';

const drawing: SamplingSettings = { ...greedySampling, temperature: 1, seed: 42 };

/** Probabilities by the definition: each step in turn over a fully sorted list. */
function probabilities(logits: number[], recent: number[], settings: SamplingSettings): number[] {
  const { repetitionPenalty, temperature, topK, topP, minP } = settings;
  const penalized = logits.map((logit, id) =>
    Math.fround(
      recent.includes(id) ? (logit > 0 ? logit / repetitionPenalty : logit * repetitionPenalty) : logit,
    ),
  );
  let kept = penalized.map((logit, id) => ({ id, logit: logit / temperature }));
  kept.sort((a, b) => b.logit - a.logit || a.id - b.id);
  if (topK > 0) kept = kept.slice(0, topK);
  const share = (list: typeof kept) => {
    const weights = list.map(({ logit }) => Math.exp(logit - list[0]!.logit));
    const total = weights.reduce((a, b) => a + b, 0);
    return weights.map(weight => weight / total);
  };
  if (topP < 1) {
    const shares = share(kept);
    let before = 0;
    kept = kept.filter((_, rank) => {
      const stays = rank === 0 || before < topP;
      before += shares[rank]!;
      return stays;
    });
  }
  const best = share(kept)[0]!;
  const shares = share(kept);
  kept = kept.filter((_, rank) => shares[rank]! >= minP * best);
  const result = new Array<number>(logits.length).fill(0);
  share(kept).forEach((probability, rank) => {
    result[kept[rank]!.id] = probability;
  });
  return result;
}

describe('createSampler, greedy', () => {
  it('takes the greatest logit, the lowest id of equals, and draws nothing', () => {
    const sampler = createSampler(greedySampling);
    expect(sampler.sample(Float32Array.of(1, 5, 5, 2), [])).toBe(1);
    expect(sampler.sample(Float32Array.of(-3), [])).toBe(0);
    expect(sampler.sampleCandidates({ ids: [7, 3, 1], logits: Float32Array.of(5, 5, 1) }, [])).toBe(3);
    expect(sampler.candidatesNeeded([1, 2])).toBe(1);
  });

  it('applies the repetition penalty first', () => {
    const sampler = createSampler({ ...greedySampling, repetitionPenalty: 2 });
    expect(sampler.sample(Float32Array.of(4, 3), [0])).toBe(1);
    expect(sampler.sample(Float32Array.of(-1, -1.5), [0])).toBe(1);
    expect(sampler.sample(Float32Array.of(4, 3), [])).toBe(0);
    expect(sampler.sampleCandidates({ ids: [9, 8], logits: Float32Array.of(4, 3) }, [9])).toBe(8);
  });

  it('leaves the logits as they are', () => {
    const logits = Float32Array.of(4, 3);
    createSampler({ ...drawing, repetitionPenalty: 2 }).sample(logits, [0, 1]);
    expect([...logits]).toEqual([4, 3]);
  });
});

describe('createSampler, drawing', () => {
  const logits = [2, 1, 0, -1, -2, 1, 0.5, 3, -8, 2];
  const recent = [7, 3, 7];
  const cases: [string, Partial<SamplingSettings>][] = [
    ['plain', {}],
    ['hot', { temperature: 2 }],
    ['cold', { temperature: 0.3 }],
    ['top-k', { topK: 3 }],
    ['top-k beyond the vocabulary', { topK: 50 }],
    ['top-p', { topP: 0.7 }],
    ['min-p', { minP: 0.2 }],
    ['penalty', { repetitionPenalty: 1.5 }],
    ['penalty below 1', { repetitionPenalty: 0.7 }],
    ['min-p alone, with a penalty', { minP: 0.1, repetitionPenalty: 1.3 }],
    ['all together', { temperature: 0.8, topK: 6, topP: 0.9, minP: 0.05, repetitionPenalty: 1.3 }],
  ];

  it.each(cases)('follows the distribution: %s', (_, changes) => {
    const settings = { ...drawing, ...changes };
    const sampler = createSampler(settings);
    const expected = probabilities(logits, recent, settings);
    const draws = 20_000;
    const counts = new Array<number>(logits.length).fill(0);
    const values = Float32Array.from(logits);
    for (let draw = 0; draw < draws; draw++) counts[sampler.sample(values, recent)]! += 1;
    counts.forEach((count, id) => {
      const p = expected[id]!;
      if (p === 0) expect(count).toBe(0);
      // Five standard deviations of a binomial count.
      expect(Math.abs(count - draws * p)).toBeLessThanOrEqual(5 * Math.sqrt(draws * p * (1 - p)) + 1e-9);
    });
  });

  it('repeats itself with the same seed only', () => {
    const run = (seed: number) => {
      const sampler = createSampler({ ...drawing, seed });
      return Array.from({ length: 40 }, () => sampler.sample(Float32Array.from(logits), []));
    };
    expect(run(1)).toEqual(run(1));
    expect(run(1)).not.toEqual(run(2));
  });

  it('finds a nucleus that is wider than its first guess', () => {
    // 5000 equal tokens: the nucleus of 0.5 is the first 2500.
    const sampler = createSampler({ ...drawing, topP: 0.5 });
    const flat = new Float32Array(5000);
    const drawn = Array.from({ length: 300 }, () => sampler.sample(flat, []));
    expect(Math.max(...drawn)).toBeLessThan(2500);
    expect(Math.max(...drawn)).toBeGreaterThan(2300);
    expect(Math.min(...drawn)).toBeLessThan(200);
  });

  it('survives extreme settings', () => {
    const steep = Float32Array.of(3e38, -3e38, 0);
    for (const changes of [{ temperature: 1e-9 }, { topP: 1e-9 }, { minP: 1 }, { topK: 1 }]) {
      expect(createSampler({ ...drawing, ...changes }).sample(steep, [])).toBe(0);
    }
  });
});

describe('sampleCandidates', () => {
  it('chooses as the full logits do, ties and penalties included', () => {
    const anyLogits = fc.array(
      fc.oneof(fc.integer({ min: -3, max: 3 }), fc.float({ min: -8, max: 8, noNaN: true })),
      {
        minLength: 30,
        maxLength: 60,
      },
    );
    const anySettings = fc.record({
      temperature: fc.constantFrom(0, 0.2, 1, 3),
      topK: fc.integer({ min: 1, max: 12 }),
      topP: fc.constantFrom(1, 0.9, 0.5, 0.01),
      minP: fc.constantFrom(0, 0.05, 0.5),
      repetitionPenalty: fc.constantFrom(1, 1.2, 4),
      repetitionWindow: fc.constant(64),
      seed: fc.integer({ min: 0, max: 2 ** 32 - 1 }),
    });
    const anyRecent = fc.array(fc.integer({ min: 0, max: 29 }), { maxLength: 10 });
    fc.assert(
      fc.property(
        anyLogits,
        anySettings,
        anyRecent,
        fc.integer({ min: 0, max: 8 }),
        (values, settings, recent, more) => {
          const logits = Float32Array.from(values);
          const full = createSampler(settings);
          const short = createSampler(settings);
          for (let step = 0; step < 5; step++) {
            const candidates = rankTop(logits, short.candidatesNeeded(recent)! + more);
            expect(short.sampleCandidates(candidates, recent)).toBe(full.sample(logits, recent));
          }
        },
      ),
      { numRuns: 1000 },
    );
  });

  it('chooses as the full logits do above the cut of min-p, wherever it falls', () => {
    let enough = 0;
    let tooFew = 0;
    const anyRecent = fc.array(fc.integer({ min: 0, max: 59 }), { maxLength: 10 });
    fc.assert(
      fc.property(
        fc.array(fc.float({ min: -8, max: 8, noNaN: true }), { minLength: 300, maxLength: 400 }),
        anyRecent,
        fc.constantFrom(1, 1.05, 4),
        fc.constantFrom(0.3, 0.7, 2),
        fc.constantFrom(0.01, 0.05, 0.5, 1),
        fc.integer({ min: 1, max: 2 ** 31 }),
        fc.integer({ min: 1, max: 128 }),
        (values, recent, repetitionPenalty, temperature, minP, seed, count) => {
          const logits = Float32Array.from(values);
          const settings = { ...greedySampling, temperature, minP, repetitionPenalty, seed };
          const [full, short] = [createSampler(settings), createSampler(settings)];
          expect(short.mayTakeCandidates(count, recent)).toBe(true);
          const candidates = rankTop(logits, count);
          for (let step = 0; step < 5; step++) {
            if (short.areEnough(candidates, recent)) {
              enough++;
              expect(short.sampleCandidates(candidates, recent)).toBe(full.sample(logits, recent));
            } else {
              tooFew++;
              expect(() => short.sampleCandidates(candidates, recent)).toThrow('not enough');
            }
          }
        },
      ),
      { numRuns: 500 },
    );
    expect(enough).toBeGreaterThan(200);
    expect(tooFew).toBeGreaterThan(200);
  });

  it('takes no candidates where min-p does not cut alone', () => {
    const cut = { ...drawing, minP: 0.1 };
    expect(createSampler(cut).mayTakeCandidates(1, [])).toBe(true);
    for (const settings of [
      { ...cut, minP: 0 },
      { ...cut, topP: 0.9 },
      { ...cut, repetitionPenalty: 0.9 },
    ]) {
      expect(createSampler(settings).mayTakeCandidates(128, [])).toBe(false);
    }
    expect(createSampler({ ...cut, topK: 40 }).mayTakeCandidates(39, [])).toBe(false);
    expect(createSampler({ ...cut, topK: 40 }).mayTakeCandidates(40, [])).toBe(true);
  });

  it('says when only the full logits will do', () => {
    expect(createSampler(drawing).candidatesNeeded([])).toBeUndefined();
    expect(
      createSampler({ ...drawing, topK: 40, repetitionPenalty: 0.9 }).candidatesNeeded([]),
    ).toBeUndefined();
    expect(createSampler({ ...drawing, topK: 40 }).candidatesNeeded([1, 1, 2])).toBe(40);
    expect(createSampler({ ...drawing, topK: 40, repetitionPenalty: 1.1 }).candidatesNeeded([1, 1, 2])).toBe(
      42,
    );
  });

  it('refuses too few candidates', () => {
    const few = { ids: [1, 2], logits: Float32Array.of(1, 0) };
    for (const settings of [drawing, { ...drawing, topK: 3 }]) {
      expect(() => createSampler(settings).sampleCandidates(few, [])).toThrow(
        expect.objectContaining({ code: 'internal' }),
      );
    }
  });
});

describe('numbers that are none', () => {
  it.each([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])('stop the answer: %s', bad => {
    const logits = Float32Array.of(1, bad, 0);
    for (const settings of [greedySampling, drawing, { ...drawing, topK: 2 }]) {
      const sampler = createSampler(settings);
      const failure = expect.objectContaining({ code: 'gpu-error' });
      expect(() => sampler.sample(logits, [])).toThrow(failure);
      expect(() => sampler.sampleCandidates({ ids: [0, 1, 2], logits }, [])).toThrow(failure);
    }
    expect(() => createSampler(greedySampling).sample(new Float32Array(0), [])).toThrow();
  });
});
