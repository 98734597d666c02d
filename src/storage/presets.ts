/** Named ways of being answered, which the reader makes and chooses for conversations. */
import type { SamplingSettings } from '../engine/types/sampling.ts';
import { type FieldReader, flag, objectOf, sizeUpTo, text, wholly } from './record-fields.ts';
import { samplingChoice } from './sampling-choice.ts';

export interface Preset {
  id: string;
  name: string;
  /** How words are chosen; absent is as it is without a preset. */
  sampling?: SamplingSettings;
  /** How long an answer may be, in tokens. */
  maxTokens: number;
  /** How long a model may think before it answers, in tokens. */
  thoughtTokens: number;
  /** Whether one that can think does; absent is as it is chosen for the model. */
  thinks?: boolean;
  /** The role that a model is given, where its template has a place for one; absent is as it is chosen for the model. */
  system?: string;
}

/** What of a preset may be how long or large, and how many there may be. */
export const presetLimits = {
  id: 64,
  name: 80,
  system: 8_000,
  maxTokens: 4_096,
  thoughtTokens: 8_192,
  presets: 50,
} as const;

const filled =
  (most: number): FieldReader<string> =>
  value =>
    text(value)?.trim() && (value as string).length <= most ? (value as string) : undefined;

/** A preset with nothing that cannot be read: part of one would answer otherwise than its name says. */
export const readPreset: FieldReader<Preset> = wholly(
  objectOf<Preset>(
    {
      id: value => (/^[\w-]+$/.test(String(value)) ? filled(presetLimits.id)(value) : undefined),
      name: filled(presetLimits.name),
      sampling: samplingChoice,
      maxTokens: sizeUpTo(presetLimits.maxTokens),
      thoughtTokens: sizeUpTo(presetLimits.thoughtTokens),
      thinks: flag,
      system: value =>
        text(value) !== undefined && (value as string).length <= presetLimits.system
          ? (value as string)
          : undefined,
    },
    ['id', 'name', 'maxTokens', 'thoughtTokens'],
  ),
  ['sampling', 'thinks', 'system'],
);

/** Those that can be read, each id once. */
export function readPresets(stored: unknown): Preset[] {
  if (!Array.isArray(stored)) return [];
  const presets = new Map<string, Preset>();
  for (const each of stored) {
    const preset = readPreset(each);
    if (preset && !presets.has(preset.id)) presets.set(preset.id, preset);
  }
  return [...presets.values()].slice(0, presetLimits.presets);
}
