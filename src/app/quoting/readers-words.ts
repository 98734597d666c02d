/** Whether anything between two places of a unit's text is in the reader's own words. */
export type IsReaders = (unit: number, start: number, end: number) => boolean;

/** So many words of the text may stand between two words of what is shown of it: the address of a link, the number of an item. */
const mostBetween = 30;

const wordPattern = /[\p{L}\p{M}\p{N}]+/gu;

/**
 * Where the reader's words stand in the units of an answer. Its text has signs that are not shown, so that places in the one are none in the
 * other; the words are the same in both, in the same order. `spans`: begin and end, excluded, in `text`; `from`: where in it the
 * units begin.
 */
export function readersWordsIn(
  units: readonly { text: string }[],
  { text, spans, from = 0 }: { text: string; spans: readonly (readonly [number, number])[]; from?: number },
): IsReaders {
  const written = [...text.slice(from).matchAll(wordPattern)].map(({ 0: word, index }) => {
    const start = from + index;
    return { word, isReaders: spans.some(([first, end]) => first < start + word.length && end > start) };
  });
  let next = 0;
  const own = units.map(unit =>
    [...unit.text.matchAll(wordPattern)].flatMap(({ 0: word, index }) => {
      const ahead = written.slice(next, next + mostBetween).findIndex(each => each.word === word);
      if (ahead < 0) return [];
      next += ahead + 1;
      return written[next - 1]!.isReaders ? [[index, index + word.length] as const] : [];
    }),
  );
  return (unit, start, end) => own[unit]?.some(([first, last]) => first < end && last > start) ?? false;
}
