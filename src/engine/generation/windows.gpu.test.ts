import { describe, expect, it } from 'vitest';
import { convertFolder } from '../../../test/support/convert-folder.ts';
import { dataFile, readJson } from '../../../test/support/data.ts';
import { computeAdapters, openAnyDevice } from '../../../test/support/gpu.ts';
import { expectClose } from '../../../test/support/run-kernels.ts';
import { bytesSource } from '../formats/byte-source.ts';
import { loadModel } from '../loading/load-model.ts';
import { greedySampling } from '../types/sampling.ts';
import { generateTokens } from './generate.ts';
import { textPrompt } from './prompt.ts';

const golden = dataFile('testdata/families/golden/gemma3-nano.json');

/** PyTorch in float32, of a text of many windows. */
interface LongCase {
  name: string;
  ids: number[];
  last_logits: number[];
  greedy: number[];
}

// windows.test.ts has more of it, on the processor.
describe.skipIf(!golden).each(computeAdapters)('rings of a window on %s (needs BEDSIDE_DATA)', adapter => {
  it('hold what PyTorch sees, read in long steps, and what is left of an edited conversation', async () => {
    const { cases } = readJson<{ cases: LongCase[] }>(golden!);
    const { ids, last_logits, greedy } = cases.find(({ name }) => name === 'long200')!;
    const device = await openAnyDevice(adapter);
    try {
      const bytes = await convertFolder(dataFile('testdata/families/gemma3-nano')!, 'keep');
      const options = { precision: 'f32', contextTokens: 512, chunkTokens: 128 } as const;
      const model = await loadModel(device, bytesSource(bytes), options);
      expect(model.cache.ring!.pages * 64).toBeLessThan(ids.length);
      await model.readPrompt({ ids, keys: ids, runs: () => [] });
      expectClose(await model.readLogits(), last_logits, 2e-4);
      const write = async (asked: readonly number[]) => {
        const settings = { sampling: greedySampling, maxTokens: greedy.length, stopIds: new Set<number>() };
        const { ids: written, usage } = await generateTokens(model, textPrompt(asked), settings);
        return { written, cached: usage.cachedTokens };
      };
      const { written } = await write(ids);
      expect(written).toEqual(greedy);
      const known = [...ids, ...written];
      for (const [at, cached] of [
        [known.length - 10, known.length - 10],
        [60, 0],
      ] as const) {
        const edited = [...known.slice(0, at), ...ids.slice(20, 120)];
        const fromCache = await write(edited);
        expect(fromCache.cached).toBe(cached);
        model.cache.truncate(0);
        expect((await write(edited)).written).toEqual(fromCache.written);
      }
    } finally {
      device.destroy();
    }
  });
});
