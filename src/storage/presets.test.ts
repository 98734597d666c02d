import { expect, test } from 'vitest';
import { greedySampling } from '../engine/types/sampling.ts';
import { type Preset, presetLimits, readPreset, readPresets } from './presets.ts';

const whole: Preset = {
  id: 'a-1',
  name: 'For letters',
  sampling: { ...greedySampling, temperature: 0.4, topP: 0.9 },
  maxTokens: 600,
  thoughtTokens: 512,
  thinks: false,
  system: 'Answer in the style of a letter.',
};

test('a preset comes out as it was stored, with what is optional and without', () => {
  const { sampling: _, thinks: __, system: ___, ...bare } = whole;
  expect(readPreset(structuredClone(whole))).toEqual(whole);
  expect(readPreset(structuredClone(bare))).toEqual(bare);
  expect(readPreset({ ...whole, later: 1 })).toEqual(whole);
});

test.each([
  ['no name', { name: ' ' }],
  ['a long name', { name: 'x'.repeat(presetLimits.name + 1) }],
  ['an id of other signs', { id: 'a/b' }],
  ['no answer', { maxTokens: 0 }],
  ['a part of a token', { maxTokens: 10.5 }],
  ['a temperature below 0', { sampling: { ...greedySampling, temperature: -1 } }],
  ['half a sampling', { sampling: { temperature: 1 } }],
  ['a role that is no text', { system: 7 }],
  ['a long role', { system: 'x'.repeat(presetLimits.system + 1) }],
  ['thinking that is no answer', { thinks: 'yes' }],
])('one with %s is none', (_, part) => {
  expect(readPreset({ ...whole, ...part })).toBeUndefined();
});

test('of a list what can be read is kept, each id once, up to the limit', () => {
  expect(readPresets('none')).toEqual([]);
  expect(readPresets([whole, null, { ...whole, name: 'Again' }, { ...whole, id: 'b' }])).toEqual([
    whole,
    { ...whole, id: 'b' },
  ]);
  const many = Array.from({ length: 60 }, (_, at) => ({ ...whole, id: `p${at}` }));
  expect(readPresets(many)).toHaveLength(presetLimits.presets);
});
