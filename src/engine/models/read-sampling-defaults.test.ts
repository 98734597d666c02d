import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { GgufValue } from '../formats/gguf-types.ts';
import { createSampler } from '../sampling/sampler.ts';
import { greedySampling } from '../types/sampling.ts';
import { readSamplingDefaults } from './read-sampling-defaults.ts';

const read = (values: Record<string, GgufValue>) =>
  readSamplingDefaults({
    metadata: new Map([
      ['general.name', 'N'],
      ...Object.entries(values).map(([name, value]) => [`general.sampling.${name}`, value] as const),
    ]),
  });

test('a file that recommends nothing gives nothing', () => {
  expect(read({})).toBeUndefined();
  expect(readSamplingDefaults({ metadata: new Map([['general.sampling', 1]]) })).toBeUndefined();
});

test('every setting is read under its name, floats as they were meant', () => {
  const f32 = Math.fround;
  expect(
    read({
      temp: f32(0.6),
      top_k: 20,
      top_p: f32(0.95),
      min_p: f32(0.05),
      penalty_repeat: f32(1.1),
      penalty_last_n: 256,
    }),
  ).toEqual({
    settings: {
      temperature: 0.6,
      topK: 20,
      topP: 0.95,
      minP: 0.05,
      repetitionPenalty: 1.1,
      repetitionWindow: 256,
    },
    notFollowed: [],
  });
});

test.each<[string, number, object]>([
  ['temp', -1, { temperature: 0 }],
  ['top_k', -1, { topK: 0 }],
  ['top_p', 1.5, { topP: 1 }],
  ['penalty_last_n', -1, { repetitionWindow: 1_000_000 }],
  ['penalty_last_n', 0, { repetitionWindow: 0 }],
])('%s %d means what it means to llama.cpp', (name, value, settings) => {
  expect(read({ [name]: value })).toEqual({ settings, notFollowed: [] });
});

test.each<[string, GgufValue, string]>([
  ['temp', 99, 'temp 99'],
  ['temp', Number.NaN, 'temp NaN'],
  ['temp', '0.7', 'temp of its own'],
  ['top_k', 1.5, 'top_k 1.5'],
  ['top_p', 0, 'top_p 0'],
  ['min_p', 2, 'min_p 2'],
  ['penalty_repeat', 0, 'penalty_repeat 0'],
  ['penalty_last_n', -2, 'penalty_last_n -2'],
  ['mirostat', 2, 'mirostat 2'],
  ['xtc_probability', 0.5, 'xtc_probability 0.5'],
  ['sequence', 'temperature;top_k', 'sequence of its own'],
  ['__proto__', 1, '__proto__ 1'],
  ['a\u202eb\nc', 1, 'ab c 1'],
  ['', 1, 'a setting 1'],
  ['temp', ['a'], 'temp as a list'],
])('%s %j is named and left', (name, value, words) => {
  const metadata = new Map<string, GgufValue>([
    [`general.sampling.${name}`, value],
    ['general.sampling.top_k', name === 'top_k' ? value : 40],
  ]);
  const found = readSamplingDefaults({ metadata });
  expect(found).toEqual({ settings: name === 'top_k' ? {} : { topK: 40 }, notFollowed: [words] });
});

test('ways that are off, and what only they are set to, are not worth a word', () => {
  expect(read({ mirostat: 0, mirostat_tau: 5, xtc_probability: 0, xtc_threshold: 0.1, temp: 1 })).toEqual({
    settings: { temperature: 1 },
    notFollowed: [],
  });
});

test('whatever a file says, what is read of it can be used and is short', () => {
  const names = ['temp', 'top_k', 'top_p', 'min_p', 'penalty_repeat', 'penalty_last_n', 'mirostat', 'other'];
  const anyValue = fc.oneof(fc.double(), fc.integer(), fc.string(), fc.boolean());
  fc.assert(
    fc.property(fc.dictionary(fc.oneof(fc.constantFrom(...names), fc.string()), anyValue), values => {
      const { settings, notFollowed } = read(values) ?? { settings: {}, notFollowed: [] };
      createSampler({ ...greedySampling, ...settings });
      expect(notFollowed.length).toBeLessThanOrEqual(16);
      for (const words of notFollowed) expect(words.length).toBeLessThan(64);
    }),
  );
});
