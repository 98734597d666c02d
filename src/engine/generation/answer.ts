import { BedsideError } from '../errors.ts';
import { contextFullError, type LanguageModel } from '../models/language-model.ts';
import { validateSampling } from '../sampling/settings.ts';
import { createStreamingDecoder } from '../tokenizer/streaming-decoder.ts';
import { renderPrompt, templateSpec } from '../tokenizer/templates.ts';
import type { AnswerRequest, StopReason, Usage } from '../types.ts';
import { generateTokens } from './generate.ts';

export interface AnswerEvents {
  signal?: AbortSignal;
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
}

/**
 * Answers the last message. Truncation policy: when prompt and answer do not fit the model's context, the oldest turns are
 * left out, a question with its answer at a time, and the caller is told how many; the question itself is never cut.
 * @throws `context-full` when the question alone is too long, `invalid-request`, `device-lost`, `gpu-error`
 */
export async function answer(
  model: LanguageModel,
  request: AnswerRequest,
  events: AnswerEvents = {},
): Promise<Answer> {
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
  const { ids, droppedMessages } = fitPrompt(model, request);

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
  const generated = await generateTokens(model, ids, {
    sampling: request.sampling,
    maxTokens: request.maxTokens,
    stopIds,
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
    usedTokens: ids.length + generated.ids.length,
  };
}

/** The prompt's ids, with as many of the latest turns as leave room for an answer. */
function fitPrompt(
  model: LanguageModel,
  { template, messages, system, includeHistory, maxTokens }: AnswerRequest,
): { ids: number[]; droppedMessages: number } {
  // Room kept for the answer: what was asked for, but not more than a quarter of the context.
  const reserve = Math.min(maxTokens, Math.ceil(model.contextTokens / 4));
  const { addBos } = templateSpec(template);
  for (let dropped = 0; ; dropped += 2) {
    const kept = messages.slice(dropped);
    const parts = renderPrompt(template, { messages: kept, system, includeHistory });
    const ids = model.tokenizer.encodeParts(parts, { addBos });
    const room = model.contextTokens - ids.length;
    if (room >= reserve) return { ids, droppedMessages: dropped };
    if (!includeHistory || kept.length < 3) {
      // The question alone: a short answer is better than none.
      if (room >= 1) return { ids, droppedMessages: dropped };
      throw contextFullError(model.contextTokens);
    }
  }
}
