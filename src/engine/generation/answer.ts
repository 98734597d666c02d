import { BedsideError } from '../errors.ts';
import type { ImageFeatures } from '../models/image-features.ts';
import { contextFullError, type LanguageModel } from '../models/language-model.ts';
import { trainedSystem } from '../models/system-messages.ts';
import { noVisionModelError } from '../models/vision-config.ts';
import { validateSampling } from '../sampling/settings.ts';
import { createStreamingDecoder } from '../tokenizer/streaming-decoder.ts';
import { renderPrompt, templateSpec } from '../tokenizer/templates.ts';
import type { AnswerRequest, ChatMessage, StopReason, Usage } from '../types.ts';
import { keptCount } from './compress.ts';
import { generateTokens } from './generate.ts';
import { allRows, encodePrompt, type Prompt, type PromptImage } from './prompt.ts';
import { compressedRows } from './turn-compression.ts';

export interface AnswerEvents {
  signal?: AbortSignal;
  /** `performance.now()` when the question came, where work was done before. */
  startedAt?: number;
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
 * @param images what the encoder made of every image that the messages refer to
 * @throws `context-full` when the question alone is too long, `invalid-request`, `device-lost`, `gpu-error`
 */
export async function answer(
  model: LanguageModel,
  request: AnswerRequest,
  events: AnswerEvents = {},
  images: ReadonlyMap<string, ImageFeatures> = new Map(),
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
  const { prompt, droppedMessages, keptTokens } = await composePrompt(model, request, events, images);

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
    startedAt: events.startedAt,
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

/** Renders what fits, with each image's rows in place. */
async function composePrompt(
  model: LanguageModel,
  request: AnswerRequest,
  events: AnswerEvents,
  images: ReadonlyMap<string, ImageFeatures>,
): Promise<{ prompt: Prompt; droppedMessages: number; keptTokens: Map<string, number> }> {
  const { template } = request;
  const system =
    request.system ?? (template === 'internvl2-chat' ? trainedSystem(model.config.name) : undefined);
  if (template !== 'internvl2-chat' && imagesOf(request.messages).length > 0) throw noVisionModelError();
  const { messages, droppedMessages } = fitMessages(model, { ...request, system }, images);
  const encode = (turns: readonly ChatMessage[], promptImages: readonly PromptImage[]) => {
    let next = 0;
    const parts = renderPrompt(template, {
      messages: turns,
      system,
      includeHistory: true,
      imageTokens: () => promptImages[next++]!.rows.length,
    });
    const { addBos } = templateSpec(template);
    return encodePrompt(model.tokenizer, parts, { addBos }, promptImages);
  };
  const promptImages: PromptImage[] = [];
  const keptTokens = new Map<string, number>();
  for (const [i, message] of messages.entries()) {
    const whole = imagesOf([message]).map(id => {
      const features = images.get(id)!;
      return { features, rows: allRows(features) };
    });
    const rows = request.compressImages
      ? await compressedRows(
          model,
          chosen => encode(messages.slice(0, i + 1), [...promptImages, ...chosen]),
          whole,
          events,
        )
      : whole.map(image => image.rows);
    whole.forEach(({ features }, n) => {
      promptImages.push({ features, rows: rows[n]! });
      keptTokens.set(message.images![n]!, rows[n]!.length);
    });
  }
  return { prompt: encode(messages, promptImages), droppedMessages, keptTokens };
}

function imagesOf(messages: readonly ChatMessage[]): string[] {
  return messages.flatMap(({ images = [] }) => images);
}

/** The latest messages that leave room for an answer, without rendering a single image. */
function fitMessages(
  model: LanguageModel,
  { template, messages, system, includeHistory, maxTokens, compressImages }: AnswerRequest,
  images: ReadonlyMap<string, ImageFeatures>,
): { messages: ChatMessage[]; droppedMessages: number } {
  // Room kept for the answer: what was asked for, but not more than a quarter of the context.
  const reserve = Math.min(maxTokens, Math.ceil(model.contextTokens / 4));
  const { addBos } = templateSpec(template);
  const tokensOf = (id: string): number => {
    const { tokens, detailedTokens } = images.get(id)!;
    return compressImages ? keptCount(tokens, detailedTokens) : tokens;
  };
  for (let dropped = 0; ; dropped += 2) {
    const kept = includeHistory ? messages.slice(dropped) : messages.slice(-1);
    const parts = renderPrompt(template, {
      messages: kept,
      system,
      includeHistory: true,
      imageTokens: () => 0,
    });
    const visualTokens = imagesOf(kept).reduce((sum, id) => sum + tokensOf(id), 0);
    const room = model.contextTokens - model.tokenizer.encodeParts(parts, { addBos }).length - visualTokens;
    if (room >= reserve) return { messages: kept, droppedMessages: dropped };
    if (!includeHistory || kept.length < 3) {
      // The question alone: a short answer is better than none.
      if (room >= 1) return { messages: kept, droppedMessages: dropped };
      throw visualTokens > 0 ? imagesTooLarge(model, visualTokens) : contextFullError(model.contextTokens);
    }
  }
}

function imagesTooLarge(model: LanguageModel, visualTokens: number): BedsideError {
  return new BedsideError(
    'context-full',
    `The images take ${visualTokens} tokens; this model can read ${model.contextTokens} at once.`,
    'Ask about fewer images at a time, or switch on "Faster, less detail" in the settings.',
  );
}
