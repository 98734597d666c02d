import { beforeAll, describe, expect, it } from 'vitest';
import { scriptModel } from '../../../test/support/scripted-model.ts';
import { loadNanoVocabulary } from '../../../test/support/vocabularies.ts';
import { createTokenizer, type Tokenizer } from '../tokenizer/tokenizer.ts';
import { greedySampling, type SamplingSettings } from '../types/sampling.ts';
import { answer } from './answer.ts';
import type { AnswerRequest } from './answer-request.ts';
import { composePrompt, noImages } from './compose-prompt.ts';

let tokenizer: Tokenizer;
let passage: number[];
beforeAll(async () => {
  tokenizer = createTokenizer(await loadNanoVocabulary());
  passage = tokenizer.encode(
    'Explanation: the patient has a fever and a cough for three weeks, with night sweats, so that tuberculosis must be excluded before any treatment. ',
  );
});

const drawn: SamplingSettings = { ...greedySampling, temperature: 1, topK: 1 };
/** Too cold for numbers of 32 bits. */
const drawnOnHost: SamplingSettings = { ...drawn, temperature: 1e-4 };
const request = (more: Partial<AnswerRequest> = {}): AnswerRequest => ({
  template: 'pmc-llama',
  includeHistory: false,
  messages: [{ role: 'user', text: 'Why does the patient cough?' }],
  sampling: greedySampling,
  maxTokens: 2000,
  ...more,
});

/** A model that writes these tokens over and over after the prompt, or once and then ends. */
async function modelWriting(ids: readonly number[], { once = false } = {}) {
  const { prompt } = await composePrompt(scriptModel(tokenizer, () => 0).model, request(), noImages, {});
  const start = prompt.ids.length;
  const scripted = scriptModel(tokenizer, position => {
    const index = position - start;
    return once && index >= ids.length ? tokenizer.eosIds[0]! : ids[index % ids.length]!;
  });
  return { ...scripted, prompt };
}

const times = (count: number) => Array.from({ length: count }, () => passage).flat();

describe.each([
  ['chosen on the GPU, steps ahead', greedySampling],
  ['drawn on the GPU, steps ahead', drawn],
  ['drawn on the host', drawnOnHost],
])('an answer that repeats a passage, %s', (_, sampling) => {
  it('ends with its third time, in text, ids and cache alike', async () => {
    const { model, prompt, unread, submitted } = await modelWriting(passage);
    let streamed = '';
    const result = await answer(model, request({ sampling }), {
      onText(text) {
        streamed += text;
      },
    });
    expect(result.stopReason).toBe('repetition');
    expect(result.ids).toEqual(times(3));
    expect(result.text).toBe(tokenizer.decode(times(3), { stripLeadingSpace: tokenizer.addsSpacePrefix }));
    expect(streamed).toBe(result.text);
    expect(result.usage.generatedTokens).toBe(3 * passage.length);
    expect(result.usedTokens).toBe(prompt.ids.length + 3 * passage.length);
    // Steps that ran ahead were read to their end, and nothing of them is kept.
    expect(unread()).toBe(0);
    const written = [...prompt.keys, ...result.ids];
    expect(model.cache.keys).toEqual(written.slice(0, model.cache.keys.length));
    expect(model.cache.keys.length).toBeGreaterThanOrEqual(written.length - 1);
    if (sampling !== drawnOnHost) {
      expect(submitted()).toBe(result.ids.length + model.stepsInFlight.count - 2);
    }
  });

  it('goes on when it is to, and ends again only with three more times', async () => {
    const { model, prompt } = await modelWriting(passage);
    const first = await answer(model, request({ sampling }));
    const begun = { text: first.text, tokenIds: first.ids };
    const second = await answer(model, request({ sampling, begun }));
    expect(second).toMatchObject({ stopReason: 'repetition', ids: times(6) });
    expect(second.text.startsWith(first.text)).toBe(true);
    expect(second.usage.cachedTokens).toBeGreaterThanOrEqual(prompt.ids.length + first.ids.length - 1);
    expect(model.cache.keys).toEqual([...prompt.keys, ...second.ids].slice(0, model.cache.keys.length));
  });

  it('ends by itself where it says a passage only twice', async () => {
    const ids = [...times(2), ...tokenizer.encode('In short, exclude tuberculosis.')];
    const { model } = await modelWriting(ids, { once: true });
    expect(await answer(model, request({ sampling }))).toMatchObject({ stopReason: 'end', ids });
  });

  it('ends at the answer limit where that comes before', async () => {
    const { model } = await modelWriting(passage);
    const maxTokens = 3 * passage.length - 1;
    expect(await answer(model, request({ sampling, maxTokens }))).toMatchObject({
      stopReason: 'max-tokens',
      ids: times(3).slice(0, maxTokens),
    });
  });
});
