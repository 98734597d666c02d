import {
  answerOf,
  askedRegions,
  BedsideError,
  type ChatMessage,
  type ImageInput,
  imageKey,
  type Message,
  type MessageImage,
  sentence,
} from '../../../client/index.ts';
import { withSources } from '../../format/source-prompt.ts';
import type { ImageCache } from '../images/image-cache.ts';

/** What a model can take of a conversation. */
export interface Reader {
  includeHistory: boolean;
  seesImages: boolean;
}

/**
 * The turns that a model is given of a path that ends with a question: without those that got no answer, and
 * without the images that it will not see.
 */
export function promptTurns(path: readonly Message[], { includeHistory, seesImages }: Reader): Message[] {
  const turns = path.filter(({ role, text }, place) => {
    if (role === 'assistant') return hasAnswer(text);
    const answer = path[place + 1];
    return answer === undefined || hasAnswer(answer.text);
  });
  return turns.map((turn, place) => {
    const isSeen = seesImages && (includeHistory || place === turns.length - 1);
    return isSeen ? turn : withoutImages(turn);
  });
}

/** A thought that no answer followed is none. */
const hasAnswer = (text: string): boolean => answerOf(text).trim() !== '';

export function promptMessages(turns: readonly Message[]): ChatMessage[] {
  return turns.map(({ role, text: written, sources, images, imagePlaces }) => {
    const text = withSources(written, sources);
    return images
      ? { role, text, ...imagesAsked(images), ...(imagePlaces && { imagePlaces }) }
      : { role, text };
  });
}

function imagesAsked(images: readonly MessageImage[]): Pick<ChatMessage, 'images' | 'asksAbout'> {
  const asksAbout = askedRegions(images);
  return {
    images: images.map(({ id, presentation }) => imageKey(id, presentation)),
    ...(asksAbout.length > 0 ? { asksAbout } : {}),
  };
}

/** Every image of the turns, each once. Rejects with 'invalid-request' for one that is not kept any more. */
export async function promptImages(turns: readonly Message[], imageCache: ImageCache): Promise<ImageInput[]> {
  const inputs = new Map<string, ImageInput>();
  for (const { conversationId, images = [] } of turns) {
    for (const { id, name, width, height, presentation } of images) {
      const key = imageKey(id, presentation);
      if (inputs.has(key)) continue;
      const blob = await imageCache.find(conversationId, id);
      if (!blob) throw missingImage(name);
      inputs.set(key, { id, blob, name, width, height, ...(presentation ? { presentation } : {}) });
    }
  }
  return [...inputs.values()];
}

/** A file that is shown in two ways is two images. */
export function eachOnce(images: readonly ImageInput[]): ImageInput[] {
  return [...new Map(images.map(image => [imageKey(image.id, image.presentation), image])).values()];
}

function withoutImages({ images: _, imagePlaces: __, ...turn }: Message): Message {
  return turn;
}

function missingImage(name: string): BedsideError {
  return new BedsideError(
    'invalid-request',
    sentence`image-of-question-not-kept: The image “${{ image: name }}” is no longer kept on this device, so nothing can be asked about it here.`,
    'Start a new chat, attach the image again and ask there. This conversation stays as it is.',
  );
}
