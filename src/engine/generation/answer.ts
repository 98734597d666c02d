import { BedsideError } from '../errors.ts';
import type { LanguageModel } from '../models/language-model.ts';
import { validateSampling } from '../sampling/validate-sampling.ts';
import { sentence } from '../sentence.ts';
import { createStreamingDecoder } from '../tokenizer/streaming-decoder.ts';
import type { Tokenizer } from '../tokenizer/tokenizer.ts';
import type { BegunAnswer, StopReason, Usage } from '../types/answer.ts';
import type { AnswerRequest } from './answer-request.ts';
import { composePrompt, type ImageSource, noImages } from './compose-prompt.ts';
import { generateTokens } from './generate.ts';
import type { Prompt } from './prompt.ts';
import { RepetitionDetector } from './repetition-detector.ts';
import { stopIdsFor, templateFor } from './request-template.ts';

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
  const { tokenizer } = model;
  const template = templateFor(model, request.template);
  const { begun = { text: '', tokenIds: [] } } = request;
  const begunIds = begunTokens(tokenizer, begun);
  // With the answer as long as it was to be when it began, the same turns fit.
  const whole = {
    ...request,
    maxTokens: request.maxTokens + begunIds.length,
    // A midnight that passes meanwhile changes nothing.
    date: request.date ?? Date.now(),
  };
  const { prompt, droppedMessages, keptTokens } = await composePrompt(model, whole, images, events);

  const stopIds = stopIdsFor(tokenizer, template);
  const decoder = createStreamingDecoder(tokenizer, {
    stopStrings: [...template.stopStrings, ...(request.stopStrings ?? [])],
    stripLeadingSpace: tokenizer.addsSpacePrefix,
  });
  let text = begunIds.map(id => decoder.push(id).text).join('');
  // The end of what was begun may be held back once more; it was told already.
  let told = begun.text.length;
  let tokens = begunIds.length;
  let untold: number[] = [];
  const emit = (piece: string) => {
    text += piece;
    if (text.length <= told) return;
    events.onText?.(text.slice(told), tokens, untold);
    told = text.length;
    untold = [];
  };
  const { usage, ...generated } = await generateTokens(model, continuedPrompt(prompt, begunIds), {
    sampling: request.sampling,
    maxTokens: request.maxTokens,
    drawsBefore: begunIds.length,
    drafting: request.drafting,
    stopIds,
    startedAt,
    signal: events.signal,
    onPrefill: events.onPrefill,
    onToken(id) {
      tokens++;
      untold.push(id);
      const { text: piece, stopped } = decoder.push(id);
      emit(piece);
      return !stopped;
    },
    // It has not seen what was begun: an answer that ended as a loop and is to go on would end at its first token.
    repetition: new RepetitionDetector(),
  });
  emit(decoder.finish());
  return {
    text,
    ids: [...begunIds, ...generated.ids],
    stopReason: generated.stopReason,
    usage: { ...usage, promptTokens: prompt.ids.length, generatedTokens: tokens },
    droppedMessages,
    contextTokens: model.contextTokens,
    usedTokens: prompt.ids.length + begunIds.length + generated.ids.length,
    keptTokens,
  };
}

export function requireAnswerLimit(maxTokens: number): void {
  if (Number.isInteger(maxTokens) && maxTokens >= 1) return;
  throw new BedsideError(
    'invalid-request',
    sentence`answer-limit-out-of-range: The answer limit must be at least 1 token, not ${{ maxTokens }}.`,
    'Set the answer limit in the settings.',
  );
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
