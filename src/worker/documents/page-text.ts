import { inReadingOrder, linesOf, type PageLine, type PlacedText } from './page-lines.ts';

/** Lines further apart than this, in heights of letters, are of two paragraphs. */
const paragraphGap = 1.75;

/** The text of a page: one line of the page a line, a blank one between paragraphs, words whole that a line's end has cut. */
export function pageText(pieces: readonly PlacedText[]): string {
  const lines = inReadingOrder(linesOf(pieces));
  let text = '';
  for (const [at, line] of lines.entries()) {
    const before = lines[at - 1];
    if (before) text = joined(text, line.text, betweenLines(before, line));
    else text = line.text;
  }
  return plainLetters(text);
}

/** Cells of a row stay in one line. */
function betweenLines(before: PageLine, line: PageLine): string {
  const height = Math.max(before.height, line.height);
  const drop = before.y - line.y;
  if (Math.abs(drop) < 0.5 * height) return '  ';
  // Upward: another column begins.
  if (drop < 0) return '\n';
  return drop > paragraphGap * height ? '\n\n' : '\n';
}

/**
 * "hyper-" and "tension" are one word where the second goes on in small letters. What a hyphen belongs to stays: numbers, names, and
 * beginnings that are words with it ("beta-").
 */
function joined(text: string, next: string, between: string): string {
  if (between !== '\n') return text + between + next;
  if (text.endsWith('\u00ad')) return text.slice(0, -1) + next;
  const head = /(\p{L}+)[-\u2010]$/u.exec(text)?.[1];
  if (head === undefined || !/^\p{Ll}{2}/u.test(next)) return text + between + next;
  return keepsHyphen.test(head) || isAllCapitals.test(head) ? text + next : text.slice(0, -1) + next;
}

const keepsHyphen =
  /^(?:alpha|beta|gamma|delta|non|anti|pre|post|self|well|long|short|low|high|once|twice|first|second|third|one|two|three|four)$/iu;

const isAllCapitals = /^\p{Lu}+$/u;

/** Ligatures and other forms of letters as the letters that they are; everything else as it was. */
function plainLetters(text: string): string {
  return text
    .replace(/[\ufb00-\ufb06\ufb13-\ufb17]/g, ligature => ligature.normalize('NFKD'))
    .replace(/[\ufb50-\ufdff\ufe70-\ufefc]+/g, forms => forms.normalize('NFKC'))
    .replace(/[\u00ad\u200b\ufeff\0]/g, '');
}
