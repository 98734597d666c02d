import type { QuestionMeasure } from '../../client/index.ts';
import { formatCount } from './quantities.ts';

/** A token stands for at most this many: a text of fewer characters than the room fits for sure, and need not be counted. */
const mostTokensPerCharacter = 4;
/** What templates write around a question. */
const templateTokens = 256;

/** Whether a text may be too long, by its length alone. */
export function mayOverflow(text: string, contextTokens: number, imageTokens: number): boolean {
  return text.length * mostTokensPerCharacter + templateTokens > contextTokens - imageTokens;
}

/** What to say where a question takes more than the model can read; null where it fits with a word of an answer. */
export function textOverflowInWords(
  { tokens, isExact, contextTokens }: QuestionMeasure,
  imageTokens: number,
): string | null {
  if (tokens + imageTokens < contextTokens) return null;
  const count = `${isExact ? '' : 'about '}${formatCount(tokens)}`;
  const beside = imageTokens > 0 ? ` beside the ${formatCount(imageTokens)} of the images` : '';
  return `This text has ${count} tokens${beside}; this model reads ${formatCount(contextTokens)} at once, question and answer included.`;
}
