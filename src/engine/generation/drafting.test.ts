import { beforeAll, describe, expect, it } from 'vitest';
import { scriptModel } from '../../../test/support/scripted-model.ts';
import { loadNanoVocabulary } from '../../../test/support/vocabularies.ts';
import { createTokenizer, type Tokenizer } from '../tokenizer/tokenizer.ts';
import { greedySampling, type SamplingSettings } from '../types/sampling.ts';
import { generateTokens } from './generate.ts';
import type { GenerateOptions } from './generate-options.ts';
import { textPrompt } from './prompt.ts';

let tokenizer: Tokenizer;
beforeAll(async () => {
  tokenizer = createTokenizer(await loadNanoVocabulary());
});

const endId = 2;
/** Forty different tokens, and two that ask to repeat them. */
const report = Array.from({ length: 40 }, (_, i) => 1000 + i);
const prompt = [...report, 500, 501];

const ways: [string, SamplingSettings][] = [
  ['its most likely tokens', greedySampling],
  ['tokens drawn on the device', { ...greedySampling, temperature: 0.7, topK: 40, repetitionPenalty: 1.1 }],
  ['tokens drawn on the host', { ...greedySampling, temperature: 0.7, topP: 0.9 }],
];

const options: Omit<GenerateOptions, 'sampling'> = {
  maxTokens: 200,
  stopIds: new Set([endId]),
  drafting: 'always',
};

describe.each(ways)('an answer that repeats the prompt, of %s', (_, sampling) => {
  /** After the prompt it writes `answer`, then the end. */
  async function write(answer: readonly number[], more: Partial<GenerateOptions> = {}, contextTokens = 4096) {
    const scripted = scriptModel(
      tokenizer,
      position => answer[position - prompt.length] ?? endId,
      contextTokens,
      true,
    );
    const result = await generateTokens(scripted.model, textPrompt(prompt), {
      ...options,
      sampling,
      ...more,
    });
    return { ...scripted, ...result };
  }

  it('is the same, in fewer steps', async () => {
    const { ids, stopReason, usage, drafted, unread, model } = await write(report);
    expect(ids).toEqual(report);
    expect(stopReason).toBe('end');
    expect(usage.generatedTokens).toBe(40);
    expect(drafted.every(({ length }) => [2, 4, 8].includes(length))).toBe(true);
    expect(usage.tokensPerStep).toBeGreaterThan(4);
    expect(unread()).toBe(0);
    expect(model.cache.keys).toEqual([...prompt, ...report]);
  });

  it('takes a step a token where drafts are not wished, or where the model makes none', async () => {
    const never = await write(report, { drafting: 'never' });
    expect([never.ids, never.drafted, never.usage.tokensPerStep]).toEqual([report, [], 1]);
    const single = scriptModel(tokenizer, position => report[position - prompt.length] ?? endId);
    const { ids } = await generateTokens(single.model, textPrompt(prompt), { ...options, sampling });
    expect([ids, single.drafted]).toEqual([report, []]);
  });

  it('goes on with what was chosen where a draft is wrong, and drafts again', async () => {
    const changed = report.with(9, 700).with(10, 701).with(25, 702);
    const { ids, usage, drafted, submitted, model } = await write(changed);
    expect(ids).toEqual(changed);
    expect(submitted()).toBeGreaterThan(0);
    expect(drafted.length).toBeGreaterThan(3);
    expect(usage.tokensPerStep).toBeGreaterThan(1);
    expect(model.cache.keys).toEqual([...prompt, ...changed]);
  });

  it('counts as steps what the model was asked', async () => {
    const { usage, drafted, submitted } = await write(report);
    // All but the first token, and the end; steps that were under way at the end were not waited for.
    const steps = 40 / usage.tokensPerStep!;
    expect(steps).toBeCloseTo(Math.round(steps), 9);
    expect(Math.round(steps)).toBeLessThanOrEqual(drafted.length + submitted());
    expect(Math.round(steps)).toBeGreaterThan(drafted.length);
  });

  it('ends at its limit in the middle of what was drafted', async () => {
    for (let maxTokens = 1; maxTokens < 24; maxTokens++) {
      const { ids, stopReason, model } = await write(report, { maxTokens });
      expect(ids).toEqual(report.slice(0, maxTokens));
      expect(stopReason).toBe('max-tokens');
      expect(model.cache.keys).toEqual([...prompt, ...report.slice(0, maxTokens - 1)]);
    }
  });

  it('writes nothing past the last position', async () => {
    for (let room = 7; room < 30; room++) {
      const { ids, stopReason, drafted } = await write(report, {}, prompt.length + room);
      expect(ids).toEqual(report.slice(0, room));
      expect(stopReason).toBe('context-full');
      expect(drafted.length).toBeGreaterThan(0);
    }
  });

  it('ends at a stop string in the middle of what was drafted', async () => {
    for (let last = 3; last < 20; last++) {
      const seen: number[] = [];
      const { ids, stopReason, model, unread } = await write(report, {
        onToken: id => {
          seen.push(id);
          return seen.length < last;
        },
      });
      expect(ids).toEqual(report.slice(0, last));
      expect(seen).toEqual(ids);
      expect(stopReason).toBe('stop-string');
      expect(unread()).toBe(0);
      expect(model.cache.keys).toEqual([...prompt, ...report.slice(0, last - 1)]);
    }
  });

  it('ends within a step when it is stopped', async () => {
    for (let last = 1; last < 20; last++) {
      const stop = new AbortController();
      let seen = 0;
      const { ids, stopReason, model, unread } = await write(report, {
        signal: stop.signal,
        onToken: () => {
          if (++seen === last) stop.abort();
          return true;
        },
      });
      expect(ids).toEqual(report.slice(0, last));
      expect(stopReason).toBe('aborted');
      expect(unread()).toBe(0);
      expect(model.cache.keys).toEqual([...prompt, ...report.slice(0, last - 1)]);
    }
  });

  it('fails where numbers are broken in the middle of what was drafted, and nothing of the cache is kept', async () => {
    const broken = write(report.with(20, 0xffffffff));
    await expect(broken).rejects.toMatchObject({ code: 'gpu-error' });
  });
});
