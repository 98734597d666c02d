import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bundledModel, dataFile, fixture, readJson } from '../../../test/support/data.ts';
import { openProcessor } from '../../../test/support/processor.ts';
import type { EngineDevice } from '../device/device.ts';
import { bytesSource } from '../formats/byte-source.ts';
import { type LanguageModel, loadModel } from '../loading/load-model.ts';
import type { SamplingSettings } from '../types/sampling.ts';
import { greedySampling } from '../types/sampling.ts';
import { generateTokens } from './generate.ts';
import { generateSamples, type SampleOptions } from './generate-samples.ts';
import { textPrompt } from './prompt.ts';
import { RepetitionDetector } from './repetition-detector.ts';

interface Golden {
  cases: { ids: number[] }[];
}

const endId = 2;
const drawn: SamplingSettings = { ...greedySampling, temperature: 0.9, topK: 40 };
const smolFile = dataFile('testdata/smollm2/SmolLM2-135M-Instruct.Q4_1.gguf');
const needs = smolFile ? '' : ' (needs BEDSIDE_DATA)';
const nanoGolden = fixture('golden/golden-nano-chat-q8_0.json');

const models = [
  { name: 'nano-chat', file: bundledModel, golden: nanoGolden, contextTokens: 1024, maxTokens: 72 },
  {
    name: `SmolLM2${needs}`,
    file: smolFile,
    golden: dataFile('testdata/smollm2/golden.json'),
    contextTokens: 1024,
    maxTokens: 24,
  },
];

describe.each(models)(
  'samples of $name',
  { timeout: 300_000 },
  ({ file, golden, contextTokens, maxTokens }) => {
    let device: EngineDevice;
    let model: LanguageModel;
    let ids: readonly number[];
    beforeAll(async () => {
      if (!file) return;
      device = await openProcessor(1);
      model = await loadModel(device, bytesSource(readFileSync(file)), { precision: 'f32', contextTokens });
      ids = readJson<Golden>(golden!).cases[1]!.ids;
    }, 300_000);
    afterAll(() => device?.destroy());

    const options = (more: Partial<SampleOptions> = {}): SampleOptions => ({
      sampling: drawn,
      maxTokens,
      stopIds: new Set([endId]),
      seeds: [1, 2, 3, 4],
      ...more,
    });

    async function alone(seed: number, sampling = drawn) {
      const { ids: written, stopReason } = await generateTokens(model, textPrompt(ids), {
        sampling: { ...sampling, seed },
        maxTokens,
        stopIds: new Set([endId]),
      });
      return { ids: written, stopReason };
    }

    it.skipIf(!file)('four at once are each what a run with its seed writes', async () => {
      const heldBytes = device.memory.bytes;
      const { samples, usage } = await generateSamples(model, textPrompt(ids), options());
      expect(model.cache.keys).toEqual(ids);
      expect(device.memory.bytes).toBe(heldBytes);
      const expected: Awaited<ReturnType<typeof alone>>[] = [];
      for (const seed of [1, 2, 3, 4]) expected.push(await alone(seed));
      expect(samples).toEqual(expected);
      // They are not one answer four times.
      expect(new Set(samples.map(sample => sample.ids.join())).size).toBeGreaterThan(1);
      const tokens = samples.reduce((sum, sample) => sum + sample.ids.length, 0);
      expect(usage.generatedTokens).toBe(tokens);
      expect(usage.tokensPerStep).toBeGreaterThan(2);
      // The prompt was not read again for the runs.
      const again = await generateSamples(model, textPrompt(ids), options({ seeds: [3], maxTokens: 2 }));
      expect(again.usage.cachedTokens).toBe(ids.length - 1);
      expect(again.samples[0]!.ids).toEqual(expected[2]!.ids.slice(0, 2));
    });

    if (file !== bundledModel) return;

    it('share full pages of a prefix of any length, with a penalty as well', async () => {
      const sampling = { ...drawn, repetitionPenalty: 1.2, repetitionWindow: 16 };
      const whole = [...ids];
      while (whole.length < 200) whole.push(...ids);
      for (const length of [63, 64, 65, 128, 130]) {
        const prompt = textPrompt(whole.slice(0, length));
        const more = { sampling, maxTokens: 8, stopIds: new Set<number>() };
        const { samples } = await generateSamples(model, prompt, { ...more, seeds: [5, 6, 7] });
        for (const [i, seed] of [5, 6, 7].entries()) {
          const single = await generateTokens(model, prompt, { ...more, sampling: { ...sampling, seed } });
          expect(samples[i]).toEqual({ ids: single.ids, stopReason: single.stopReason });
        }
      }
    });

    it('end each by itself, and the others go on', async () => {
      const seen: number[][] = [[], [], [], []];
      const { samples } = await generateSamples(
        model,
        textPrompt(ids),
        options({
          onToken: (sample, id) => {
            seen[sample]!.push(id);
            return seen[sample]!.length < 3 * (4 - sample);
          },
          repetition: () => new RepetitionDetector(),
          stopIds: new Set(),
        }),
      );
      expect(samples.map(sample => sample.ids)).toEqual(seen);
      expect(samples.map(sample => [sample.ids.length, sample.stopReason])).toEqual([
        [12, 'stop-string'],
        [9, 'stop-string'],
        [6, 'stop-string'],
        [3, 'stop-string'],
      ]);
      const first = await generateTokens(model, textPrompt(ids), {
        sampling: { ...drawn, seed: 1 },
        maxTokens: 12,
        stopIds: new Set(),
      });
      expect(samples[0]!.ids).toEqual(first.ids);
    });

    it('are heard when they are stopped, and the prompt stays in the cache', async () => {
      const stop = new AbortController();
      const { samples } = await generateSamples(
        model,
        textPrompt(ids),
        options({
          signal: stop.signal,
          stopIds: new Set(),
          onToken: (sample, _) => {
            if (sample === 3) stop.abort();
            return true;
          },
        }),
      );
      expect(samples.map(sample => sample.stopReason)).toEqual(Array(4).fill('aborted'));
      expect(samples.every(sample => sample.ids.length === 1)).toBe(true);
      expect(model.cache.keys).toEqual(ids);
      const again = await generateSamples(model, textPrompt(ids), options({ seeds: [2], maxTokens: 4 }));
      expect(again.samples[0]!.ids).toEqual((await alone(2)).ids.slice(0, 4));
    });

    it('are refused in words where they are too many or do not fit', async () => {
      const ask = (more: Partial<SampleOptions>) => generateSamples(model, textPrompt(ids), options(more));
      await expect(ask({ seeds: [] })).rejects.toMatchObject({ code: 'invalid-request' });
      await expect(ask({ seeds: Array(9).fill(1) })).rejects.toMatchObject({ code: 'invalid-request' });
      await expect(ask({ maxTokens: 900 })).rejects.toMatchObject({
        code: 'context-full',
        message: expect.stringContaining('4 answers at once of up to 900 tokens do not fit'),
      });
      const room = model.roomOfSequences(ids.length, 4) + 1;
      const { samples } = await ask({ maxTokens: room, onToken: () => false });
      expect(samples.map(sample => sample.ids.length)).toEqual([1, 1, 1, 1]);
    });
  },
);

it('samples for which the device has no memory are refused in words, and written once it has', async () => {
  const device = await openProcessor(0, { maxBytes: 128 * 2 ** 20 });
  const source = bytesSource(readFileSync(bundledModel));
  const model = await loadModel(device, source, { precision: 'f32', contextTokens: 256 });
  const prompt = textPrompt(readJson<Golden>(nanoGolden).cases[1]!.ids);
  const options = { sampling: drawn, maxTokens: 4, stopIds: new Set<number>(), seeds: [1, 2, 3] };
  const before = await generateSamples(model, prompt, options);
  const held = device.memory.snapshot();
  // All that is left, in ever smaller pieces.
  for (let bytes = 32 * 2 ** 20; bytes >= 256; ) {
    const isThere = await device.memory.storage('something else', bytes).then(
      () => true,
      () => false,
    );
    if (!isThere) bytes /= 2;
  }
  await expect(generateSamples(model, prompt, options)).rejects.toMatchObject({
    code: 'out-of-memory',
    reason: 'no-memory-for-answers',
    message: expect.stringMatching(
      /for 3 answers at once: they would take [\d.]+\s[kKM]i?B beside the model\.$/,
    ),
  });
  device.memory.releaseExcept(held);
  expect((await generateSamples(model, prompt, options)).samples).toEqual(before.samples);
  device.destroy();
});
