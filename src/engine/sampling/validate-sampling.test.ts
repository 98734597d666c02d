import { describe, expect, it } from 'vitest';
import { greedySampling, type SamplingSettings } from '../types/sampling.ts';
import { createSampler } from './sampler.ts';
import { validateSampling } from './validate-sampling.ts';

describe('validateSampling', () => {
  it('accepts the defaults and the ends of every range', () => {
    validateSampling(greedySampling);
    validateSampling({
      temperature: 5,
      topK: 0,
      topP: 1e-9,
      minP: 0,
      repetitionPenalty: 0.1,
      repetitionWindow: 0,
      seed: 0,
    });
    validateSampling({
      temperature: 0,
      topK: 50,
      topP: 1,
      minP: 1,
      repetitionPenalty: 10,
      repetitionWindow: 1_000_000,
      seed: 2 ** 32 - 1,
    });
  });

  it.each<[keyof SamplingSettings, unknown, string]>([
    ['temperature', -0.1, 'from 0 to 5'],
    ['temperature', Number.NaN, 'from 0 to 5'],
    ['temperature', Number.POSITIVE_INFINITY, 'from 0 to 5'],
    ['topK', -1, 'whole number'],
    ['topK', 1.5, 'whole number'],
    ['topP', 0, 'above 0'],
    ['topP', 1.01, 'above 0'],
    ['minP', -0.1, 'from 0 to 1'],
    ['minP', '0.1', 'from 0 to 1'],
    ['repetitionPenalty', 0, 'from 0.1 to 10'],
    ['repetitionWindow', -1, 'whole number'],
    ['repetitionWindow', 1.5, 'whole number'],
    ['seed', 2 ** 32, 'whole number'],
    ['seed', undefined, 'whole number'],
  ])('refuses %s %s', (name, value, words) => {
    const settings = { ...greedySampling, [name]: value } as SamplingSettings;
    const refusal = expect.objectContaining({
      code: 'invalid-request',
      message: expect.stringContaining(words),
    });
    expect(() => validateSampling(settings)).toThrow(refusal);
    expect(() => validateSampling(settings)).toThrow(new RegExp(`\\(${name}\\)`));
    expect(() => createSampler(settings)).toThrow(refusal);
  });
});
