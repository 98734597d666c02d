import { expect, test } from 'vitest';
import { defaultSettings, greedySampling, type Preset } from '../../../client/index.ts';
import { wishesOf } from './wishes.ts';

const warm = { ...greedySampling, temperature: 0.9 };
const settings = { ...defaultSettings, askedAs: { m: { system: 'Of the model', thinks: true } } };
const preset: Preset = {
  id: 'p',
  name: 'Short',
  sampling: greedySampling,
  maxTokens: 50,
  thoughtTokens: 70,
  system: 'Of the preset',
};

test('without a preset it is as the settings say', () => {
  expect(wishesOf(settings, {}, 'm')).toEqual({
    sampling: null,
    maxTokens: defaultSettings.maxTokens,
    thoughtTokens: defaultSettings.thoughtTokens,
    asked: { system: 'Of the model', thinks: true },
  });
  expect(wishesOf(settings, undefined, 'another').asked).toBeUndefined();
});

test('a preset goes before the settings, part by part', () => {
  expect(wishesOf(settings, { preset }, 'm')).toEqual({
    sampling: greedySampling,
    maxTokens: 50,
    thoughtTokens: 70,
    asked: { system: 'Of the preset', thinks: true },
  });
  const { sampling: _, system: __, ...limits } = preset;
  expect(wishesOf({ ...settings, sampling: warm }, { preset: limits }, 'm')).toMatchObject({
    sampling: warm,
    asked: { system: 'Of the model' },
  });
});

test('what was chosen for the conversation goes before its preset', () => {
  expect(wishesOf(settings, { preset, sampling: warm }, 'm')).toMatchObject({
    sampling: warm,
    maxTokens: 50,
  });
});
