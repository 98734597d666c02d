import { hasPages, type SourceKind, type SourceText } from '../../client/index.ts';
import { formatCount, plural } from './quantities.ts';

/** "guideline.pdf, pages 1–3 and 7 of 12, 1,240 words". */
export function sourceInWords(source: SourceText): string {
  return [source.name, partsInWords(source), plural(countWords(source), 'word')].filter(Boolean).join(', ');
}

/** What of it there is: "pages 1–3 of 12"; nothing of a text without pages that is whole. */
export function partsInWords({ kind, partCount, parts }: SourceText): string {
  const isWhole = parts.length === partCount;
  if (isWhole) return kind === 'pdf' ? plural(partCount, 'page') : '';
  const name = partName(kind);
  return `${parts.length === 1 ? name : `${name}s`} ${inRanges(parts.map(({ number }) => number))} of ${formatCount(partCount)}`;
}

/** What a part of it is called: "page", "passage". */
export const partName = (kind: SourceKind): 'page' | 'passage' => (hasPages({ kind }) ? 'page' : 'passage');

/** "1–3, 7". */
export function inRanges(numbers: readonly number[]): string {
  const ranges: [first: number, last: number][] = [];
  for (const number of numbers) {
    const range = ranges.at(-1);
    if (range && range[1] === number - 1) range[1] = number;
    else ranges.push([number, number]);
  }
  return ranges.map(([first, last]) => (first === last ? `${first}` : `${first}–${last}`)).join(', ');
}

/** Words between blanks; of writing without blanks, its characters. */
export function countWords({ parts }: Pick<SourceText, 'parts'>): number {
  let words = 0;
  for (const { text } of parts)
    words +=
      text.match(
        /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]|[^\s\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]+/gu,
      )?.length ?? 0;
  return words;
}
