import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { bundledModel, fixture, readJson } from '../../../test/support/data.ts';
import { everyDevice, openAnyDevice, runsAllCases } from '../../../test/support/gpu.ts';
import type { EngineDevice } from '../device/device.ts';
import { bytesSource } from '../formats/byte-source.ts';
import { mayDraw, undecidedId } from '../kernels/draw.ts';
import { type LanguageModel, loadModel } from '../loading/load-model.ts';
import { createSampler } from '../sampling/sampler.ts';
import { greedySampling, mildSampling, type SamplingSettings } from '../types/sampling.ts';
import { AnswerRun } from './answer-run.ts';
import { chooseOnHost } from './choose-on-host.ts';
import { drawOnDevice } from './draw-on-device.ts';
import { generateTokens } from './generate.ts';
import { prefill } from './prefill.ts';
import { textPrompt } from './prompt.ts';

const { cases } = readJson<{ cases: { ids: number[] }[] }>(fixture('golden/golden-nano-chat-q8_0.json'));
const prompt = textPrompt(cases[1]!.ids);
const warm = { ...greedySampling, temperature: 0.7, topK: 40, topP: 0.95 };

const settingsToTry: [string, SamplingSettings][] = [
  ['greedy with a penalty', { ...greedySampling, repetitionPenalty: 1.2 }],
  ['top-k and top-p', warm],
  ['top-k, top-p and a penalty', { ...warm, repetitionPenalty: 1.1, temperature: 1.2 }],
  ['min-p', { ...warm, topK: 0, topP: 1, minP: 0.05 }],
  ['what is recommended', mildSampling],
  ['hot', { ...warm, temperature: 2, topK: 100, topP: 1 }],
];

describe.each(everyDevice)('answers drawn on %s', name => {
  // A token of a software adapter takes many times as long as the processor's own.
  const isBrief = name !== 'processor' && !runsAllCases();
  const seeds = isBrief ? [1] : [1, 2, 3];
  const answerTokens = isBrief ? 16 : 48;
  let device: EngineDevice;
  let model: LanguageModel;
  beforeAll(async () => {
    device = await openAnyDevice(name);
    const source = bytesSource(readFileSync(bundledModel));
    model = await loadModel(device, source, { precision: 'f32', contextTokens: 256 });
  });
  afterAll(() => device.destroy());

  /** The same answer by one of the two ways. */
  async function answer(way: 'device' | 'host', sampling: SamplingSettings, maxTokens = answerTokens) {
    model.cache.truncate(0);
    const options = { sampling, maxTokens, stopIds: new Set([2]) };
    const run = new AnswerRun(model, options, maxTokens);
    await prefill(model, prompt, {});
    const reason = await (way === 'device'
      ? drawOnDevice(run, prompt)
      : chooseOnHost(run, prompt, createSampler(sampling)));
    return { ids: run.tokens, reason, keys: [...model.cache.keys] };
  }

  it.each(settingsToTry)('are those of the host, token by token: %s', async (_, sampling) => {
    for (const seed of sampling.temperature === 0 ? [0] : seeds) {
      expect(mayDraw(sampling)).toBe(true);
      expect(await answer('device', { ...sampling, seed })).toEqual(
        await answer('host', { ...sampling, seed }),
      );
    }
  });

  it('are the same where the device leaves every ninth step to the host', async () => {
    const expected = await answer('host', { ...warm, seed: 9 });
    let steps = 0;
    const submit = model.submitDrawnStep.bind(model);
    const spy = vi.spyOn(model, 'submitDrawnStep').mockImplementation((position, id) => {
      const read = submit(position, id);
      steps++;
      const isLeft = steps % 9 === 4;
      return async () => {
        const id = await read();
        return isLeft ? undecidedId : id;
      };
    });
    try {
      expect(await answer('device', { ...warm, seed: 9 })).toEqual(expected);
    } finally {
      spy.mockRestore();
    }
  });

  it('go on after a stop as if there had been none', async () => {
    const sampling = { ...warm, repetitionPenalty: 1.1, temperature: 1.5, seed: 4 };
    const whole = await answer('host', sampling);
    for (const tokens of isBrief ? [7] : [1, 2, 7]) {
      const stop = new AbortController();
      let seen = 0;
      const options = { sampling, maxTokens: answerTokens, stopIds: new Set([2]) };
      const stopped = await generateTokens(model, prompt, {
        ...options,
        signal: stop.signal,
        onToken() {
          seen++;
          if (seen === tokens) stop.abort();
          return true;
        },
      });
      expect(stopped).toMatchObject({ stopReason: 'aborted', ids: whole.ids.slice(0, tokens) });
      const begun = textPrompt([...prompt.ids, ...stopped.ids]);
      const rest = await generateTokens(model, begun, {
        ...options,
        drawsBefore: tokens,
        maxTokens: answerTokens - tokens,
      });
      expect(rest.usage.cachedTokens).toBe(begun.ids.length - 1);
      expect([...stopped.ids, ...rest.ids]).toEqual(whole.ids);
    }
  });
});
