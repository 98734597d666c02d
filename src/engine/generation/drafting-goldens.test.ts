import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bundledModel, dataFile, fixture, readJson } from '../../../test/support/data.ts';
import { openProcessor } from '../../../test/support/processor.ts';
import type { EngineDevice } from '../device/device.ts';
import { bytesSource } from '../formats/byte-source.ts';
import { type LanguageModel, loadModel } from '../loading/load-model.ts';
import { greedySampling } from '../types/sampling.ts';
import type { Drafting } from './drafts.ts';
import { generateTokens } from './generate.ts';
import { textPrompt } from './prompt.ts';

interface Golden {
  cases: { ids: number[]; greedy: number[] }[];
}

const endId = 2;
const smolFile = dataFile('testdata/smollm2/SmolLM2-135M-Instruct.Q4_1.gguf');
const needs = smolFile ? '' : ' (needs BEDSIDE_DATA)';

const models = [
  {
    name: 'nano-chat',
    file: bundledModel,
    golden: fixture('golden/golden-nano-chat-q8_0.json'),
    maxTokens: 72,
  },
  {
    name: `SmolLM2${needs}`,
    file: smolFile,
    golden: dataFile('testdata/smollm2/golden.json'),
    maxTokens: 48,
  },
];

describe.each(models)('prompt lookup with $name', { timeout: 300_000 }, ({ file, golden, maxTokens }) => {
  let device: EngineDevice;
  let model: LanguageModel;
  beforeAll(async () => {
    if (!file) return;
    device = await openProcessor(1);
    model = await loadModel(device, bytesSource(readFileSync(file)), {
      precision: 'f32',
      contextTokens: 1024,
    });
  }, 300_000);
  afterAll(() => device?.destroy());

  async function write(ids: readonly number[], drafting: Drafting, most = maxTokens) {
    const options = { sampling: greedySampling, maxTokens: most, stopIds: new Set([endId]), drafting };
    const { ids: written, usage, stopReason } = await generateTokens(model, textPrompt(ids), options);
    return { written, stopReason, tokensPerStep: usage.tokensPerStep! };
  }

  it.skipIf(!file)('gives the ten golden answers, as single steps do', async () => {
    for (const { ids, greedy } of readJson<Golden>(golden!).cases) {
      const alone = await write(ids, 'never');
      const drafted = await write(ids, 'always');
      expect(alone.written).toEqual(greedy.slice(0, maxTokens).filter(id => id !== endId));
      expect(alone.tokensPerStep).toBe(1);
      expect(drafted.written).toEqual(alone.written);
      expect(drafted.stopReason).toBe(alone.stopReason);
      expect(drafted.tokensPerStep).toBeGreaterThanOrEqual(1);
      const known = [...ids, ...alone.written];
      expect(model.cache.keys).toEqual(known.slice(0, model.cache.keys.length));
    }
  });

  if (file === smolFile)
    it.skipIf(!file)('repeats a report as single steps do, with at least 1.6 tokens a step', async () => {
      const report = readFileSync(fixture('texts/synthetic-report.txt'), 'utf8').trim();
      expect(report.split(/\s+/).length).toBeGreaterThanOrEqual(300);
      const asked = `${report}\n\nThe same report once more, word for word:\n\nSYNTHETIC REPORT,`;
      const ids = model.tokenizer.encode(asked);
      const alone = await write(ids, 'never', 100);
      const drafted = await write(ids, 'always', 100);
      expect(drafted.written).toEqual(alone.written);
      expect(drafted.tokensPerStep).toBeGreaterThanOrEqual(1.6);
    });
});
