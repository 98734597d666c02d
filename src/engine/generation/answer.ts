import { BedsideError } from '../errors.ts';
import type { LanguageModel } from '../models/language-model.ts';
import { validateSampling } from '../sampling/settings.ts';
import { createStreamingDecoder } from '../tokenizer/streaming-decoder.ts';
import { templateSpec } from '../tokenizer/templates.ts';
import type { AnswerRequest, StopReason, Usage } from '../types.ts';
import { composePrompt, type ImageSource, noImages } from './compose-prompt.ts';
import { generateTokens } from './generate.ts';

export interface AnswerEvents {
  signal?: AbortSignal;
  /** While visual tokens are chosen: prompt tokens scored so far and in all. */
  onCompress?: (done: number, total: number) => void;
  onPrefill?: (done: number, total: number) => void;
  /** Text that became certain, and how many tokens have been generated so far. */
  onText?: (text: string, tokens: number) => void;
}

export interface Answer {
  text: string;
  /** Generated token ids, without the stop token. */
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
 *   `invalid-request`, `out-of-memory`, `device-lost`, `gpu-error`
 */
export async function answer(
  model: LanguageModel,
  request: AnswerRequest,
  events: AnswerEvents = {},
  images: ImageSource = noImages,
): Promise<Answer> {
  const startedAt = performance.now();
  validateSampling(request.sampling);
  if (!Number.isInteger(request.maxTokens) || request.maxTokens < 1) {
    throw new BedsideError(
      'invalid-request',
      `The answer limit must be at least 1 token, not ${request.maxTokens}.`,
      'Set the answer limit in the settings.',
    );
  }
  const { tokenizer } = model;
  const template = templateSpec(request.template);
  const { prompt, droppedMessages, keptTokens } = await composePrompt(model, request, images, events);

  const stopIds = new Set(tokenizer.eosIds);
  for (const piece of template.stopPieces) {
    const id = tokenizer.idOf(piece);
    if (id !== undefined) stopIds.add(id);
  }
  const decoder = createStreamingDecoder(tokenizer, {
    stopStrings: [...template.stopStrings, ...(request.stopStrings ?? [])],
    stripLeadingSpace: tokenizer.addsSpacePrefix,
  });
  let text = '';
  let tokens = 0;
  const emit = (piece: string) => {
    text += piece;
    if (piece) events.onText?.(piece, tokens);
  };
  const generated = await generateTokens(model, prompt, {
    sampling: request.sampling,
    maxTokens: request.maxTokens,
    stopIds,
    startedAt,
    signal: events.signal,
    onPrefill: events.onPrefill,
    onToken(id) {
      tokens++;
      const { text: piece, stopped } = decoder.push(id);
      emit(piece);
      return !stopped;
    },
  });
  emit(decoder.finish());
  return {
    text,
    ids: generated.ids,
    stopReason: generated.stopReason,
    usage: generated.usage,
    droppedMessages,
    contextTokens: model.contextTokens,
    usedTokens: prompt.ids.length + generated.ids.length,
    keptTokens,
  };
}
