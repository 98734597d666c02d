/**
 * Models whose layers keep a ring of their window: whatever was asked before, an answer is what the same model writes that keeps
 * every position, and what a fresh run writes. The rings are of two pages, and wrap several times.
 */
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { convertFolder } from '../../../test/support/convert-folder.ts';
import { dataFile } from '../../../test/support/data.ts';
import { openProcessor } from '../../../test/support/processor.ts';
import { expectClose } from '../../../test/support/run-kernels.ts';
import type { EngineDevice } from '../device/device.ts';
import { bytesSource } from '../formats/byte-source.ts';
import { type LanguageModel, loadModel, planModel } from '../loading/load-model.ts';
import { mostStepsInFlight } from '../models/pace/steps-in-flight.ts';
import { KvCache } from '../models/tensors/kv-cache.ts';
import { Random } from '../random.ts';
import type { Precision } from '../types/precision.ts';
import { greedySampling } from '../types/sampling.ts';
import type { Drafting } from './drafts.ts';
import { generateTokens } from './generate.ts';
import { generateSamples } from './generate-samples.ts';
import { textPrompt } from './prompt.ts';

const contextTokens = 1024;
/** Room for a window of 48 or 16 and 64 tokens more. */
const ringPositions = 128;

const random = new Random(11);
const below = (count: number) => Math.floor(random.nextFloat() * count);
/** Of the words of a vocabulary of a thousand. */
const someIds = (count: number) => Array.from({ length: count }, () => 300 + below(700));

/** By how much a logit of some 10 may be off after sums in another order, where keys and values are rounded. */
const precisions = [
  ['f32', 1e-4],
  ['f16', 0.01],
  ['q8', 0.05],
  ['q4', 0.5],
] as const;

describe.skipIf(!dataFile('testdata/families')).each(['mistral-nano', 'gemma3-nano'])(
  '%s, with rings of its window (needs BEDSIDE_DATA)',
  name => {
    const devices: EngineDevice[] = [];
    let file: Uint8Array;
    let model: LanguageModel;
    /** Keeps every position. */
    let whole: LanguageModel;
    const load = async (precision: Precision) => {
      const device = await openProcessor();
      devices.push(device);
      return loadModel(device, bytesSource(file), { precision, chunkTokens: 128, contextTokens });
    };
    const loadWhole = async (precision: Precision) => {
      const allocate = KvCache.allocate.bind(KvCache);
      const spy = vi.spyOn(KvCache, 'allocate').mockImplementation((device, { ring: _, ...shape }) => {
        return allocate(device, shape);
      });
      const loaded = await load(precision);
      spy.mockRestore();
      return loaded;
    };
    beforeAll(async () => {
      file = await convertFolder(dataFile(`testdata/families/${name}`)!, 'keep');
      model = await load('f32');
      whole = await loadWhole('f32');
      expect(model.cache.ring?.pages).toBe(ringPositions / 64);
      expect(whole.cache.ring).toBeUndefined();
    });
    afterAll(() => {
      for (const device of devices) device.destroy();
    });

    async function write(of: LanguageModel, ids: readonly number[], maxTokens = 24, drafting?: Drafting) {
      const options = { sampling: greedySampling, maxTokens, stopIds: new Set<number>(), drafting };
      const { ids: written, usage } = await generateTokens(of, textPrompt(ids), options);
      return { written, cached: usage.cachedTokens };
    }

    async function afresh(of: LanguageModel, ids: readonly number[], maxTokens = 24) {
      of.cache.truncate(0);
      return (await write(of, ids, maxTokens)).written;
    }

    it('holds what its plan says, and less than with every position', () => {
      const bytes = model.memoryPlan.cache;
      // Tables of pages are planned with it.
      expect(Math.abs(model.cache.bytes / bytes - 1)).toBeLessThan(0.01);
      expect(model.device.memory.bytes).toBeGreaterThanOrEqual(model.memoryPlan.total);
      expect(model.device.memory.bytes / model.memoryPlan.total).toBeLessThan(1.01);
      expect(model.cache.bytes).toBeLessThan(whole.cache.bytes / 3);
    });

    it('takes for several answers what is planned for them', async () => {
      const answers = { count: 3, tokens: 200 };
      const options = { precision: 'f32', chunkTokens: 128, contextTokens } as const;
      const planOf = async (more: object) =>
        (await planModel(model.device.report, bytesSource(file), { ...options, ...more })).memory;
      const planned = await planOf({ answers });
      expect(planned).toEqual({ ...(await planOf({})), answers: planned.answers });
      const before = model.device.memory.bytes;
      for (const prompt of [150, 192]) {
        const ids = someIds(prompt);
        model.cache.truncate(0);
        await model.readPrompt({ ids, keys: ids, runs: () => [] });
        const sequences = await model.openSequences(answers.count, answers.tokens - 1);
        const taken = model.device.memory.bytes - before;
        sequences.close();
        // With the parameters of its kernels, which are not planned.
        expect(taken / planned.answers).toBeGreaterThanOrEqual(1);
        expect(taken / planned.answers).toBeLessThan(1.01);
        expect(model.device.memory.bytes).toBe(before);
      }
    });

    it.each(precisions)(
      'gives the logits of a cache in %s that keeps every position',
      async (precision, most) => {
        const ids = someIds(500);
        const [short, long] =
          precision === 'f32' ? [model, whole] : [await load(precision), await loadWhole(precision)];
        const expected = await long.logitsOfAll(ids);
        expectClose(await short.logitsOfAll(ids), expected, most);
        const last = expected.subarray(-short.config.vocabulary);
        // In steps that are too long for the ring; then token by token, past where it begins anew.
        short.cache.truncate(0);
        await short.readPrompt({ ids, keys: ids, runs: () => [] });
        expectClose(await short.readLogits(), last, most);
        short.cache.truncate(0);
        for (const id of ids) short.submitTokens([id], true);
        expectClose(await short.readLogits(), last, most);
      },
    );

    it('reuses what is left of a conversation that was edited, and reads the rest anew', async () => {
      const ids = someIds(400);
      const first = await afresh(model, ids);
      const asked = [...ids, ...first, ...someIds(30)];
      const second = await write(model, asked);
      expect(second.cached).toBeGreaterThanOrEqual(ids.length + first.length - 1);
      expect(second.written).toEqual(await afresh(whole, asked));
      const known = [...asked, ...second.written];
      const firstHeld = known.length + 24 + mostStepsInFlight - ringPositions;
      for (const at of [450, 439, 345, 200, 60, 20]) {
        const isReused = at + 1 - model.config.window!.tokens >= firstHeld;
        const edited = [...known.slice(0, at), ...someIds(470 - at)];
        await afresh(model, known);
        const { written, cached } = await write(model, edited);
        expect(cached, `edited at ${at}`).toBe(isReused ? at : 0);
        expect(written, `edited at ${at}`).toEqual(await afresh(whole, edited));
        expect(await afresh(model, edited), `edited at ${at}`).toEqual(written);
      }
    });

    it('answers as afresh, whatever was asked, taken back and asked again', async () => {
      let known: number[] = [];
      let reused = 0;
      let anew = 0;
      for (let turn = 0; turn < 24; turn++) {
        const kept = known.slice(0, turn % 3 === 0 ? below(known.length + 1) : known.length - below(40));
        const asked = [...kept, ...someIds(1 + below(150))].slice(-480);
        const { written, cached } = await write(model, asked, 8 + below(24));
        expect(written, `turn ${turn}`).toEqual(await afresh(whole, asked, written.length));
        if (cached > 0) reused++;
        else anew++;
        known = [...asked, ...written];
      }
      expect(Math.min(reused, anew)).toBeGreaterThan(3);
    });

    it('verifies drafts, right ones and wrong ones, as single steps do', async () => {
      const passage = someIds(40);
      const ids = [...someIds(300), ...passage, ...someIds(20), ...passage.slice(0, 8)];
      const alone = await write(model, ids, 60, 'never');
      model.cache.truncate(0);
      const drafted = await write(model, ids, 60, 'always');
      expect(drafted.written).toEqual(alone.written);
      const more = [...ids, ...drafted.written, ...someIds(5)];
      expect((await write(model, more)).written).toEqual(await afresh(whole, more));
    });

    it('writes several answers at once, longer than the ring, and goes on with the question as before', async () => {
      const ids = someIds(333);
      const drawn = { ...greedySampling, temperature: 0.9, topK: 40 };
      const maxTokens = 300;
      const stopIds = new Set<number>();
      model.cache.truncate(0);
      const heldBytes = model.device.memory.bytes;
      const { samples } = await generateSamples(model, textPrompt(ids), {
        sampling: drawn,
        maxTokens,
        stopIds,
        seeds: [1, 2],
        // The first ends early and gives its row to the other.
        onToken: (() => {
          let tokens = 0;
          return (sample: number) => sample > 0 || ++tokens < 100;
        })(),
      });
      expect(samples.map(sample => sample.ids.length)).toEqual([100, maxTokens]);
      expect(model.device.memory.bytes).toBe(heldBytes);
      expect(model.cache.keys).toEqual(ids);
      const more = [...ids, ...someIds(10)];
      const { written, cached } = await write(model, more);
      expect(cached).toBe(ids.length);
      expect(written).toEqual(await afresh(whole, more));
      for (const [seed, sample] of [
        [1, samples[0]!],
        [2, samples[1]!],
      ] as const) {
        const options = { sampling: { ...drawn, seed }, maxTokens: sample.ids.length, stopIds };
        const { ids: alone } = await generateTokens(model, textPrompt(ids), options);
        expect(sample.ids).toEqual(alone);
      }
    });
  },
);
