import 'fake-indexeddb/auto';
import { IDBFactory } from 'fake-indexeddb';
import { beforeEach, expect, test } from 'vitest';
import { greedySampling, type SamplingSettings } from '../engine/types/sampling.ts';
import { openDatabase } from './database.ts';
import { createSettingsStore, defaultSettings, readSettings, type Settings } from './settings-record.ts';

beforeEach(() => {
  globalThis.indexedDB = new IDBFactory();
});

const chosen: Settings = {
  v: 1,
  theme: 'dark',
  modelId: 'pmc-llama-13b',
  sampling: {
    temperature: 0.7,
    topK: 40,
    topP: 0.9,
    minP: 0.05,
    repetitionPenalty: 1.1,
    repetitionWindow: 32,
    seed: 7,
  },
  maxTokens: 1000,
  thoughtTokens: 512,
  precision: 'q8',
  precisionDefault: 'f16',
  contextTokens: 2048,
  device: 'processor',
  activationBits: 16,
  kernelForms: 'defaults',
  closedDeviceNote: 'processor',
  tiling: { mode: 'dynamic', preset: 'docvqa' },
  compressImages: true,
  spellCheck: true,
  copyForm: 'rich',
  copyProvenance: true,
  restMinutes: 60,
  askedAs: { 'file:mine.gguf:5:6': { template: 'chatml', system: 'Be brief.', thinks: false } },
  acceptedSlow: ['own-big'],
  acceptedTerms: [{ id: 'gemma', version: '1 April 2026', at: 5 }],
  ownPresets: [{ id: 'p', name: 'Mine', maxTokens: 100, thoughtTokens: 200 }],
  ownTemplates: [
    {
      id: 'mine',
      version: 2,
      name: 'Mine',
      about: '',
      images: 1,
      fields: [{ id: 'what', label: 'What', kind: 'choice', options: ['this', 'that'], isRequired: true }],
      text: 'Tell me of {{what}}.',
    },
  ],
  hasOfflineCopies: true,
  airGap: true,
  acknowledgedNotice: 2,
};

test('gives the defaults until something was saved, then what was saved', async () => {
  const store = createSettingsStore();
  expect(await store.loadSettings()).toEqual(defaultSettings);
  await store.saveSettings(chosen);
  expect(await createSettingsStore().loadSettings()).toEqual(chosen);
});

test('two tabs that write at once keep each other’s changes; of one setting the last change holds', async () => {
  const [one, other] = [createSettingsStore(), createSettingsStore()];
  await Promise.all([
    one.saveSettings({ theme: 'dark', maxTokens: 64 }),
    other.saveSettings({ precision: 'q8' }),
    one.saveSettings({ restMinutes: 5 }),
    other.saveSettings({ maxTokens: 128 }),
  ]);
  const changed = { theme: 'dark', precision: 'q8', restMinutes: 5, maxTokens: 128 };
  expect(await one.loadSettings()).toEqual({ ...defaultSettings, ...changed });
});

test('the model’s own sampling and 400 tokens are the defaults', () => {
  expect(defaultSettings).toMatchObject({
    maxTokens: 400,
    sampling: null,
    hasOfflineCopies: false,
    acknowledgedNotice: 0,
    tiling: { mode: 'msac', preset: 'demo' },
    compressImages: false,
    spellCheck: false,
  });
});

test.each([
  ['f32', undefined, 'f16'],
  ['f16', undefined, 'f16'],
  ['q8', undefined, 'q8'],
  ['f32', 'f16', 'f32'],
])('of a precision %s, stored beside the default %s, reads %s', (precision, precisionDefault, expected) => {
  expect(readSettings({ ...chosen, precision, precisionDefault }).precision).toBe(expected);
});

test('an exact memory that the reader chose stays, whatever else is changed', async () => {
  const store = createSettingsStore();
  await store.saveSettings({ precision: 'f32' });
  await store.saveSettings({ restMinutes: 30 });
  expect((await createSettingsStore().loadSettings()).precision).toBe('f32');
});

test.each([undefined, null, 5, 'dark', [], {}])('makes defaults of %j', record => {
  expect(readSettings(record)).toEqual(defaultSettings);
});

test.each<[string, unknown]>([
  ['theme', 'blue'],
  ['modelId', 5],
  ['modelId', ''],
  ['maxTokens', 0],
  ['maxTokens', 1.5],
  ['maxTokens', '400'],
  ['precision', 'f64'],
  ['contextTokens', -1],
  ['acknowledgedNotice', -1],
  ['device', 'webgpu'],
  ['activationBits', '16'],
  ['kernelForms', 'anew'],
  ['closedDeviceNote', 1],
  ['sampling', 'greedy'],
  ['tiling', 'msac'],
  ['compressImages', 1],
  ['spellCheck', 'true'],
  ['airGap', 1],
  ['askedAs', 'chatml'],
  ['acceptedSlow', 'own-big'],
])('%s %j takes its default and leaves the others', (name, value) => {
  const expected = { ...chosen, [name]: defaultSettings[name as keyof Settings] };
  expect(readSettings({ ...chosen, [name]: value })).toEqual(expected);
});

test.each<[keyof SamplingSettings, unknown]>([
  ['temperature', -1],
  ['temperature', Number.NaN],
  ['topK', 1.5],
  ['topP', 0],
  ['topP', '1'],
  ['minP', 2],
  ['repetitionPenalty', 0],
  ['repetitionWindow', -1],
  ['seed', -1],
])('sampling.%s %j takes its default and leaves the others', (name, value) => {
  const sampling = { ...chosen.sampling, [name]: value };
  const expected = { ...chosen.sampling, [name]: greedySampling[name] };
  expect(readSettings({ ...chosen, sampling }).sampling).toEqual(expected);
});

test('what earlier versions stored is the reader’s choice where it is not their default', () => {
  const { repetitionWindow: _, ...greedyBefore } = greedySampling;
  expect(readSettings({ ...chosen, sampling: greedyBefore }).sampling).toBeNull();
  const varied = { ...greedyBefore, temperature: 0.8 };
  expect(readSettings({ ...chosen, sampling: varied }).sampling).toEqual({ ...varied, repetitionWindow: 64 });
  // Chosen in this version, the most likely word every time is a choice.
  expect(readSettings({ ...chosen, sampling: greedySampling }).sampling).toEqual(greedySampling);
});

test.each<[keyof Settings['tiling'], unknown]>([
  ['mode', 'MSAC'],
  ['preset', 'toString'],
])('tiling.%s %j takes its default and leaves the other', (name, value) => {
  const tiling = { ...chosen.tiling, [name]: value };
  const expected = { ...chosen.tiling, [name]: defaultSettings.tiling[name] };
  expect(readSettings({ ...chosen, tiling }).tiling).toEqual(expected);
});

test('settings of a later version are read as far as they are known, and not overwritten', async () => {
  const database = openDatabase('bedside-settings');
  const later = { ...chosen, v: 2, theme: { name: 'sepia' }, more: 'later' };
  await database.setMany([['settings', later]]);
  const store = createSettingsStore(database);
  expect(await store.loadSettings()).toEqual({ ...chosen, theme: 'system' });
  await store.saveSettings({ maxTokens: 64 });
  await store.saveSettings({ restMinutes: 5 });
  expect(await store.loadSettings()).toEqual({ ...chosen, theme: 'system', maxTokens: 64, restMinutes: 5 });
  expect(await database.get('settings')).toEqual(later);
});

test('what is unknown is dropped', () => {
  expect(readSettings({ ...chosen, colour: 'red' })).toEqual(chosen);
});
