import { waitUnlessAborted } from '../device/abandon.ts';
import { abortedError } from '../errors.ts';
import { contextFullError } from '../models/check-step.ts';
import { mostDraftRows } from '../models/draft-choice.ts';
import type { LanguageModel } from '../models/language-model.ts';
import { createStreamingDecoder } from '../tokenizer/streaming-decoder.ts';
import type { Tokenizer } from '../tokenizer/tokenizer.ts';
import type { LetterLikelihood, ScoredToken } from '../types/likelihood.ts';
import { prefill } from './prefill.ts';
import type { Prompt } from './prompt.ts';
import { likeliestBut, logSumExp, scoreOf } from './score-logits.ts';

export interface ScoreEvents {
  signal?: AbortSignal;
  onPrefill?: (done: number, total: number) => void;
  /** Tokens that are scored so far, and in all. */
  onScored?: (done: number, total: number) => void;
}

/** Other tokens that are told of each. */
const othersOfEach = 3;

/**
 * How likely the model finds each of `ids` after the prompt and those before it, in one pass: a step has several tokens of it. The
 * logits are those of the model, before temperature, penalties or any cut. The cache then holds prompt and text.
 * @throws `aborted`, `context-full` where both do not fit, `device-lost`, `gpu-error`
 */
export async function scoreTokens(
  model: LanguageModel,
  prompt: Prompt,
  ids: readonly number[],
  events: ScoreEvents = {},
): Promise<ScoredToken[]> {
  const { signal, onScored } = events;
  const { contextTokens, tokenizer } = model;
  const total = prompt.ids.length + ids.length;
  if (total > contextTokens) throw contextFullError(contextTokens, total);
  const decoder = createStreamingDecoder(tokenizer, {
    stopStrings: [],
    stripLeadingSpace: tokenizer.addsSpacePrefix,
  });
  const scored: ScoredToken[] = [];
  const note = (logits: Float32Array) => {
    const id = ids[scored.length]!;
    const sum = logSumExp(logits);
    const others = likeliestBut(logits, id, othersOfEach).map(other => ({
      text: tokenizer.decode([other], { stripLeadingSpace: false }) || tokenizer.pieceText(other),
      logProbability: logits[other]! - sum,
    }));
    scored.push({ id, text: decoder.push(id).text, ...scoreOf(logits, id, sum), others });
  };
  return onCache(model, async () => {
    const first = await logitsAfter(model, prompt, events);
    if (!first) return undefined;
    if (ids.length > 0) note(first);
    while (scored.length < ids.length) {
      onScored?.(scored.length, ids.length);
      const from = scored.length - 1;
      const fed = ids.slice(from, Math.min(from + mostDraftRows, ids.length - 1));
      await waitUnlessAborted(model, signal, model.draftSteps.submit(prompt.ids.length + from, fed));
      for (let row = 0; row < fed.length; row++) {
        if (signal?.aborted) return undefined;
        const logits = await waitUnlessAborted(model, signal, () => model.draftSteps.readLogits(row));
        if (signal?.aborted) return undefined;
        note(logits);
      }
      model.cache.keys.push(...fed);
    }
    onScored?.(ids.length, ids.length);
    const last = scored.at(-1);
    if (last) last.text += decoder.finish();
    return scored;
  });
}

/**
 * How likely the model finds each letter as the very next token of a prompt: of its piece with a space before it and of the one
 * without, together, because models are trained with the one or the other. -Infinity for a letter without a piece of its own.
 * @throws as `scoreTokens`
 */
export async function scoreLetters(
  model: LanguageModel,
  prompt: Prompt,
  letters: readonly string[],
  events: Omit<ScoreEvents, 'onScored'> = {},
): Promise<LetterLikelihood[]> {
  const { contextTokens } = model;
  if (prompt.ids.length > contextTokens) throw contextFullError(contextTokens, prompt.ids.length);
  const logits = await onCache(model, () => logitsAfter(model, prompt, events));
  const sum = logSumExp(logits);
  return letters.map(letter => {
    const both = piecesOf(model.tokenizer, letter).map(id => Math.exp(logits[id]! - sum));
    return { letter, logProbability: Math.log(both.reduce((all, each) => all + each, 0)) };
  });
}

function piecesOf(tokenizer: Tokenizer, letter: string): number[] {
  const forms = [letter, ` ${letter}`].map(text => tokenizer.encode(text, { spacePrefix: false }));
  return [...new Set(forms.flatMap(ids => (ids.length === 1 ? ids : [])))];
}

/** All logits after a prompt: [vocabulary] f32; undefined where a stop was heard. */
async function logitsAfter(
  model: LanguageModel,
  prompt: Prompt,
  events: ScoreEvents,
): Promise<Float32Array | undefined> {
  model.cache.truncate(model.cache.sharedPrefix(prompt.keys));
  if (await prefill(model, prompt, events)) return undefined;
  const logits = await waitUnlessAborted(model, events.signal, () => model.readLogits());
  return events.signal?.aborted ? undefined : logits;
}

/** Work that a stop may leave undone. Keys and values that were written when it failed may be broken: nothing is to build on them. */
async function onCache<T>(model: LanguageModel, work: () => Promise<T | undefined>): Promise<T> {
  let result: T | undefined;
  try {
    result = await work();
  } catch (error) {
    model.cache.truncate(0);
    throw error;
  }
  if (result === undefined) throw abortedError();
  return result;
}
