import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { greedySampling, type Preset, presetLimits } from '../../client/index.ts';
import { builtInPresets } from '../state/settings/built-in-presets.ts';
import {
  presetFileFormat,
  presetFileVersion,
  readPresetFile,
  withPresets,
  writePresetFile,
} from './preset-file.ts';

const schema = JSON.parse(
  readFileSync(new URL('../../../docs/presets.schema.json', import.meta.url), 'utf8'),
);

const letters: Preset = {
  id: 'letters',
  name: 'Letters',
  sampling: { ...greedySampling, temperature: 0.3 },
  maxTokens: 700,
  thoughtTokens: 300,
  thinks: false,
  system: 'Write as in a letter to a colleague.',
};
const plain: Preset = { id: 'plain', name: 'Plain', maxTokens: 10, thoughtTokens: 20 };

const fileOf = (value: unknown) => new Blob([JSON.stringify(value)]);

test('what is written is read as it was', async () => {
  const all = [...builtInPresets, letters, plain];
  const file = writePresetFile(all);
  expect(await readPresetFile(file)).toEqual(all);
});

const whole = { format: 'bedside-presets', version: 1, presets: [letters] };

test.each([
  ['no JSON', new Blob(['{']), 'preset-file-of-no-known-kind'],
  ['another kind', fileOf({ ...whole, format: 'bedside-templates' }), 'preset-file-of-no-known-kind'],
  ['another version', fileOf({ ...whole, version: 2 }), 'preset-file-of-another-version'],
  [
    'a preset out of range',
    fileOf({ ...whole, presets: [{ ...letters, maxTokens: 0 }] }),
    'preset-unreadable',
  ],
  ['too many bytes', new Blob(['x'.repeat(2 * 1024 * 1024 + 1)]), 'preset-file-too-large'],
])('a file with %s adds nothing and says why', async (_, file, reason) => {
  await expect(readPresetFile(file)).rejects.toMatchObject({ code: 'not-importable', reason });
});

test('the schema has the limits that the reader has', () => {
  const { preset, sampling } = schema.$defs;
  expect(schema.properties.format.const).toBe(presetFileFormat);
  expect(schema.properties.version.const).toBe(presetFileVersion);
  expect(schema.properties.presets.maxItems).toBe(presetLimits.presets);
  const { id, name, maxTokens, thoughtTokens, system } = preset.properties;
  expect([id.maxLength, name.maxLength, system.maxLength]).toEqual([
    presetLimits.id,
    presetLimits.name,
    presetLimits.system,
  ]);
  expect([maxTokens.maximum, thoughtTokens.maximum]).toEqual([
    presetLimits.maxTokens,
    presetLimits.thoughtTokens,
  ]);
  expect(Object.keys(preset.properties).sort()).toEqual(Object.keys(letters).sort());
  expect([...sampling.required].sort()).toEqual(Object.keys(greedySampling).sort());
});

test('a preset that is here comes in once, and one whose id is taken as another', () => {
  const reordered = Object.fromEntries(Object.entries(letters).reverse()) as unknown as Preset;
  expect(withPresets([letters], [reordered, plain], builtInPresets)).toEqual([letters, plain]);
  const taken = { ...plain, id: 'medical-default' };
  const [added] = withPresets([], [taken], builtInPresets);
  expect(added).toMatchObject({ name: 'Plain' });
  expect(added!.id).not.toBe('medical-default');
});

test('more than there is room for are not taken in', () => {
  const full = Array.from({ length: presetLimits.presets }, (_, at) => ({ ...plain, id: `p${at}` }));
  expect(() => withPresets(full, [letters], builtInPresets)).toThrow(/would be more/);
  expect(withPresets(full, [full[0]!], builtInPresets)).toHaveLength(presetLimits.presets);
});
