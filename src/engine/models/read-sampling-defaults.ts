import type { GgufFile, GgufValue } from '../formats/gguf-types.ts';
import { printableText } from '../printable-text.ts';
import { isInRange, longestRepetitionWindow } from '../sampling/validate-sampling.ts';
import type { FileSampling, SamplingSettings } from '../types/sampling.ts';

/** By llama.cpp's name of it: the setting that it is here, and what its value is here. */
const followed: Record<string, [keyof SamplingSettings, (value: number) => number]> = {
  temp: ['temperature', value => Math.max(value, 0)],
  top_k: ['topK', value => Math.max(value, 0)],
  top_p: ['topP', value => Math.min(value, 1)],
  min_p: ['minP', value => Math.max(value, 0)],
  penalty_repeat: ['repetitionPenalty', value => value],
  penalty_last_n: ['repetitionWindow', value => (value === -1 ? longestRepetitionWindow : value)],
};

/** Ways to choose that Bedside does not have, by what switches each of them on; at 0 it is off. */
const otherWays = ['xtc_probability', 'mirostat'];

/** Only what those other ways are set to. */
const settingsOfOtherWays = ['xtc_threshold', 'mirostat_tau', 'mirostat_eta'];

const prefix = 'general.sampling.';
const mostNotFollowed = 16;
/** In characters. */
const mostOfName = 32;

/**
 * How a model's publisher recommends to choose its words, as llama.cpp's converter writes it from `generation_config.json`
 * (`general.sampling.*`; in llama.cpp `LLM_KV_GENERAL_SAMPLING_*`). What is out of range, of another type, or a way that
 * Bedside does not have is named and left. The order of the steps is Bedside's own, so another `sequence` is named too.
 * @returns undefined where the file recommends nothing
 */
export function readSamplingDefaults({ metadata }: Pick<GgufFile, 'metadata'>): FileSampling | undefined {
  const settings: Partial<SamplingSettings> = {};
  const notFollowed: string[] = [];
  for (const [key, value] of metadata) {
    if (!key.startsWith(prefix)) continue;
    const name = key.slice(prefix.length);
    const setting = Object.hasOwn(followed, name) ? followed[name]! : undefined;
    if (setting && typeof value === 'number') {
      const [field, convert] = setting;
      const wanted = convert(written(value));
      if (isInRange(field, wanted)) {
        settings[field] = wanted;
        continue;
      }
    }
    if (settingsOfOtherWays.includes(name) || (otherWays.includes(name) && value === 0)) continue;
    if (notFollowed.length < mostNotFollowed)
      notFollowed.push(`${printableText(name, mostOfName) ?? 'a setting'} ${inShort(value)}`);
  }
  const isThere = Object.keys(settings).length > 0 || notFollowed.length > 0;
  return isThere ? { settings, notFollowed } : undefined;
}

/** A 32-bit float as it was meant: 0.95, not 0.949999988079071. */
function written(value: number): number {
  return Number(value.toPrecision(6));
}

function inShort(value: GgufValue): string {
  if (typeof value === 'number') return String(written(value));
  return typeof value === 'boolean' ? String(value) : typeof value === 'string' ? 'of its own' : 'as a list';
}
