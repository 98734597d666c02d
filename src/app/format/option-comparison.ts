/** What a model made of the options of a question, in words: for the page, for exports, to be copied. */
import type { OptionLikelihood } from '../../client/index.ts';
import { formatShare } from './share.ts';

export interface OptionShare {
  letter: string;
  text: string;
  /** Of what all of these letters have together. */
  share: number;
  /** The same with the options in the opposite order. */
  turnedShare?: number;
}

export function sharesOf(options: readonly OptionLikelihood[]): OptionShare[] {
  const all = sumOf(options.map(({ probability }) => probability));
  const turned = options.map(option => option.turned);
  const isTurned = turned.every(value => value !== undefined);
  const allTurned = isTurned ? sumOf(turned) : 0;
  return options.map(({ letter, text, probability }, place) => ({
    letter,
    text,
    share: all > 0 ? probability / all : 0,
    ...(isTurned ? { turnedShare: allTurned > 0 ? turned[place]! / allTurned : 0 } : {}),
  }));
}

/** The one that has most; of equal ones the first. */
export function leaderOf(
  shares: readonly OptionShare[],
  shareOf: (option: OptionShare) => number,
): OptionShare {
  return shares.reduce((best, each) => (shareOf(each) > shareOf(best) ? each : best));
}

export const optionNote =
  'A preference for a letter as the beginning of an answer. It says nothing of which option is right.';

/** Sentences, the first of which says the preference. */
export function comparisonInSentences(options: readonly OptionLikelihood[]): string[] {
  const all = sumOf(options.map(({ probability }) => probability));
  if (all === 0) return ['The model would begin its answer with none of these letters.'];
  const shares = sharesOf(options);
  const first = leaderOf(shares, ({ share }) => share);
  const sentences = [
    `The model leans to ${first.letter}: ${formatShare(first.share)} of what it gave these letters.`,
  ];
  if (first.turnedShare !== undefined) {
    const turned = leaderOf(shares, ({ turnedShare = 0 }) => turnedShare);
    const share = formatShare(turned.turnedShare ?? 0);
    sentences.push(
      turned.letter === first.letter
        ? `In the opposite order it leans to the same option, with ${share}.`
        : `In the opposite order it leans to what is ${turned.letter} here, with ${share}: it depends on the order.`,
    );
  }
  return [...sentences, `Of all that its answer could begin with, these letters had ${formatShare(all)}.`];
}

/** One option a line. */
export function optionInWords({ letter, text, share, turnedShare }: OptionShare): string {
  const turned = turnedShare === undefined ? '' : `, in the opposite order ${formatShare(turnedShare)}`;
  return `${letter} ${text.replace(/\s+/g, ' ')}: ${formatShare(share)}${turned}`;
}

export function comparisonAsText(options: readonly OptionLikelihood[]): string {
  return [...sharesOf(options).map(optionInWords), ...comparisonInSentences(options), optionNote].join('\n');
}

const sumOf = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0);
