/** Which words of a text that was changed by hand are the reader's. */
import type { AnswerEdit } from '../../../client/index.ts';

type Spans = AnswerEdit['spans'];

/** Beyond so many pairs of words to compare, all between the first and the last change is the reader's. */
const pairsLimit = 4_000_000;

/**
 * The reader's words of `after`, which was made of `before` by hand: those that are not in the longest sequence of words that both have.
 * `readers`: the spans of `before` that were the reader's already, which stay so.
 */
export function editedSpans(before: string, after: string, readers: Spans = []): Spans {
  const [old, now] = [wordsOf(before), wordsOf(after)];
  let first = 0;
  while (first < old.length && first < now.length && old[first] === now[first]) first++;
  let last = 0;
  while (
    last < old.length - first &&
    last < now.length - first &&
    old[old.length - 1 - last] === now[now.length - 1 - last]
  ) {
    last++;
  }
  const oldMiddle = old.slice(first, old.length - last);
  const nowMiddle = now.slice(first, now.length - last);
  const kept: (number | null)[] = [
    ...range(0, first),
    ...inCommon(oldMiddle, nowMiddle).map(place => (place === null ? null : place + first)),
    ...range(old.length - last, old.length),
  ];
  const isReaders = readersIn(old, readers);
  const spans: Spans = [];
  let at = 0;
  for (const [index, word] of now.entries()) {
    const place = kept[index] ?? null;
    const end = at + word.length;
    if (place === null || isReaders[place]) {
      const previous = spans.at(-1);
      if (previous?.[1] === at) previous[1] = end;
      else spans.push([at, end]);
    }
    at = end;
  }
  return spans;
}

/** Words and what stands between them; together they are the text. */
const wordsOf = (text: string): string[] => text.match(/\s+|[\p{L}\p{M}\p{N}]+|[^\s\p{L}\p{M}\p{N}]/gu) ?? [];

const range = (start: number, end: number): number[] =>
  Array.from({ length: end - start }, (_, index) => start + index);

/** For each word of `now` its place in `old`, where it is in their longest common sequence; else null. */
function inCommon(old: readonly string[], now: readonly string[]): (number | null)[] {
  const width = now.length + 1;
  if (old.length === 0 || now.length === 0 || (old.length + 1) * width > pairsLimit)
    return now.map(() => null);
  // [old + 1, now + 1]: how long the longest is from there on.
  const lengths = new Uint16Array((old.length + 1) * width);
  for (let i = old.length - 1; i >= 0; i--) {
    for (let j = now.length - 1; j >= 0; j--) {
      lengths[i * width + j] =
        old[i] === now[j]
          ? lengths[(i + 1) * width + j + 1]! + 1
          : Math.max(lengths[(i + 1) * width + j]!, lengths[i * width + j + 1]!);
    }
  }
  const places: (number | null)[] = now.map(() => null);
  for (let i = 0, j = 0; i < old.length && j < now.length; ) {
    if (old[i] === now[j]) places[j++] = i++;
    else if (lengths[(i + 1) * width + j]! >= lengths[i * width + j + 1]!) i++;
    else j++;
  }
  return places;
}

/** Of each word whether any of it was the reader's. */
function readersIn(words: readonly string[], spans: Spans): boolean[] {
  let at = 0;
  return words.map(word => {
    const [start, end] = [at, at + word.length];
    at = end;
    return spans.some(([from, to]) => from < end && to > start);
  });
}
