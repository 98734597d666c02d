import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { bundledModel } from '../../../test/support/data.ts';
import { computeAdapters, openDevice } from '../../../test/support/gpu.ts';
import { plantDrafts } from '../../../test/support/planted-drafts.ts';
import { bytesSource } from '../formats/byte-source.ts';
import type { WebGpuDevice } from '../gpu/device.ts';
import { type LanguageModel, loadModel } from '../loading/load-model.ts';
import { greedySampling, mildSampling } from '../types/sampling.ts';
import type { Drafting } from './drafts.ts';
import { generateTokens } from './generate.ts';
import { textPrompt } from './prompt.ts';

describe.skipIf(!computeAdapters.length).each(computeAdapters)('prompt lookup on %s', adapter => {
  let device: WebGpuDevice;
  let model: LanguageModel;
  beforeAll(async () => {
    device = await openDevice(adapter);
    const source = bytesSource(readFileSync(bundledModel));
    model = await loadModel(device, source, { precision: 'f32', contextTokens: 256 });
  });
  afterAll(() => device.destroy());

  function write(ids: readonly number[], drafting: Drafting, sampling = greedySampling) {
    const options = { sampling, maxTokens: 24, stopIds: new Set([2]), drafting };
    return generateTokens(model, textPrompt(ids), options);
  }

  // What the model writes to one question is in the prompt of the next, so that there is something to draft.
  it('writes the same text as single steps do, and allocates nothing', async () => {
    const asked = model.tokenizer.encode('What is asthma?', { addBos: true });
    const { ids: answer } = await write(asked, 'never');
    const again = [...asked, ...answer, ...asked];
    const other = [...asked, ...answer, ...model.tokenizer.encode('What is gout?', { addBos: true })];
    const heldBytes = device.memory.bytes;
    const kernels = device.compiledKernels;
    for (const prompt of [again, other]) {
      const alone = await write(prompt, 'never');
      const drafted = await write(prompt, 'always');
      expect(drafted.ids).toEqual(alone.ids);
      expect(drafted.stopReason).toBe(alone.stopReason);
    }
    expect([device.memory.bytes, device.compiledKernels]).toEqual([heldBytes, kernels]);
  });

  it('draws the same text as single steps do, with a penalty', async () => {
    const sampling = { ...mildSampling, topK: 40, repetitionPenalty: 1.2, seed: 3 };
    const ids = model.tokenizer.encode('What is asthma?', { addBos: true });
    const alone = await write(ids, 'never', sampling);
    plantDrafts(alone.ids, 999);
    try {
      const drafted = await write(ids, 'always', sampling);
      expect(drafted.ids).toEqual(alone.ids);
      expect(drafted.usage.tokensPerStep).toBeGreaterThan(1);
    } finally {
      vi.restoreAllMocks();
    }
  });

  it('chooses of each token what single steps choose', async () => {
    const ids = model.tokenizer.encode('A fever and a cough for three weeks', { addBos: true }).slice(0, 8);
    expect(ids.length).toBe(8);
    const all = await model.logitsOfAll(ids);
    const { vocabulary } = model.config;
    const best = ids.map((_, row) => {
      const logits = all.subarray(row * vocabulary, (row + 1) * vocabulary);
      return logits.indexOf(logits.reduce((most, logit) => Math.max(most, logit)));
    });
    for (const width of [2, 3, 4, 8]) {
      model.cache.truncate(0);
      expect([...(await model.draftSteps.submit(0, ids.slice(0, width))())]).toEqual(best.slice(0, width));
    }
    model.device.write(model.cache.layers[0]!.values, 0, new Float32Array([Number.NaN]));
    expect([...(await model.draftSteps.submit(1, ids.slice(1, 3))())]).toEqual([0xffffffff, 0xffffffff]);
  });
});
