/**
 * What Python's `str` knows of characters and JavaScript's string does not. Positions are UTF-16 units unless a name says code
 * points.
 */

/** `str.isspace` and `\s`: with U+001C to U+001F and U+0085, without U+FEFF. As the inside of a character class. */
export const blanks = '\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000';

const lineBreakCharacters = '\\n\\r\\v\\f\\x1c-\\x1e\\x85\\u2028\\u2029';
const lineBreaks = new RegExp(`\\r\\n|[${lineBreakCharacters}]`, 'g');
const blank = new RegExp(`[${blanks}]`);
const notBlank = new RegExp(`[^${blanks}]`);

export function isBlank(character: string): boolean {
  return blank.test(character);
}

/** Where the text begins after its leading blanks, or after characters of `set`. */
export function leadingEnd(text: string, set?: ReadonlySet<string>): number {
  if (!set) {
    const at = text.search(notBlank);
    return at < 0 ? text.length : at;
  }
  let at = 0;
  while (at < text.length) {
    const character = characterAt(text, at);
    if (!set.has(character)) break;
    at += character.length;
  }
  return at;
}

/** Where the text ends before its trailing blanks, or before characters of `set`. */
export function trailingStart(text: string, set?: ReadonlySet<string>): number {
  let at = text.length;
  while (at > 0) {
    const character = characterBefore(text, at);
    if (set ? !set.has(character) : !isBlank(character)) break;
    at -= character.length;
  }
  return at;
}

export function characterAt(text: string, at: number): string {
  return String.fromCodePoint(text.codePointAt(at)!);
}

function characterBefore(text: string, end: number): string {
  const last = text.charCodeAt(end - 1);
  if (last >= 0xdc00 && last <= 0xdfff && end > 1) {
    const pair = text.slice(end - 2, end);
    if (pair.codePointAt(0)! > 0xffff) return pair;
  }
  return text[end - 1]!;
}

/** Where each code point begins, and the end. */
export function codePointStarts(text: string): number[] {
  const starts: number[] = [];
  for (let at = 0; at < text.length; at += text.codePointAt(at)! > 0xffff ? 2 : 1) starts.push(at);
  starts.push(text.length);
  return starts;
}

export function countCodePoints(text: string): number {
  let count = 0;
  for (let at = 0; at < text.length; at += text.codePointAt(at)! > 0xffff ? 2 : 1) count += 1;
  return count;
}

/** Python compares strings by code point; JavaScript by unit, which puts U+1F600 before U+FF01. */
export function compareText(a: string, b: string): number {
  const shorter = Math.min(a.length, b.length);
  for (let i = 0; i < shorter; i += 1) {
    const left = a.charCodeAt(i);
    const right = b.charCodeAt(i);
    if (left !== right) return rank(left) - rank(right);
  }
  return a.length - b.length;
}

/** Surrogates stand for what lies above every other unit. */
function rank(unit: number): number {
  return unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit;
}

/** The pieces of `str.splitlines`: where each line begins, where it ends, and where its line break ends. */
export function lineSpans(
  text: string,
  beforeEach: () => void,
): { start: number; end: number; next: number }[] {
  const spans: { start: number; end: number; next: number }[] = [];
  let start = 0;
  for (const match of text.matchAll(lineBreaks)) {
    beforeEach();
    const next = match.index + match[0].length;
    spans.push({ start, end: match.index, next });
    start = next;
  }
  if (start < text.length) spans.push({ start, end: text.length, next: text.length });
  return spans;
}

/** `repr` of a str. */
export function quoted(text: string): string {
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'";
  return quote + escapedWithin(text, quote) + quote;
}

/** What stands between the quotes; the same for each part of a text as for the whole. */
export function escapedWithin(text: string, quote: string): string {
  return text.replace(/[\\'"]|[\p{C}\p{Z}]/gu, character => {
    if (character === ' ') return character;
    if (character === '\\') return '\\\\';
    if (character === "'" || character === '"') return character === quote ? `\\${character}` : character;
    if (character === '\n') return '\\n';
    if (character === '\r') return '\\r';
    if (character === '\t') return '\\t';
    const code = character.codePointAt(0)!;
    if (code < 0x100) return `\\x${hex(code, 2)}`;
    return code < 0x10000 ? `\\u${hex(code, 4)}` : `\\U${hex(code, 8)}`;
  });
}

function hex(code: number, digits: number): string {
  return code.toString(16).padStart(digits, '0');
}
