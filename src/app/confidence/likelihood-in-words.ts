import { plural } from '../format/quantities.ts';
import { formatShare } from '../format/share.ts';
import { bandsBelow, type Summary, type WordLikelihood } from './word-likelihoods.ts';

/** A space at the beginning or the end of a piece, and a line break, are seen as such. */
export const formatPiece = (text: string): string => `“${text.trim() === '' ? visible(text) : text.trim()}”`;

const visible = (text: string): string =>
  text.includes('\n') ? 'a new line' : text === '' ? 'the end' : 'a space';

/** What the model made of one word. */
export function wordInWords({ word, probability, others, after, isFirst }: WordLikelihood): string {
  const given = `The model gave the word “${word}” ${formatShare(probability)}.`;
  const list = others.map(other => `${formatPiece(other.text)} ${formatShare(other.probability)}`).join(', ');
  const where = after === '' ? '' : ` after “${after}”`;
  return `${given} ${isFirst ? `Next${where}` : `Others${where}`}: ${list}.`;
}

/** The answer's words in one line. */
export function summaryInWords({ words, counts }: Summary): string {
  if (words === 0) return 'The answer has no words.';
  if (counts.likely === words) return `All ${plural(words, 'word')} had 50 % or more.`;
  const under = words - counts.likely;
  return `${under} of ${plural(words, 'word')} had less than 50 %, ${counts.doubtful + counts.unlikely} less than 20 %, ${counts.unlikely} less than 5 %.`;
}

/** What the lines under words mean, in the order of the bands from the likeliest on. */
export const legend: readonly { band: string; words: string }[] = bandsBelow
  .map(([band, below]) => ({ band, words: `below ${100 * below} %` }))
  .reverse();

export const preferenceNote =
  'How likely the model found its own words, each after those before. It says nothing of whether they are true.';
