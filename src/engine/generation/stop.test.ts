import { readFileSync } from 'node:fs';
import { afterAll, describe, expect, it } from 'vitest';
import { type CountedWork, countedWork, stopLater } from '../../../test/support/counted-work.ts';
import { bundledModel, fixture, readJson } from '../../../test/support/data.ts';
import { openProcessor } from '../../../test/support/processor.ts';
import { bytesSource } from '../formats/byte-source.ts';
import { type LanguageModel, loadModel } from '../loading/load-model.ts';
import { mostStepsInFlight } from '../models/pace/steps-in-flight.ts';
import { greedySampling, mildSampling } from '../types/sampling.ts';
import { generateTokens } from './generate.ts';
import { textPrompt } from './prompt.ts';

const modelBytes = readFileSync(bundledModel);
const { cases } = readJson<{ cases: { ids: number[] }[] }>(fixture('golden/golden-nano-chat-q8_0.json'));
/** Three chunks of a prefill, and a rest. */
const ids = Array.from({ length: 3 * 128 + 40 }, (_, i) => cases[i % 3]!.ids[i % 50]!);
const prompt = textPrompt(ids);

interface Opened {
  model: LanguageModel;
  work: CountedWork;
}

/** By the number of helpers. */
const opened = new Map<number, Promise<Opened>>();
afterAll(async () => {
  for (const each of opened.values()) (await each).model.device.destroy();
});

/** With nothing in its cache. */
async function open(threads: number): Promise<Opened> {
  const known = opened.get(threads) ?? load(threads);
  opened.set(threads, known);
  (await known).model.cache.truncate(0);
  return known;
}

async function load(threads: number): Promise<Opened> {
  const device = await openProcessor(threads);
  const model = await loadModel(device, bytesSource(modelBytes), { precision: 'f32', contextTokens: 512 });
  return { model, work: await countedWork(device) };
}

/** Longer than what may be under way when a stop is heard, after the tokens that are waited for: no answer ends by itself before. */
const maxTokens = 6 + mostStepsInFlight + 10;
const options = { sampling: greedySampling, maxTokens, stopIds: new Set<number>() };

/** An answer, and the bits of the logits after it. */
async function ask(model: LanguageModel, more: Partial<Parameters<typeof generateTokens>[2]> = {}) {
  const { ids, usage } = await generateTokens(model, prompt, { ...options, ...more });
  return { ids, cached: usage.cachedTokens, logits: new Uint32Array((await model.readLogits()).buffer) };
}

/** Of any number of threads. */
let fresh: Awaited<ReturnType<typeof ask>> | undefined;

describe.each([0, 1, 2, 3])('a stop on the processor with %i helpers', threads => {
  it.each([
    ['before the first chunk', 0, 0],
    ['in the first chunk', 0, 1],
    ['in the second', 128, 3],
    ['in the last', 384, 2],
  ])(
    '%s: what was abandoned is not cached, and the next answer is bit-equal to a fresh one',
    async (_, at, turns) => {
      fresh ??= await ask((await open(0)).model);
      const { model, work } = await open(threads);
      const stop = new AbortController();
      const stopped = await generateTokens(model, prompt, {
        ...options,
        signal: stop.signal,
        onPrefill: done => {
          if (done === at) stopLater(work, stop, turns);
        },
      });
      expect(stopped).toMatchObject({ stopReason: 'aborted', ids: [] });
      expect(model.cache.keys).toEqual(ids.slice(0, at));
      const again = await ask(model);
      expect(again.cached).toBe(at);
      expect(again.ids).toEqual(fresh.ids);
      expect(again.logits).toEqual(fresh.logits);
    },
  );
});

describe.each([0, 2])('a stop while it answers, with %i helpers', threads => {
  it.each([
    ['chosen by the device', greedySampling],
    ['drawn by the host', { ...mildSampling, seed: 3 }],
  ])('keeps only what is known to be done, %s', async (_, sampling) => {
    const { model, work } = await open(threads);
    const whole = await ask(model, { sampling });
    for (const [tokens, turns] of [
      [1, 0],
      [4, 0],
      [4, 1],
      [6, 2],
    ] as const) {
      const stop = new AbortController();
      const seen: number[] = [];
      const stopped = await generateTokens(model, prompt, {
        ...options,
        sampling,
        signal: stop.signal,
        onToken(id) {
          seen.push(id);
          if (seen.length === tokens) stopLater(work, stop, turns);
          return true;
        },
      });
      expect(stopped.stopReason).toBe('aborted');
      expect(stopped.ids).toEqual(seen);
      expect(whole.ids.slice(0, seen.length)).toEqual(seen);
      // The last token may have been in a step that was abandoned.
      expect(model.cache.keys).toEqual([...ids, ...seen.slice(0, -1)]);
      // What is kept is right: the answer goes on from it.
      const begun = textPrompt([...ids, ...seen]);
      const rest = await generateTokens(model, begun, {
        ...options,
        sampling,
        drawsBefore: seen.length,
        maxTokens: options.maxTokens - seen.length,
      });
      expect(rest.usage.cachedTokens).toBe(ids.length + seen.length - 1);
      expect([...seen, ...rest.ids]).toEqual(whole.ids);
    }
  });
});
