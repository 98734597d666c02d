import { BedsideError } from '../errors.ts';
import type { LanguageModel } from '../models/language-model.ts';
import { validateSampling } from '../sampling/validate-sampling.ts';
import { sentence } from '../sentence.ts';
import { createStreamingDecoder } from '../tokenizer/streaming-decoder.ts';
import type { Tokenizer } from '../tokenizer/tokenizer.ts';
import type { BegunAnswer, StopReason, Usage } from '../types/answer.ts';
import type { ReadPrompt } from '../types/prompt-text.ts';
import type { AnswerRequest } from './answer-request.ts';
import { composePrompt, type ImageSource, noImages } from './compose-prompt.ts';
import { generateTokens } from './generate.ts';
import type { Prompt } from './prompt.ts';
import { RepetitionDetector } from './repetition-detector.ts';
import { stopIdsFor, templateFor } from './request-template.ts';
import { type BudgetSpent, ThoughtBudget, thoughtRoom } from './thought-budget.ts';

export interface AnswerEvents {
  signal?: AbortSignal;
  /** While visual tokens are chosen: prompt tokens scored so far and in all. */
  onCompress?: (done: number, total: number) => void;
  onPrefill?: (done: number, total: number) => void;
  /** Text that became certain, how many tokens there are so far, and the ids of those that came since the last call. */
  onText?: (text: string, tokens: number, ids: readonly number[]) => void;
}

export interface Answer {
  /** With what was begun, where the answer goes on. */
  text: string;
  /** Its token ids, without the stop token. */
  ids: number[];
  /** What the model has read before it. */
  prompt: ReadPrompt;
  stopReason: StopReason;
  usage: Usage;
  /** Earlier messages left out of the prompt because it was too long, oldest first. */
  droppedMessages: number;
  contextTokens: number;
  /** Tokens that prompt and answer take together. */
  usedTokens: number;
  /** Of each image in the prompt: how many of its visual tokens are in it. */
  keptTokens: ReadonlyMap<string, number>;
}

/**
 * Answers the last message. Truncation policy: when prompt and answer do not fit the model's context, the oldest turns are
 * left out, a question with its answer at a time, and the caller is told how many; the question itself is never cut.
 * @param images every image that the messages refer to
 * @throws `context-full` when the question alone is too long, `aborted` before its first token, `no-vision-model`,
 *   `invalid-request`, `unusable-template`, `out-of-memory`, `device-lost`, `gpu-error`
 */
export async function answer(
  model: LanguageModel,
  request: AnswerRequest,
  events: AnswerEvents = {},
  images: ImageSource = noImages,
): Promise<Answer> {
  const startedAt = performance.now();
  validateSampling(request.sampling);
  requireAnswerLimit(request.maxTokens);
  if (request.thoughtTokens !== undefined) requireThoughtLimit(request.thoughtTokens);
  const { tokenizer } = model;
  const template = templateFor(model, request.template);
  const { begun = { text: '', tokenIds: [] }, thoughtTokens, maxTokens } = request;
  const composed = await composePrompt(model, lengthened(tokenizer, request), images, events);
  const { prompt, droppedMessages, keptTokens } = composed;
  // What was kept without the mark is not given one now.
  const opens = begun.text === '' || begun.text.startsWith(composed.opens) ? composed.opens : '';
  const begunIds = begunTokens(tokenizer, { ...begun, text: begun.text.slice(opens.length) });

  if (request.readsAnew) model.cache.truncate(0);
  const stopIds = stopIdsFor(tokenizer, template);
  const decoder = createStreamingDecoder(tokenizer, {
    stopStrings: [...template.stopStrings, ...(request.stopStrings ?? [])],
    stripLeadingSpace: tokenizer.addsSpacePrefix,
  });
  const room = model.contextTokens - prompt.ids.length - begunIds.length;
  const budget =
    thoughtTokens === undefined
      ? undefined
      : new ThoughtBudget(thoughtRoom(thoughtTokens, maxTokens, room), maxTokens);
  budget?.note(opens);
  let text = opens;
  for (const id of begunIds) {
    const { text: piece } = decoder.push(id);
    budget?.begun(piece);
    text += piece;
  }
  // The end of what was begun may be held back once more; it was told already.
  let told = begun.text.length;
  let ids = begunIds;
  let tokens = begunIds.length;
  let untold: number[] = [];
  const emit = (piece: string) => {
    text += piece;
    if (text.length <= told) return;
    events.onText?.(text.slice(told), tokens, untold);
    told = text.length;
    untold = [];
  };
  let spent: BudgetSpent | undefined;
  const usages: Usage[] = [];
  let stopReason: StopReason;
  do {
    spent = undefined;
    const generated = await generateTokens(model, continuedPrompt(prompt, ids), {
      sampling: request.sampling,
      maxTokens: maxTokens + (thoughtTokens ?? 0) - (ids.length - begunIds.length),
      drawsBefore: ids.length,
      drafting: request.drafting,
      stopIds,
      startedAt,
      signal: events.signal,
      // What was thought is in the cache; it is not read as a question is.
      onPrefill: usages.length === 0 ? events.onPrefill : undefined,
      onToken(id) {
        tokens++;
        untold.push(id);
        const { text: piece, stopped } = decoder.push(id);
        spent = budget?.push(piece);
        emit(piece);
        return !stopped && !spent;
      },
      // It has not seen what was begun: an answer that ended as a loop and is to go on would end at its first token.
      repetition: new RepetitionDetector(),
    });
    ids = [...ids, ...generated.ids];
    usages.push(generated.usage);
    stopReason = spent === 'answer' ? 'max-tokens' : generated.stopReason;
    if (spent === 'thought') stopReason = closeThought() ?? stopReason;
  } while (spent === 'thought');
  emit(decoder.finish());
  return {
    text,
    ids,
    prompt: { parts: composed.parts, ids: [...prompt.ids] },
    stopReason,
    usage: { ...joinUsages(usages), promptTokens: prompt.ids.length, generatedTokens: tokens },
    droppedMessages,
    contextTokens: model.contextTokens,
    usedTokens: prompt.ids.length + ids.length,
    keptTokens,
  };

  /** Writes for the model what ends its thought; a reason where nothing can follow it. */
  function closeThought(): StopReason | undefined {
    const closing = tokenizer.encodeParts([{ text: budget!.closing, special: true }], {
      addBos: false,
      spacePrefix: false,
    });
    const end = events.signal?.aborted ? 'aborted' : undefined;
    const isFull = prompt.ids.length + ids.length + closing.length >= model.contextTokens;
    if (end || isFull) {
      spent = undefined;
      return end ?? 'context-full';
    }
    for (const id of closing) {
      tokens++;
      untold.push(id);
      const { text: piece } = decoder.push(id);
      budget!.note(piece);
      emit(piece);
    }
    ids = [...ids, ...closing];
    return undefined;
  }
}

/** With the answer as long as it was to be when it began, the same turns fit. */
function lengthened(tokenizer: Tokenizer, request: AnswerRequest): AnswerRequest {
  const begun = request.begun ? begunTokens(tokenizer, request.begun).length : 0;
  // A midnight that passes meanwhile changes nothing.
  return { ...request, maxTokens: request.maxTokens + begun, date: request.date ?? Date.now() };
}

export function requireAnswerLimit(maxTokens: number): void {
  if (Number.isInteger(maxTokens) && maxTokens >= 1) return;
  throw new BedsideError(
    'invalid-request',
    sentence`answer-limit-out-of-range: The answer limit must be at least 1 token, not ${{ maxTokens }}.`,
    'Set the answer limit in the settings.',
  );
}

function requireThoughtLimit(thoughtTokens: number): void {
  if (Number.isInteger(thoughtTokens) && thoughtTokens >= 1) return;
  throw new BedsideError(
    'invalid-request',
    sentence`thought-limit-out-of-range: The limit for thinking must be at least 1 token, not ${{ thoughtTokens }}.`,
    'Set the limit for thinking in the settings.',
  );
}

/** Of an answer that was written in one run, or in two with what closes its thought between them. */
function joinUsages(usages: readonly Usage[]): Usage {
  const [first] = usages;
  if (usages.length === 1) return first!;
  const decodeMs = usages.reduce((sum, each) => sum + each.decodeMs, 0);
  const steps = usages.reduce((sum, each) => sum + Math.max(0, each.generatedTokens - 1), 0);
  const modelSteps = usages.reduce(
    (sum, { generatedTokens, tokensPerStep = 1 }) => sum + Math.max(0, generatedTokens - 1) / tokensPerStep,
    0,
  );
  return {
    ...first!,
    decodeMs,
    tokensPerSecond: decodeMs > 0 ? (steps * 1000) / decodeMs : 0,
    tokensPerStep: modelSteps > 0 ? steps / modelSteps : 1,
  };
}

/** The ids that were generated, where they are this model's; else the text's own, which may be cut differently. */
function begunTokens(tokenizer: Tokenizer, { text, tokenIds }: BegunAnswer): number[] {
  const isOwn =
    tokenIds.every(id => id < tokenizer.vocabularySize) &&
    tokenizer.decode(tokenIds, { stripLeadingSpace: tokenizer.addsSpacePrefix }).startsWith(text);
  return isOwn ? tokenIds : tokenizer.encode(text, { addBos: false });
}

function continuedPrompt(prompt: Prompt, begunIds: readonly number[]): Prompt {
  return { ...prompt, ids: [...prompt.ids, ...begunIds], keys: [...prompt.keys, ...begunIds] };
}
