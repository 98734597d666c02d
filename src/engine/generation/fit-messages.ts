import { BedsideError } from '../errors.ts';
import { contextFullError } from '../models/check-step.ts';
import type { LanguageModel } from '../models/language-model.ts';
import { sentence } from '../sentence.ts';
import { renderPrompt } from '../templates/render-prompt.ts';
import { addsBos } from '../templates/template.ts';
import type { ChatMessage } from '../types/chat-message.ts';
import { countTokens, type ImageView } from '../types/image-views.ts';
import type { AnswerRequest } from './answer-request.ts';
import { keptCount } from './compress.ts';
import { templateFor } from './request-template.ts';

type FittedModel = Pick<LanguageModel, 'tokenizer' | 'contextTokens' | 'fileTemplate'>;

/** Ids of the images that messages refer to, in the order of the prompt. */
export function imagesOf(messages: readonly ChatMessage[]): string[] {
  return messages.flatMap(({ images = [] }) => images);
}

/**
 * The latest messages that leave room for an answer: the oldest turns are left out, a question with its answer at a time.
 * Known from the sizes of images alone, so that nothing is encoded in vain.
 * @throws `context-full` when the question alone is too long; `invalid-request` for an image that is not there
 */
export function fitMessages(
  model: FittedModel,
  request: AnswerRequest,
  viewsOf: (id: string) => readonly ImageView[] | undefined,
): { messages: ChatMessage[]; droppedMessages: number } {
  const { messages, includeHistory, maxTokens } = request;
  const missing = imagesOf(messages).find(id => viewsOf(id) === undefined);
  if (missing !== undefined) throw missingImageError();
  // Room kept for the answer: what was asked for, but not more than a quarter of the context.
  const reserve = Math.min(maxTokens, Math.ceil(model.contextTokens / 4));
  const tokenised = new Map<string, number[]>();
  const starts = includeHistory ? turnStarts(messages) : [messages.length - 1];
  const all = starts.length;
  const keep = (turns: number) => messages.slice(starts[all - turns]);
  const roomOf = (turns: number) => roomFor(model, request, keep(turns), id => viewsOf(id)!, tokenised);
  const turns = mostThatFit(all, count => {
    try {
      return roomOf(count) >= reserve;
    } catch (error) {
      if (count === 1 || !isBeyondBounds(error)) throw error;
      return false;
    }
  });
  if (turns > 0) return result(keep(turns));
  // The question alone: a short answer is better than none.
  if (roomOf(1) >= 1) return result(keep(1));
  throw tooLongError(model, request, keep(1), id => viewsOf(id)!);

  function result(kept: ChatMessage[]) {
    return { messages: kept, droppedMessages: includeHistory ? messages.length - kept.length : 0 };
  }
}

/**
 * Where turns begin: at each question, so that no prompt begins with an answer unless the conversation does. What comes before the
 * first question goes with it.
 */
function turnStarts(messages: readonly ChatMessage[]): number[] {
  const questions = [...messages.keys()].filter(i => messages[i]!.role === 'user');
  return [0, ...questions.slice(1)];
}

/** A template's own bounds are reached where a conversation is far too long for any context. */
function isBeyondBounds(error: unknown): boolean {
  return (
    error instanceof BedsideError &&
    ['template-too-long-running', 'template-output-too-large'].includes(error.reason)
  );
}

/**
 * The largest count up to `all` that fits, 0 where not even 1 does. Whatever fits, fewer fit. All are tried first; then from 1
 * on in doubling steps, so that no more is measured than about twice what fits, however long the conversation is.
 */
function mostThatFit(all: number, fits: (count: number) => boolean): number {
  if (fits(all)) return all;
  let [least, tooMany] = [0, all];
  for (let step = 1; least + step < tooMany; step *= 2) {
    if (fits(least + step)) least += step;
    else tooMany = least + step;
    if (tooMany < all) break;
  }
  while (tooMany - least > 1) {
    const middle = (least + tooMany) >> 1;
    if (fits(middle)) least = middle;
    else tooMany = middle;
  }
  return least;
}

/** `tokenised`: see `EncodeOptions`. Positions that the prompt leaves free; negative where it, or what compression has to read on the way, does not fit. */
function roomFor(
  model: FittedModel,
  request: AnswerRequest,
  messages: readonly ChatMessage[],
  viewsOf: (id: string) => readonly ImageView[],
  tokenised = new Map<string, number[]>(),
): number {
  const template = templateFor(model, request.template);
  const addBos = addsBos(template, model.tokenizer);
  const { system, date, templateOptions: options, compressImages } = request;
  const sum = (ids: readonly string[], count: (views: readonly ImageView[]) => number) =>
    ids.reduce((total, id) => total + count(viewsOf(id)), 0);
  const kept = compressImages ? keptCount : countTokens;
  const textTokens = (turns: readonly ChatMessage[]) => {
    const parts = renderPrompt(template, {
      messages: turns,
      system,
      includeHistory: true,
      date,
      options,
      imageTokens: () => 0,
    });
    return model.tokenizer.encodeParts(parts, { addBos, tokenised }).length;
  };
  const room = model.contextTokens - textTokens(messages) - sum(imagesOf(messages), kept);
  if (!compressImages) return room;
  // To choose what to keep, the model reads each turn's images whole, behind what was kept of those before.
  const scoringRooms = [...messages.keys()]
    .filter(i => messages[i]!.images?.length)
    .map(i => {
      const tokens = sum(imagesOf(messages.slice(0, i)), kept) + sum(messages[i]!.images!, countTokens);
      return model.contextTokens - textTokens(messages.slice(0, i + 1)) - tokens;
    });
  return scoringRooms.some(free => free < 0) ? -1 : room;
}

function tooLongError(
  model: FittedModel,
  request: AnswerRequest,
  messages: readonly ChatMessage[],
  viewsOf: (id: string) => readonly ImageView[],
): BedsideError {
  const ids = imagesOf(messages);
  const room = roomFor(model, { ...request, compressImages: false }, messages, viewsOf);
  const withoutText = messages.map(message => ({ ...message, text: '' }));
  const imagesFit = roomFor(model, request, withoutText, viewsOf) >= 1;
  if (ids.length === 0 || imagesFit) return contextFullError(model.contextTokens, model.contextTokens - room);
  const tokens = ids.reduce((total, id) => total + countTokens(viewsOf(id)), 0);
  const fitsCompressed = roomFor(model, { ...request, compressImages: true }, messages, viewsOf) >= 1;
  return new BedsideError(
    'context-full',
    sentence`images-longer-than-context: The images take ${{ tokens }} tokens; this model can read ${{ contextTokens: model.contextTokens }} at once.`,
    fitsCompressed
      ? 'Switch on "Faster, less detail" in the settings, or ask about fewer images at a time.'
      : 'Ask about fewer images at a time, or choose in the settings that images are cut less.',
  );
}

function missingImageError(): BedsideError {
  return new BedsideError(
    'invalid-request',
    sentence`image-of-conversation-is-missing: An image of this conversation is missing.`,
    'Attach the image again and ask in a new chat.',
  );
}
