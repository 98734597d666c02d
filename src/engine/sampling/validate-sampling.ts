import { BedsideError } from '../errors.ts';
import { sentence } from '../sentence.ts';
import type { SamplingSettings } from '../types/sampling.ts';

/** Longer than any conversation: all of it. */
export const longestRepetitionWindow = 1_000_000;

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
  repetitionWindow: {
    title: 'Repetition window',
    accepts: value => Number.isInteger(value) && value >= 0 && value <= longestRepetitionWindow,
    words: 'a whole number from 0 to 1,000,000',
  },
  seed: {
    title: 'Seed',
    accepts: value => Number.isInteger(value) && value >= 0 && value < 2 ** 32,
    words: 'a whole number from 0 to 4,294,967,295',
  },
};

export function isInRange(name: keyof SamplingSettings, value: unknown): value is number {
  return typeof value === 'number' && ranges[name].accepts(value);
}

/** Throws `invalid-request` for the first setting out of its range, naming both. */
export function validateSampling(settings: SamplingSettings): void {
  for (const [name, { title, words }] of Object.entries(ranges)) {
    const value: unknown = settings[name as keyof SamplingSettings];
    if (isInRange(name as keyof SamplingSettings, value)) continue;
    throw new BedsideError(
      'invalid-request',
      sentence`sampling-setting-out-of-range: ${{ title }} (${{ setting: name }}) must be ${{ range: words }}, not ${{ found: String(value) }}.`,
      'Change it in the settings, or go back to the defaults.',
    );
  }
}
