/** How likely a model found the words of an answer, from its tokens. */
import type { ScoredToken } from '../../client/index.ts';

/** By the probability of a word; underlined otherwise each, the likely ones not at all. */
export type Band = 'likely' | 'unsure' | 'doubtful' | 'unlikely';

/** Below these probabilities a word is no longer of the band before. */
export const bandsBelow: readonly [band: Exclude<Band, 'likely'>, below: number][] = [
  ['unlikely', 0.05],
  ['doubtful', 0.2],
  ['unsure', 0.5],
];

export interface OtherPiece {
  text: string;
  probability: number;
}

export interface WordLikelihood {
  word: string;
  /** Of all its pieces in a row, each after all that stands before. */
  probability: number;
  band: Band;
  /** What could have stood where the model was least sure within it, and what of the word stands before that. */
  others: OtherPiece[];
  after: string;
  /** No other piece was likelier at any of its places. */
  isFirst: boolean;
}

/** A stretch of the text: a word, or what stands between two. */
export type Segment = { text: string; likelihood?: WordLikelihood };

/** Words of letters and digits, with what holds a figure, a unit or a name together; of writing without spaces each character. */
const wordForm =
  /[\p{sc=Han}\p{sc=Hira}\p{sc=Kana}\p{sc=Thai}]|(?:(?![\p{sc=Han}\p{sc=Hira}\p{sc=Kana}\p{sc=Thai}])[\p{L}\p{M}\p{N}])+(?:['’.,/-](?:(?![\p{sc=Han}\p{sc=Hira}\p{sc=Kana}\p{sc=Thai}])[\p{L}\p{M}\p{N}])+)*/gu;

interface PlacedToken {
  start: number;
  end: number;
  logProbability: number;
  isFirst: boolean;
  others: OtherPiece[];
}

/** The text that the tokens make, cut into words and what is between. A token that lies in two words counts in both. */
export function segmentsOf(tokens: readonly ScoredToken[]): Segment[] {
  const text = tokens.map(token => token.text).join('');
  const placed = placeTokens(tokens);
  const segments: Segment[] = [];
  let from = 0;
  let first = 0;
  for (const { 0: word, index } of text.matchAll(wordForm)) {
    if (index > from) segments.push({ text: text.slice(from, index) });
    from = index + word.length;
    while (first < placed.length && placed[first]!.end <= index) first++;
    const own: PlacedToken[] = [];
    for (let at = first; at < placed.length && placed[at]!.start < from; at++) own.push(placed[at]!);
    segments.push({ text: word, likelihood: likelihoodOf(word, index, own) });
  }
  if (from < text.length) segments.push({ text: text.slice(from) });
  return segments;
}

/** Tokens with a part of a character alone are one with that which completes it. */
function placeTokens(tokens: readonly ScoredToken[]): PlacedToken[] {
  const placed: PlacedToken[] = [];
  let start = 0;
  let open: PlacedToken | undefined;
  for (const { text, logProbability, rank, others } of tokens) {
    const end = start + text.length;
    const pieces = others.map(other => ({ text: other.text, probability: Math.exp(other.logProbability) }));
    const isFirst = rank === 1;
    const token: PlacedToken = open
      ? {
          ...open,
          end,
          logProbability: open.logProbability + logProbability,
          isFirst: open.isFirst && isFirst,
        }
      : { start, end, logProbability, isFirst, others: pieces };
    open = text === '' ? token : undefined;
    if (!open) placed.push(token);
    start = end;
  }
  return placed;
}

function likelihoodOf(word: string, index: number, own: readonly PlacedToken[]): WordLikelihood {
  const probability = Math.exp(own.reduce((sum, token) => sum + token.logProbability, 0));
  const least = own.reduce((a, b) => (b.logProbability < a.logProbability ? b : a), own[0]!);
  return {
    word,
    probability,
    band: bandOf(probability),
    others: least.others,
    after: word.slice(0, Math.max(0, least.start - index)),
    isFirst: own.every(token => token.isFirst),
  };
}

export function bandOf(probability: number): Band {
  return bandsBelow.find(([, below]) => probability < below)?.[0] ?? 'likely';
}

export interface Summary {
  words: number;
  /** Words of each band. */
  counts: Readonly<Record<Band, number>>;
}

export function summaryOf(segments: readonly Segment[]): Summary {
  const counts = { likely: 0, unsure: 0, doubtful: 0, unlikely: 0 };
  for (const { likelihood } of segments) if (likelihood) counts[likelihood.band]++;
  return { words: Object.values(counts).reduce((a, b) => a + b), counts };
}

export interface LeastCertain {
  likelihood: WordLikelihood;
  before: string;
  behind: string;
}

/** Segments on each side of a word that say where it stands. */
const around = 6;

/** Of the words that are not likely those with the lowest probability, lowest first, each with what is around it. */
export function leastCertain(segments: readonly Segment[], most: number): LeastCertain[] {
  return segments
    .flatMap(({ likelihood }, at) => (likelihood && likelihood.band !== 'likely' ? [{ likelihood, at }] : []))
    .sort((a, b) => a.likelihood.probability - b.likelihood.probability || a.at - b.at)
    .slice(0, most)
    .map(({ likelihood, at }) => ({
      likelihood,
      before: textOf(segments.slice(Math.max(0, at - around), at)),
      behind: textOf(segments.slice(at + 1, at + 1 + around)),
    }));
}

const textOf = (segments: readonly Segment[]) => segments.map(({ text }) => text).join('');

/** The tokens of the answer itself, without a thought before it. */
export function tokensOfAnswer(tokens: readonly ScoredToken[], answer: string): readonly ScoredToken[] {
  const start = tokens
    .map(({ text }) => text)
    .join('')
    .lastIndexOf(answer.trim());
  if (answer.trim() === '' || start <= 0) return tokens;
  let end = 0;
  const first = tokens.findIndex(({ text }) => {
    end += text.length;
    return end > start;
  });
  return tokens.slice(first);
}
