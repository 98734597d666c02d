import type { SourceText } from '../../client/index.ts';
import { type Alignment, align } from './align.ts';
import { negations } from './negations.ts';
import { gramAt, gramLength, type IndexedPart, type SourceIndex } from './source-index.ts';
import { type Token, tokensOf } from './tokens.ts';
import { units } from './units.ts';

/** Where in which text a sentence stands. */
export interface Passage {
  source: SourceText;
  part: number;
  start: number;
  end: number;
}

const mostCandidates = 6;
/** Of a longer sentence, its first tokens. */
const mostTokens = 160;
/** Places that are fewer tokens apart are one candidate. */
const bucketSize = 6;

/**
 * The passage that a sentence overlaps most, or none. Grams of three tokens say where to look; there the sentence and the text are
 * aligned. A passage counts where most of the sentence stands in it in the same order, with four tokens in a row, every number with its
 * unit, and a negation in both or in neither.
 */
export function findPassage(index: SourceIndex, sentence: string): Passage | null {
  const tokens = tokensOf(sentence).slice(0, mostTokens);
  if (tokens.length < gramLength) return null;
  let found: { passage: Passage; coverage: number } | null = null;
  for (const { part, start } of candidates(index, tokens)) {
    const { tokens: all, source, number } = index.parts[part]!;
    const windowStart = Math.max(0, start - bucketSize);
    const window = all.slice(windowStart, start + Math.ceil(tokens.length * 1.4) + 3 * bucketSize);
    const alignment = align(tokens, window);
    if (!alignment || !isOverlap(tokens, alignment)) continue;
    const span = window.slice(alignment.first, alignment.last + 1);
    const around = window.slice(Math.max(0, alignment.first - 3), alignment.last + 4);
    if (
      !hasNumbers(sentence, tokens, index.parts[part]!, around) ||
      hasNegation(tokens) !== hasNegation(span)
    )
      continue;
    if (found && alignment.coverage <= found.coverage) continue;
    const passage = { source, part: number, start: span[0]!.start, end: span.at(-1)!.end };
    found = { passage, coverage: alignment.coverage };
  }
  return found?.passage ?? null;
}

/** Those with most grams in common first; of equal ones the earlier. */
function candidates({ grams }: SourceIndex, tokens: readonly Token[]): { part: number; start: number }[] {
  const counts = new Map<string, { part: number; start: number; count: number }>();
  for (let at = 0; at + gramLength <= tokens.length; at++) {
    const places = grams.get(gramAt(tokens, at)) ?? [];
    for (let i = 0; i < places.length; i += 2) {
      const [part, place] = [places[i]!, places[i + 1]!];
      const bucket = Math.floor(Math.max(0, place - at) / bucketSize);
      const key = `${part} ${bucket}`;
      const known = counts.get(key);
      if (known) known.count++;
      else counts.set(key, { part, start: bucket * bucketSize, count: 1 });
    }
  }
  return [...counts.values()]
    .sort((a, b) => b.count - a.count || a.part - b.part || a.start - b.start)
    .slice(0, mostCandidates);
}

function isOverlap(
  { length }: readonly Token[],
  { coverage, first, last, matched, longestRun }: Alignment,
): boolean {
  // The shorter a sentence, the more of it has to be there: three words stand next to each other by chance.
  const least = length < 5 ? 1 : length < 8 ? 0.8 : 0.62;
  const isDense = matched >= 0.5 * (last - first + 1);
  return coverage >= least && isDense && longestRun >= Math.min(4, length);
}

/** Every number of the sentence stands there too, before the same unit where it has one. */
function hasNumbers(
  sentence: string,
  tokens: readonly Token[],
  part: IndexedPart,
  around: readonly Token[],
): boolean {
  return tokens.every(token => {
    if (token.kind !== 'number') return true;
    const unit = unitAfter(sentence, token.end);
    return around.some(
      other =>
        other.kind === 'number' &&
        other.key === token.key &&
        (unit === null || unitAfter(part.text, other.end) === unit),
    );
  });
}

const hasNegation = (tokens: readonly Token[]): boolean => tokens.some(({ key }) => negations.has(key));

const byLength = Object.keys(units).sort((a, b) => b.length - a.length);

/** The unit that stands right behind a number, in one way of writing; null where none does. A dose by weight or time is another unit. */
export function unitAfter(text: string, at: number): string | null {
  const next = text
    .slice(at, at + 16)
    .replace(/^[\s\u00a0\u202f]+/, '')
    .replaceAll('\u03bc', 'µ')
    .toLowerCase();
  const unit = byLength.find(each => next.startsWith(each));
  if (unit === undefined) return null;
  const rest = next.slice(unit.length);
  return /^(?:[\p{L}\d]|\s*\/)/u.test(rest) ? null : unit;
}
