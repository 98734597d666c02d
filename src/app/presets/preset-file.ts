import {
  BedsideError,
  isRawObject,
  newId,
  type Preset,
  presetLimits,
  readPreset,
  type Sentence,
  sentence,
} from '../../client/index.ts';

/** docs/presets.schema.json describes the file. */
export const presetFileFormat = 'bedside-presets';
export const presetFileVersion = 1;

/** Fifty presets with the longest roles in any language take less. */
const mostBytes = 2 * 1024 * 1024;

export function writePresetFile(presets: readonly Preset[]): Blob {
  const file = { format: presetFileFormat, version: presetFileVersion, presets };
  return new Blob([`${JSON.stringify(file, null, 2)}\n`], { type: 'application/json' });
}

/** All presets of a file, or none. Rejects with 'not-importable'. */
export async function readPresetFile(file: Blob): Promise<Preset[]> {
  if (file.size > mostBytes)
    throw refused(sentence`preset-file-too-large: This file is too large to be one of presets.`);
  const value: unknown = await new Response(file).json().catch(() => null);
  if (!isRawObject(value) || value.format !== presetFileFormat || !Array.isArray(value.presets))
    throw refused(sentence`preset-file-of-no-known-kind: This file holds no presets of Bedside.`);
  if (value.version !== presetFileVersion)
    throw refused(sentence`preset-file-of-another-version: Another version of Bedside wrote these presets.`);
  return value.presets.map((each: unknown, at: number) => {
    const preset = readPreset(each);
    if (preset) return preset;
    throw refused(
      sentence`preset-unreadable: Preset ${{ place: at + 1 }} of this file is not one: something is missing, or out of range.`,
    );
  });
}

/**
 * The reader's own presets with those of a file: what is here already, the same in all, comes in once, and one whose id is taken comes
 * in as another. Rejects with 'not-importable' where there is no room for all.
 */
export function withPresets(
  own: readonly Preset[],
  added: readonly Preset[],
  builtIn: readonly Preset[],
): Preset[] {
  const here = new Map([...builtIn, ...own].map(each => [each.id, contentOf(each)]));
  const all = [...own];
  for (const preset of added) {
    const same = here.get(preset.id);
    if (same === contentOf(preset)) continue;
    const placed = same === undefined ? preset : { ...preset, id: newId() };
    here.set(placed.id, contentOf(placed));
    all.push(placed);
  }
  if (all.length > presetLimits.presets)
    throw refused(
      sentence`own-presets-full: Bedside keeps ${{ most: presetLimits.presets }} presets of your own, and these would be more.`,
    );
  return all;
}

/** The same for the same preset, in whatever order its parts were written. */
const contentOf = ({ id: _, sampling, ...preset }: Preset): string =>
  JSON.stringify([sorted(preset), sorted(sampling ?? {})]);

const sorted = (parts: object) => Object.entries(parts).sort(([a], [b]) => (a < b ? -1 : 1));

const refused = (what: Sentence): BedsideError =>
  new BedsideError('not-importable', what, 'No preset was added.');
