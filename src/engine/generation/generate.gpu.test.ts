import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { bundledModel, fixture, readJson } from '../../../test/support/data.ts';
import { computeAdapters, openDevice } from '../../../test/support/gpu.ts';
import { BedsideError } from '../errors.ts';
import { bytesSource } from '../formats/byte-source.ts';
import type { WebGpuDevice } from '../gpu/device.ts';
import { type LanguageModel, loadModel } from '../loading/load-model.ts';
import { greedySampling, mildSampling, type SamplingSettings } from '../types/sampling.ts';
import { answer } from './answer.ts';
import type { AnswerRequest } from './answer-request.ts';
import { generateTokens } from './generate.ts';
import { textPrompt } from './prompt.ts';

const modelBytes = readFileSync(bundledModel);
const { cases } = readJson<{ cases: { question: string; ids: number[]; greedy: number[]; text: string }[] }>(
  fixture('golden/golden-nano-chat-q8_0.json'),
);
const golden = cases[1]!; // "What is Marfan syndrome?"
const [adapter] = computeAdapters;

function ask(text: string, more: Partial<AnswerRequest> = {}): AnswerRequest {
  return {
    template: 'pmc-llama',
    includeHistory: false,
    messages: [{ role: 'user', text }],
    sampling: greedySampling,
    maxTokens: 24,
    ...more,
  };
}

describe.skipIf(!adapter)(`generation on ${adapter ?? 'no adapter: install lavapipe'}`, () => {
  let device: WebGpuDevice;
  let model: LanguageModel;
  beforeEach(async () => {
    device = await openDevice(adapter!);
    model = await loadModel(device, bytesSource(modelBytes), { precision: 'f32', contextTokens: 256 });
  });
  afterEach(() => device.destroy());

  const options = { sampling: greedySampling, maxTokens: 24, stopIds: new Set([2]) };

  it('reuses the longest common prefix and answers the same', async () => {
    const first = await generateTokens(model, textPrompt(golden.ids), options);
    expect(first.ids).toEqual(golden.greedy.slice(0, 24));
    expect(first.usage.cachedTokens).toBe(0);
    const again = await generateTokens(model, textPrompt(golden.ids), options);
    expect(again.usage.cachedTokens).toBe(golden.ids.length - 1);
    expect(again.ids).toEqual(first.ids);
    // Another question shares the instruction before it and nothing after.
    const other = cases[2]!;
    const third = await generateTokens(model, textPrompt(other.ids), options);
    expect(third.usage.cachedTokens).toBeGreaterThan(20);
    expect(third.usage.cachedTokens).toBeLessThan(other.ids.length - 1);
    expect(third.ids).toEqual(other.greedy.slice(0, 24));
    // The answer itself is in the cache for the turn after it.
    const followUp = await generateTokens(model, textPrompt([...other.ids, ...third.ids, 13]), options);
    expect(followUp.usage.cachedTokens).toBeGreaterThanOrEqual(other.ids.length + third.ids.length - 1);
  });

  it('allocates nothing and compiles nothing while decoding', async () => {
    await generateTokens(model, textPrompt(golden.ids), options);
    const before = { bytes: device.memory.bytes, pipelines: device.compiledKernels };
    await generateTokens(model, textPrompt(cases[2]!.ids), options);
    expect({ bytes: device.memory.bytes, pipelines: device.compiledKernels }).toEqual(before);
    expect(before.pipelines).toBeLessThanOrEqual(30);
    expect(model.info.deviceBytes).toBe(device.memory.bytes);
  });

  it('stops within a step when aborted, and the cache stays usable', async () => {
    const stop = new AbortController();
    const result = await answer(model, ask(golden.question), {
      signal: stop.signal,
      onText: (_, tokens) => {
        if (tokens >= 5) stop.abort();
      },
    });
    expect(result.stopReason).toBe('aborted');
    expect(result.ids.length).toBeLessThanOrEqual(6);
    expect(golden.text.startsWith(result.text)).toBe(true);
    const again = await answer(model, ask(golden.question));
    expect(again.ids).toEqual(golden.greedy.slice(0, 24));
  });

  it.each<[string, Partial<SamplingSettings>]>([
    ['greedy', {}],
    ['drawn', { temperature: 0.8, topK: 20, seed: 7 }],
    ['penalised', { repetitionPenalty: 1.2 }],
  ])('an answer cut off at any token goes on as if it had not been: %s', async (_, sampling) => {
    const request = { sampling: { ...greedySampling, ...sampling }, maxTokens: 16 };
    const told: { text: string; ids: readonly number[] }[] = [];
    const whole = await answer(model, ask(golden.question, request), {
      onText: (text, _tokens, ids) => told.push({ text, ids }),
    });
    expect(told.flatMap(({ ids }) => ids)).toEqual(whole.ids);
    for (const cut of [1, 5, told.length - 1]) {
      const begun = {
        text: told
          .slice(0, cut)
          .map(({ text }) => text)
          .join(''),
        tokenIds: told.slice(0, cut).flatMap(({ ids }) => ids),
      };
      model.cache.truncate(0); // As after the GPU was lost.
      let streamed = begun.text;
      const rest = await answer(
        model,
        ask(golden.question, { ...request, begun, maxTokens: 16 - begun.tokenIds.length }),
        {
          onText(text) {
            streamed += text;
          },
        },
      );
      expect(rest.ids).toEqual(whole.ids);
      expect([rest.text, streamed]).toEqual([whole.text, whole.text]);
      expect(rest).toMatchObject({ stopReason: whole.stopReason, usedTokens: whole.usedTokens });
      expect(rest.usage).toMatchObject({ promptTokens: whole.usage.promptTokens, generatedTokens: 16 });
    }
  });

  it('goes on from the text alone where the tokens are unknown or those of another model', async () => {
    const whole = await answer(model, ask(golden.question));
    const text = whole.text.slice(0, 30);
    for (const tokenIds of [[], [5, 6, 7], [10 ** 7]]) {
      const rest = await answer(model, ask(golden.question, { begun: { text, tokenIds } }));
      expect(rest.text.startsWith(text)).toBe(true);
      expect(rest.text.length).toBeGreaterThan(text.length);
    }
  });

  it('ends at the answer limit, at a stop string and at the context limit, and says which', async () => {
    expect((await answer(model, ask(golden.question, { maxTokens: 3 }))).stopReason).toBe('max-tokens');
    const cut = await answer(model, ask(golden.question, { stopStrings: [' of the connective'] }));
    expect(cut.stopReason).toBe('stop-string');
    expect(cut.text).toBe('Marfan syndrome is a disorder');
    const long = 'of '.repeat(200);
    const full = await answer(model, ask(long, { maxTokens: 400 }));
    expect(full.stopReason).toBe('context-full');
    expect(full.usedTokens).toBe(256);
  });

  it('refuses a question longer than the context, and goes on working', async () => {
    const tooLong = answer(model, ask('asthma '.repeat(400)));
    await expect(tooLong).rejects.toMatchObject({ code: 'context-full' });
    expect((await answer(model, ask('Are you a doctor?'))).text).toContain('demonstration');
  });

  it('leaves out the oldest turns first and counts them', async () => {
    const turn = (n: number) => [
      { role: 'user' as const, text: `Question ${n} ${'about lungs '.repeat(12)}` },
      { role: 'assistant' as const, text: `Answer ${n} ${'about lungs '.repeat(12)}` },
    ];
    const messages = [...turn(1), ...turn(2), ...turn(3), { role: 'user' as const, text: 'What is asthma?' }];
    const result = await answer(model, ask('', { messages, includeHistory: true, maxTokens: 16 }));
    expect(result.droppedMessages).toBeGreaterThan(0);
    expect(result.droppedMessages % 2).toBe(0);
    expect(result.usage.promptTokens).toBeLessThanOrEqual(256 - 16);
    const alone = await answer(model, ask('', { messages, includeHistory: false, maxTokens: 4 }));
    expect(alone.droppedMessages).toBe(0);
  });

  it('samples: same seed same answer, another seed another, candidates and full logits alike', async () => {
    const sampling: SamplingSettings = {
      temperature: 2,
      topK: 50,
      topP: 1,
      minP: 0,
      repetitionPenalty: 1.1,
      repetitionWindow: 64,
      seed: 7,
    };
    const draw = (settings: SamplingSettings) =>
      answer(model, ask('Tell me a story.', { sampling: settings }));
    const first = await draw(sampling);
    expect((await draw(sampling)).ids).toEqual(first.ids);
    expect((await draw({ ...sampling, seed: 8 })).ids).not.toEqual(first.ids);
    // Top-k over everything that matters goes through all logits on the host and must choose the same.
    // What min-p leaves is the same for both, so that the same draw falls on the same token.
    const both = { ...sampling, temperature: 0.7, topP: 0.999, minP: 0.1, repetitionPenalty: 1 };
    const narrow = await draw({ ...both, topK: 100 });
    const wide = await draw({ ...both, topK: 0 });
    expect(wide.ids).toEqual(narrow.ids);
    expect(wide.ids.length).toBeGreaterThan(1);
    expect((await draw({ ...both, topK: 0, seed: 8 })).ids).not.toEqual(wide.ids);
    // With min-p alone the candidates do as well, wherever its cut falls among them.
    const cut = { ...both, topP: 1, minP: 0.05 };
    const readLogits = vi.spyOn(model, 'readLogits');
    const ranked = await draw({ ...cut, topK: 100 });
    expect((await draw({ ...cut, topK: 0 })).ids).toEqual(ranked.ids);
    expect(readLogits).not.toHaveBeenCalled();
    const mild = { ...mildSampling, seed: 7 };
    expect((await draw(mild)).ids).toEqual((await draw(mild)).ids);
    expect(readLogits).not.toHaveBeenCalled();
    readLogits.mockRestore();
  });

  it('answers again after broken numbers: nothing of the broken cache is reused', async () => {
    await generateTokens(model, textPrompt(golden.ids), options);
    device.write(model.cache.layers[0]!.values, 0, new Float32Array([Number.NaN]));
    const broken = generateTokens(model, textPrompt(golden.ids), options);
    await expect(broken).rejects.toMatchObject({ code: 'gpu-error' });
    const again = await generateTokens(model, textPrompt(golden.ids), options);
    expect(again.usage.cachedTokens).toBe(0);
    expect(again.ids).toEqual(golden.greedy.slice(0, 24));
  });

  it('refuses a step past the last position, where the GPU would write over another page', () => {
    expect(() => model.submitGreedyStep(model.contextTokens)).toThrow('256 tokens');
  });

  it('reports a lost device and rejects everything after it', async () => {
    const lost = answer(model, ask(golden.question), {
      onText: (_, tokens) => {
        if (tokens === 3) device.gpu.destroy();
      },
    });
    await expect(lost).rejects.toMatchObject({ code: 'device-lost' });
    await expect(device.lost).resolves.toBeInstanceOf(BedsideError);
    await expect(answer(model, ask('Hello'))).rejects.toMatchObject({ code: 'device-lost' });
    const fresh = await openDevice(adapter!);
    const reloaded = await loadModel(fresh, bytesSource(modelBytes), {
      precision: 'f32',
      contextTokens: 256,
    });
    expect((await answer(reloaded, ask(golden.question))).ids).toEqual(golden.greedy.slice(0, 24));
    fresh.destroy();
  });

  it('refuses settings out of range and text without a question', async () => {
    const hot = { ...greedySampling, temperature: -1 };
    await expect(answer(model, ask('x', { sampling: hot }))).rejects.toMatchObject({
      code: 'invalid-request',
    });
    await expect(answer(model, ask('x', { maxTokens: 0 }))).rejects.toMatchObject({
      code: 'invalid-request',
    });
    await expect(answer(model, ask('', { messages: [] }))).rejects.toMatchObject({ code: 'invalid-request' });
  });
});
