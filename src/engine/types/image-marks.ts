/** Marks in a question that say where among its words its images stand: "before [Image 1] and now [Image 2]". */
import type { ChatMessage } from './chat-message.ts';

const mark = /\[Image (\d{1,3})\]/g;

/** @param place of the image in its message, from 0 */
export function imageMark(place: number): string {
  return `[Image ${place + 1}]`;
}

/** Of each image that is marked in the text the place of it in the message, from 0, in the order of the text; each once. */
export function markedImages(text: string, count: number): number[] {
  const places = [...text.matchAll(mark)].map(([, number]) => Number(number) - 1);
  return [...new Set(places)].filter(place => place >= 0 && place < count);
}

/** The text where images have other places now; a mark of one that has none any more is left out. */
export function withMarksMoved(text: string, placeOf: (before: number) => number | undefined): string {
  return text.replace(mark, (_, number: string) => {
    const place = placeOf(Number(number) - 1);
    return place === undefined ? '' : imageMark(place);
  });
}

/**
 * The message as a template takes it that has images among the text: marks gone, images in the order of the text, those without a
 * mark before it. The first mark of an image counts; further ones stay words. A message that says where its images stand is not changed.
 */
export function placeMarkedImages(message: ChatMessage): ChatMessage {
  const { text, images = [], imagePlaces, asksAbout } = message;
  const marked = imagePlaces ? [] : markedImages(text, images.length);
  if (marked.length === 0) return message;
  const order = [...images.keys()].filter(place => !marked.includes(place));
  const places = order.map(() => 0);
  let rest = text;
  let words = '';
  for (const place of marked) {
    const at = rest.indexOf(imageMark(place));
    words += rest.slice(0, at);
    rest = rest.slice(at + imageMark(place).length);
    order.push(place);
    places.push(words.length);
  }
  return {
    ...message,
    text: words + rest,
    images: order.map(place => images[place]!),
    imagePlaces: places,
    ...(asksAbout && { asksAbout: asksAbout.map(each => ({ ...each, image: order.indexOf(each.image) })) }),
  };
}
