import { readFileSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { bundledModel } from '../../../test/support/data.ts';
import { plantDrafts } from '../../../test/support/planted-drafts.ts';
import { openProcessor } from '../../../test/support/processor.ts';
import type { EngineDevice } from '../device/device.ts';
import { bytesSource } from '../formats/byte-source.ts';
import { undecidedId } from '../kernels/draw.ts';
import { type LanguageModel, loadModel } from '../loading/load-model.ts';
import { greedySampling, mildSampling, type SamplingSettings } from '../types/sampling.ts';
import type { Drafting } from './drafts.ts';
import { generateTokens } from './generate.ts';
import { textPrompt } from './prompt.ts';

const warm = { ...greedySampling, temperature: 0.7, topK: 40, topP: 0.95 };

/** Drawn on the device, and on the host. */
const settingsToTry: [string, 'device' | 'host', SamplingSettings][] = [
  ['top-k and top-p', 'device', warm],
  ['hot', 'device', { ...warm, temperature: 1.5, topP: 1 }],
  ['min-p alone', 'device', { ...warm, topK: 0, topP: 1, minP: 0.05 }],
  ['min-p and a penalty', 'device', mildSampling],
  ['a strong penalty over few tokens', 'device', { ...warm, repetitionPenalty: 1.4, repetitionWindow: 6 }],
  ['the most likely, with a penalty', 'device', { ...greedySampling, repetitionPenalty: 1.1 }],
  ['top-p alone', 'host', { ...warm, topK: 0 }],
  ['no cut', 'host', { ...warm, topK: 0, topP: 1 }],
  ['a penalty that lifts', 'host', { ...warm, repetitionPenalty: 0.9 }],
];

describe('a sampled answer', { timeout: 60_000 }, () => {
  let device: EngineDevice;
  let model: LanguageModel;
  const asked = () => model.tokenizer.encode('What is asthma?', { addBos: true });
  beforeAll(async () => {
    device = await openProcessor(1);
    const source = bytesSource(readFileSync(bundledModel));
    model = await loadModel(device, source, { precision: 'f32', contextTokens: 256 });
  });
  afterAll(() => device?.destroy());
  afterEach(() => vi.restoreAllMocks());

  async function write(sampling: SamplingSettings, drafting: Drafting, ids = asked()) {
    const options = { sampling, maxTokens: 36, stopIds: new Set([2]), drafting };
    const { usage, ...written } = await generateTokens(model, textPrompt(ids), options);
    return { written: { ...written, keys: [...model.cache.keys] }, tokensPerStep: usage.tokensPerStep! };
  }

  it.each(settingsToTry)('has the text of its seed, with drafts and without: %s', async (_, by, sampling) => {
    const ofDevice = vi.spyOn(model.draftSteps, 'submitDrawn');
    const ofHost = vi.spyOn(model.draftSteps, 'submit');
    const texts = new Set<string>();
    const seeds = sampling.temperature === 0 ? [0] : [1, 2];
    for (const seed of seeds) {
      const alone = await write({ ...sampling, seed }, 'never');
      plantDrafts(alone.written.ids, 999);
      const drafted = await write({ ...sampling, seed }, 'always');
      expect(drafted.written).toEqual(alone.written);
      expect(alone.tokensPerStep).toBe(1);
      expect(drafted.tokensPerStep).toBeGreaterThan(1);
      texts.add(drafted.written.ids.join());
    }
    expect(texts.size).toBe(seeds.length);
    const [used, unused] = by === 'device' ? [ofDevice, ofHost] : [ofHost, ofDevice];
    expect(used).toHaveBeenCalled();
    expect(unused).not.toHaveBeenCalled();
  });

  it('is drafted by steps of eight tokens at most', async () => {
    model.cache.truncate(0);
    const most = new Array<number>(8).fill(1);
    for (const submit of ['submit', 'submitDrawn'] as const) {
      expect(() => model.draftSteps[submit](0, [...most, 1])).toThrow(
        'A step must have 1 to 8 tokens, not 9.',
      );
    }
    expect(await model.draftSteps.submit(0, most)()).toHaveLength(8);
  });

  it('has it with what the prompt is looked up for, too', async () => {
    const { written } = await write(greedySampling, 'never');
    const again = [...asked(), ...written.ids, ...asked()];
    for (const seed of [1, 2, 3]) {
      const alone = await write({ ...warm, seed }, 'never', again);
      const drafted = await write({ ...warm, seed }, 'always', again);
      expect(drafted.written).toEqual(alone.written);
    }
  });

  it('is the same where the device leaves tokens of a draft to the host', async () => {
    const sampling = { ...warm, repetitionPenalty: 1.1, temperature: 0.5, seed: 2 };
    const alone = await write(sampling, 'never');
    const submit = model.draftSteps.submitDrawn.bind(model.draftSteps);
    let left = 0;
    const leave = () => {
      left++;
      return undecidedId;
    };
    plantDrafts(alone.written.ids, 999);
    vi.spyOn(model.draftSteps, 'submitDrawn').mockImplementation((position, ids) => {
      const read = submit(position, ids);
      return async () => (await read()).map((id, row) => ((position + row) % 3 === 0 ? leave() : id));
    });
    expect((await write(sampling, 'always')).written).toEqual(alone.written);
    expect(left).toBeGreaterThan(3);
  });
});
