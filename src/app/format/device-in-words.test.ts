import { expect, test } from 'vitest';
import type { DeviceReport } from '../../client/index.ts';
import { gpuReport, processorReport } from '../testing/fixtures.ts';
import {
  deviceInWords,
  deviceNoun,
  memoryWords,
  oneThreadInWords,
  withoutGpuInWords,
} from './device-in-words.ts';

const software: DeviceReport = { ...gpuReport, adapter: 'SwiftShader', isSoftware: true };
const oneThread: DeviceReport = {
  ...processorReport,
  processor: { ...processorReport.processor!, threads: 1, oneThreadBecause: 'page-not-isolated' },
};

test.each([
  [null, 'this device', 'Memory on this device'],
  [gpuReport, 'the GPU', 'Memory on the GPU'],
  [processorReport, 'the processor', 'Memory of this computer'],
  [software, 'the processor', 'Memory of this computer'],
])('%#: %s', (report, noun, memory) => {
  expect(deviceNoun(report)).toBe(noun);
  expect(memoryWords(report)).toBe(memory);
});

test('a device is called by its own name, a processor by its threads', () => {
  expect(deviceInWords(gpuReport)).toBe('test gpu');
  expect(deviceInWords(software)).toBe('SwiftShader (software in place of a GPU)');
  expect(deviceInWords(processorReport)).toBe('processor, 4 threads');
  expect(deviceInWords(oneThread)).toBe('processor, 1 thread');
});

test('where no GPU answers, one sentence says what does, with what is known and nothing else', () => {
  const words = (report: DeviceReport, isChosen = false, pace: string | null = null) =>
    withoutGpuInWords(report, { isChosen, pace });
  expect(words(gpuReport)).toBeNull();
  expect(words(processorReport, false, 'about 12 words a second')).toBe(
    'No GPU here: this device’s processor answers, 4 threads, about 12 words a second.',
  );
  expect(words(processorReport)).toBe('No GPU here: this device’s processor answers, 4 threads.');
  const { processor: _, ...unmeasured } = processorReport;
  expect(words(unmeasured)).toBe('No GPU here: this device’s processor answers.');
  expect(words(oneThread, true)).toBe('As you chose: this device’s processor answers, 1 thread.');
  expect(words(software)).toBe(
    'No GPU here: SwiftShader, software in place of a GPU, answers on the processor, slowly.',
  );
});

test('one thread is explained where more are kept away, and only there', () => {
  expect(oneThreadInWords(oneThread)).toMatch(/^Only one thread, because .*: reload the page once\.$/);
  expect(oneThreadInWords(processorReport)).toBeNull();
  expect(oneThreadInWords(gpuReport)).toBeNull();
});
