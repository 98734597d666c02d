import { BedsideError } from '../errors.ts';
import { noVisionModelError } from '../models/encoder/encoder-config.ts';
import type { LanguageModel } from '../models/language-model.ts';
import type { ImageFeatures } from '../models/tensors/image-features.ts';
import { sentence } from '../sentence.ts';
import type { PromptPart } from '../templates/conversation.ts';
import { renderPrompt, systemFor } from '../templates/render-prompt.ts';
import type { Template } from '../templates/template.ts';
import { templateNames } from '../templates/template-ids.ts';
import { templatesWithImages } from '../templates/templates.ts';
import type { ChatMessage } from '../types/chat-message.ts';
import { placeMarkedImages } from '../types/image-marks.ts';
import type { ImageView } from '../types/image-views.ts';
import type { AnswerRequest } from './answer-request.ts';
import { fitMessages, imagesOf } from './fit-messages.ts';
import { allRows, encodePrompt, type Prompt, type PromptImage, withStart } from './prompt.ts';
import { templateFor } from './request-template.ts';
import { compressedRows } from './turn-compression.ts';

/** Where the images of a conversation come from. None is encoded before it is known to fit. */
export interface ImageSource {
  /** What the model is shown of an image, known from its size alone; undefined for an id that is not there. */
  views(id: string): readonly ImageView[] | undefined;
  /** Visual tokens of these images, each once: those of the first view, then of the next. */
  encode(ids: readonly string[]): Promise<ReadonlyMap<string, ImageFeatures>>;
}

export const noImages: ImageSource = { views: () => undefined, encode: async () => new Map() };

export interface ComposedPrompt {
  prompt: Prompt;
  /** Of what its ids were made, with the start piece. */
  parts: PromptPart[];
  /** Earlier messages left out, oldest first. */
  droppedMessages: number;
  /** Of each image in the prompt: how many of its visual tokens are in it. */
  keptTokens: ReadonlyMap<string, number>;
  /** The mark with which the prompt begins a thought for the model; empty where it begins none. */
  opens: string;
}

/** The prompt of what fits, with each image's rows in place. */
export async function composePrompt(
  model: LanguageModel,
  asked: AnswerRequest,
  images: ImageSource,
  events: { signal?: AbortSignal; onCompress?: (done: number, total: number) => void },
): Promise<ComposedPrompt> {
  const template = templateFor(model, asked.template);
  requirePlaces(model, template, asked);
  const request = withImagesPlaced(template, asked);
  const system = systemFor(template, model.config.name, request.system);
  const { messages, droppedMessages } = fitMessages(model, { ...request, system }, id => images.views(id));
  const { date, templateOptions } = request;
  const features = await images.encode([...new Set(imagesOf(messages))]);

  const encode = (turns: readonly ChatMessage[], promptImages: readonly PromptImage[]) => {
    let next = 0;
    const parts = renderPrompt(template, {
      messages: turns,
      system,
      includeHistory: true,
      date,
      options: templateOptions,
      imageTokens: () => promptImages[next++]!.rows.length,
    });
    const opens = openingOf(parts);
    return { opens, parts, prompt: encodePrompt(model.tokenizer, parts, template, promptImages) };
  };
  const promptImages: PromptImage[] = [];
  const keptTokens = new Map<string, number>();
  for (const [i, message] of messages.entries()) {
    const ids = message.images ?? [];
    const whole = ids.map((id): PromptImage => {
      const found = features.get(id)!;
      return { features: found, views: images.views(id)!, rows: allRows(found) };
    });
    const render = (turnImages: readonly PromptImage[]) =>
      encode(messages.slice(0, i + 1), [...promptImages, ...turnImages]).prompt;
    const rows =
      request.compressImages && !model.vision?.config.showsWhole
        ? await compressedRows(model, render, whole, events)
        : whole.map(image => image.rows);
    for (const [n, id] of ids.entries()) {
      promptImages.push({ ...whole[n]!, rows: rows[n]! });
      keptTokens.set(id, rows[n]!.length);
    }
  }
  const { parts, ...whole } = encode(messages, promptImages);
  return {
    ...whole,
    parts: withStart(parts, whole.prompt.ids.length, model.tokenizer),
    droppedMessages,
    keptTokens,
  };
}

/** With images where the words of questions mark them, in templates that have them there. */
export function withImagesPlaced<Request extends Pick<AnswerRequest, 'messages'>>(
  { images }: Template,
  request: Request,
): Request {
  return images?.isAmongText ? { ...request, messages: request.messages.map(placeMarkedImages) } : request;
}

/** An answer that begins inside a thought is kept with the mark that opens it, or nobody could tell it from an answer. */
function openingOf(parts: readonly PromptPart[]): string {
  const last = parts.at(-1);
  return last?.special ? (/<think(?:ing)?>\s*$/.exec(last.text)?.[0] ?? '') : '';
}

/** @throws `no-vision-model`, `invalid-request` where there are images and nowhere to put them */
export function requirePlaces(
  model: Pick<LanguageModel, 'vision'>,
  template: Template,
  request: Pick<AnswerRequest, 'template' | 'messages'>,
): void {
  if (imagesOf(request.messages).length === 0) return;
  if (!model.vision) throw noVisionModelError();
  if (template.images) return;
  throw new BedsideError(
    'invalid-request',
    sentence`template-without-images: The prompt template "${{ template: templateNames[request.template] }}" has no place for images.`,
    `Use the template ${templatesWithImages.map(id => templateNames[id]).join(' or ')}, or ask without images.`,
  );
}
