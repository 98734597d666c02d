/** Scripts that are written without spaces: a word's neighbour says nothing about where it ends. */
const spaceless =
  /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Hangul}\p{sc=Bopomofo}\p{sc=Thai}\p{sc=Lao}\p{sc=Khmer}\p{sc=Myanmar}\u3000-\u303f\uff01-\uff0f\uff1a-\uff20\uff3b-\uff40\uff5b-\uff65]/u;
const word = /[\p{L}\p{M}\p{N}]/u;

export const isSpace = (char: string) => char === '' || /\s/u.test(char);
export const isDigit = (char: string) => /\p{N}/u.test(char);
export const isSpaceless = (char: string) => spaceless.test(char) && !isDigit(char);
/** A letter or digit of a script that sets its words apart with spaces. */
export const isWord = (char: string) => word.test(char) && !isSpaceless(char);
export const isLetter = (char: string) => /[\p{L}\p{M}]/u.test(char);
/** Digits, and the Chinese numerals, which stand in ranges of doses as digits do. */
export const isNumeral = (char: string) =>
  isDigit(char) || /[〇零一二两三四五六七八九十百千万亿半几数]/u.test(char);
export const isOpening = (char: string) => /[\p{Ps}\p{Pi}]/u.test(char);
export const isClosing = (char: string) => /[\p{Pe}\p{Pf}.,;:!?%‰/\\…、。，；：！？|^]/u.test(char);

/** The code point before an index, or nothing at the beginning. */
export function charBefore(text: string, index: number): string {
  if (index <= 0) return '';
  const last = text.charCodeAt(index - 1);
  const isPair = last >= 0xdc00 && last < 0xe000 && index > 1;
  return text.slice(isPair ? index - 2 : index - 1, index);
}

/** The code point at an index, or nothing at the end. */
export function charAt(text: string, index: number): string {
  const code = text.codePointAt(index);
  return code === undefined ? '' : String.fromCodePoint(code);
}
