import type { AskedRegion, ChatMessage } from '../types/chat-message.ts';
import type { PromptPart } from './conversation.ts';
import { type ImagePlaces, markup, plain, type Template, type Turns } from './template.ts';

const images: ImagePlaces = {
  encoder: 'siglip',
  token: '<image_soft_token>',
  start: '<start_of_image>',
  end: '<end_of_image>',
  isAmongText: true,
  pieces: ['<start_of_turn>', '<end_of_turn>', '<start_of_image>', '<image_soft_token>', '<end_of_image>'],
};

/**
 * Gemma 3's and MedGemma's: no turn of the system, whose text begins the first question; every text trimmed; an image among the text,
 * with a blank line before and after it, as the publisher's processor writes it before it counts tokens.
 */
export const gemma3: Template = {
  bos: 'always',
  stopStrings: [],
  stopPieces: ['<end_of_turn>', '<eos>'],
  addedPiece: '<start_of_turn>',
  images,
  render({ question, earlier, system, imageTokens }) {
    const lead = system ? `${system}\n\n` : '';
    const turns = [...earlier, question].flatMap((message, i) => [
      markup(`<start_of_turn>${message.role === 'user' ? 'user' : 'model'}\n`),
      ...(i === 0 && lead ? [plain(lead)] : []),
      ...renderContent(message, imageTokens),
      markup('<end_of_turn>\n'),
    ]);
    return [...turns, markup('<start_of_turn>model\n')];
  },
};

/** Text and images in the order of the message: images where it says that they stand, or else before its text. */
function renderContent(message: ChatMessage, imageTokens: Turns['imageTokens']): PromptPart[] {
  const { text, images: ids = [], imagePlaces = [], asksAbout = [] } = message;
  const parts: PromptPart[] = [];
  let done = 0;
  for (const [i, id] of ids.entries()) {
    const place = Math.max(done, Math.min(text.length, imagePlaces[i] ?? 0));
    parts.push(plain(text.slice(done, place).trim()));
    done = place;
    const tokens = images.token.repeat(imageTokens?.(id) ?? 0);
    parts.push(markup(`\n\n${images.start}${tokens}${images.end}\n\n`));
  }
  for (const region of asksAbout) parts.push(markup(`${regionInWords(region, ids.length)}\n`));
  parts.push(plain(text.slice(done).trim()));
  return parts;
}

/** It was not trained to hear of places in numbers of its own: percent of the picture's sides. */
function regionInWords({ image, box }: AskedRegion, count: number): string {
  const which = count > 1 ? `image ${image + 1}` : 'the image';
  const [x1, y1, x2, y2] = box.map(value => Math.round(value / 10));
  return `The question is about the part of ${which} from ${x1}% to ${x2}% across and from ${y1}% to ${y2}% down.`;
}
