import { BedsideError } from '../errors.ts';
import { sentence } from '../sentence.ts';
import type { SamplingSettings } from '../types/sampling.ts';

interface Range {
  title: string;
  accepts: (value: number) => boolean;
  words: string;
}

const ranges: Record<keyof SamplingSettings, Range> = {
  temperature: { title: 'Temperature', accepts: value => value >= 0 && value <= 5, words: 'from 0 to 5' },
  topK: {
    title: 'Top-k',
    accepts: value => Number.isInteger(value) && value >= 0 && value <= 1_000_000,
    words: 'a whole number from 0 to 1,000,000',
  },
  topP: { title: 'Top-p', accepts: value => value > 0 && value <= 1, words: 'above 0 and at most 1' },
  minP: { title: 'Min-p', accepts: value => value >= 0 && value <= 1, words: 'from 0 to 1' },
  repetitionPenalty: {
    title: 'Repetition penalty',
    accepts: value => value >= 0.1 && value <= 10,
    words: 'from 0.1 to 10',
  },
  seed: {
    title: 'Seed',
    accepts: value => Number.isInteger(value) && value >= 0 && value < 2 ** 32,
    words: 'a whole number from 0 to 4,294,967,295',
  },
};

/** Throws `invalid-request` for the first setting out of its range, naming both. */
export function validateSampling(settings: SamplingSettings): void {
  for (const [name, { title, accepts, words }] of Object.entries(ranges)) {
    const value: unknown = settings[name as keyof SamplingSettings];
    if (typeof value === 'number' && accepts(value)) continue;
    throw new BedsideError(
      'invalid-request',
      sentence`sampling-setting-out-of-range: ${{ title }} (${{ setting: name }}) must be ${{ range: words }}, not ${{ found: String(value) }}.`,
      'Change it in the settings, or go back to the defaults.',
    );
  }
}
