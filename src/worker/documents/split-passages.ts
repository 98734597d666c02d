import type { SourcePart } from '../../engine/types/source-text.ts';

/** About a page, in UTF-16 units. */
const passageLength = 3000;

/** A text without pages in passages that can be chosen; one behind the other they are the text. Cut between paragraphs, else lines, else words. */
export function splitPassages(text: string): SourcePart[] {
  const parts: SourcePart[] = [];
  for (let start = 0; start < text.length; ) {
    const end = text.length - start <= passageLength * 1.5 ? text.length : cutAfter(text, start);
    parts.push({ number: parts.length + 1, text: text.slice(start, end) });
    start = end;
  }
  return parts;
}

function cutAfter(text: string, start: number): number {
  const window = text.slice(start, start + passageLength);
  for (const [mark, least] of [
    ['\n\n', 0.3],
    ['\n', 0.5],
    ['. ', 0.5],
    [' ', 0.5],
  ] as const) {
    const at = window.lastIndexOf(mark);
    if (at > passageLength * least) return start + at + mark.length;
  }
  // No half of a character.
  const end = start + passageLength;
  return /[\ud800-\udbff]/.test(text[end - 1] ?? '') ? end - 1 : end;
}
