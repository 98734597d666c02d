import { beforeAll, describe, expect, it } from 'vitest';
import { scriptModel } from '../../../test/support/scripted-model.ts';
import { loadNanoVocabulary } from '../../../test/support/vocabularies.ts';
import { readThought, ThoughtTracker } from '../templates/thought.ts';
import { createTokenizer, type Tokenizer } from '../tokenizer/tokenizer.ts';
import { greedySampling, type SamplingSettings } from '../types/sampling.ts';
import { answer } from './answer.ts';
import type { AnswerRequest } from './answer-request.ts';
import { composePrompt, noImages } from './compose-prompt.ts';
import { ThoughtBudget, thoughtRoom } from './thought-budget.ts';

let tokenizer: Tokenizer;
beforeAll(async () => {
  tokenizer = createTokenizer(await loadNanoVocabulary());
});

const drawn: SamplingSettings = { ...greedySampling, temperature: 1, topK: 1 };
const request = (more: Partial<AnswerRequest> = {}): AnswerRequest => ({
  template: 'pmc-llama',
  includeHistory: false,
  messages: [{ role: 'user', text: 'Why does the patient cough?' }],
  sampling: greedySampling,
  maxTokens: 200,
  ...more,
});
const encode = (text: string, special = false): number[] =>
  tokenizer.encodeParts([{ text, special }], { addBos: false, spacePrefix: false });

/** Sentences that never repeat, of at least so many tokens. */
function thinking(opens: string, tokens: number): number[] {
  const sentences = Array.from({ length: tokens }, (_, i) => `Reason ${i * 7919}: fever, ${i} days.`);
  return encode(`${opens}\n${sentences.join(' ')}`);
}

/** A model that writes these tokens after the prompt and then ends. */
async function modelWriting(ids: readonly number[], contextTokens = 4096) {
  const { prompt } = await composePrompt(scriptModel(tokenizer, () => 0).model, request(), noImages, {});
  const start = prompt.ids.length;
  const scripted = scriptModel(
    tokenizer,
    position => ids[position - start] ?? tokenizer.eosIds[0]!,
    contextTokens,
  );
  return { ...scripted, prompt };
}

/** What is there of a thought when its limit is reached, what closes it, and an answer. */
function script(opens: string, limit: number) {
  const all = thinking(opens, limit);
  const tracker = new ThoughtTracker();
  let inside = 0;
  const count = all.findIndex((_, i) => {
    const [before, now] = [i, i + 1].map(end => tokenizer.decode(all.slice(0, end)));
    tracker.push(now!.slice(before!.length));
    if (tracker.isInside) inside++;
    return inside === limit;
  });
  const thought = all.slice(0, count + 1);
  const closing = encode(tracker.closing, true);
  const said = encode('Exclude tuberculosis.');
  return { thought, closing, said, ids: [...thought, ...closing, ...said] };
}

describe.each([
  ['chosen on the device', greedySampling],
  ['drawn on the device', drawn],
  ['drawn on the host', { ...drawn, temperature: 1e-4 }],
])('a thought that reaches its limit, %s', (_, sampling) => {
  it.each(['<think>', '## Thinking\n', '**Thought**\n'])(
    'is closed, and the answer follows: %j',
    async opens => {
      const { thought, ids } = script(opens, 90);
      const { model, prompt, unread } = await modelWriting(ids);
      let streamed = '';
      const streamedIds: number[] = [];
      const result = await answer(model, request({ sampling, thoughtTokens: 90 }), {
        onText(text, _tokens, more) {
          streamed += text;
          streamedIds.push(...more);
        },
      });
      expect(result).toMatchObject({ stopReason: 'end', ids });
      expect(result.text).toBe(tokenizer.decode(ids));
      const read = readThought(result.text);
      expect(read).toMatchObject({ answer: 'Exclude tuberculosis.', wasCut: true, isOpen: false });
      expect(tokenizer.decode(thought)).toContain(read.thought);
      expect([streamed, streamedIds]).toEqual([result.text, ids]);
      expect(result.usage.generatedTokens).toBe(ids.length);
      expect(result.usedTokens).toBe(prompt.ids.length + ids.length);
      expect(unread()).toBe(0);
      const written = [...prompt.keys, ...ids];
      expect(model.cache.keys).toEqual(written.slice(0, model.cache.keys.length));
    },
  );

  it('goes on from where it was cut off as if it had not been', async () => {
    const { ids, thought, closing } = script('<think>', 90);
    for (const end of [20, thought.length, thought.length + 3, thought.length + closing.length + 1]) {
      const { model } = await modelWriting(ids);
      const begun = { text: tokenizer.decode(ids.slice(0, end)), tokenIds: ids.slice(0, end) };
      const limits = { thoughtTokens: 90, maxTokens: 300 };
      const result = await answer(model, request({ sampling, begun, ...limits }));
      // In the middle of what closes it there is nothing left to close with: it is closed again.
      if (end < thought.length || end >= thought.length + closing.length) expect(result.ids).toEqual(ids);
      expect(result.text.startsWith(begun.text)).toBe(true);
    }
  });
});

it('a thought within its limit is left alone, and does not count as answer', async () => {
  const ids = encode(
    `<think>\n${'One two three four five six seven. '.repeat(2)}\n</think>\n\nExclude tuberculosis now.`,
  );
  const { model } = await modelWriting(ids);
  const limits = { thoughtTokens: 400, maxTokens: 40 };
  expect(ids.length).toBeGreaterThan(40);
  expect(await answer(model, request(limits))).toMatchObject({ ids, stopReason: 'end' });
  expect(await answer(model, request({ maxTokens: 40 }))).toMatchObject({
    ids: ids.slice(0, 40),
    stopReason: 'max-tokens',
  });
});

it('an answer without a thought ends at its own limit', async () => {
  const ids = thinking('Answer', 90);
  const { model } = await modelWriting(ids);
  const result = await answer(model, request({ thoughtTokens: 400, maxTokens: 60 }));
  expect(result).toMatchObject({ ids: ids.slice(0, 60), stopReason: 'max-tokens' });
});

it('a thought that would leave no room is closed before', async () => {
  const { prompt } = await modelWriting([]);
  const room = 240;
  const { ids } = script('<think>', thoughtRoom(1000, 60, room));
  const { model } = await modelWriting(ids, prompt.ids.length + room);
  const result = await answer(model, request({ thoughtTokens: 1000, maxTokens: 60 }));
  expect(result).toMatchObject({ ids, stopReason: 'end' });
});

it('a stop inside a thought closes nothing', async () => {
  const { model } = await modelWriting(script('<think>', 90).ids);
  const stop = new AbortController();
  const result = await answer(model, request({ thoughtTokens: 90 }), {
    signal: stop.signal,
    onText: (_, tokens) => tokens >= 40 && stop.abort(),
  });
  expect(result.stopReason).toBe('aborted');
  expect(readThought(result.text)).toMatchObject({ isOpen: true, wasCut: false });
});

it.each([0, -1, 1.5, Number.NaN])('a limit of %s tokens is refused', async thoughtTokens => {
  const { model } = await modelWriting([]);
  await expect(answer(model, request({ thoughtTokens }))).rejects.toMatchObject({
    code: 'invalid-request',
    reason: 'thought-limit-out-of-range',
  });
});

it('tokens of a thought that the prompt opened count from the first', () => {
  const budget = new ThoughtBudget(2, 1);
  budget.note('<think>\n');
  expect([budget.push('a'), budget.push('b')]).toEqual([undefined, 'thought']);
  budget.note(budget.closing);
  expect(budget.isInside).toBe(false);
  expect(budget.push('c')).toBe('answer');
});

it('leaves an answer half of the room where there is little', () => {
  expect(thoughtRoom(1000, 400, 4000)).toBe(1000);
  expect(thoughtRoom(1000, 400, 1200)).toBe(800);
  expect(thoughtRoom(1000, 400, 500)).toBe(250);
  expect(thoughtRoom(1000, 400, 1)).toBe(1);
});
