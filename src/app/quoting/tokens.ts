import { fold } from '../search/fold.ts';

/** A word, a number, a unit or a character of writing without blanks. */
export interface Token {
  /** Folded: without case, diacritics and forms of letters. */
  key: string;
  start: number;
  end: number;
  kind: 'word' | 'number' | 'character';
}

const written =
  /\d+(?:[.,\u00b7]\d+)*|[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]|%|‰|[\p{L}\p{M}]+(?:['’][\p{L}\p{M}]+)*/gu;

const unspaced =
  /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u;

/** In order. Digits and letters are two tokens wherever they touch: "500mg" is "500 mg". */
export function tokensOf(text: string): Token[] {
  const tokens: Token[] = [];
  for (const { 0: word, index: start } of text.matchAll(written)) {
    const isNumber = /^\d/.test(word);
    const key = isNumber ? numberKey(word) : fold(word).replace('’', "'");
    if (key === '') continue;
    const kind = isNumber ? 'number' : unspaced.test(word) ? 'character' : 'word';
    tokens.push({ key, start, end: start + word.length, kind });
  }
  return tokens;
}

/**
 * The same for the same number: "5,1" is "5.1", "1,000" is "1000", "5.10" is "5.1". A comma before three digits alone sets thousands apart
 * where the number does not begin with 0: both readings of "1,000" are one in texts of medicine.
 */
export function numberKey(written: string): string {
  let plain = written.replaceAll('\u00b7', '.');
  if (/^[1-9]\d{0,2}(,\d{3})+(\.\d+)?$/.test(plain)) plain = plain.replaceAll(',', '');
  else if (/^[1-9]\d{0,2}(\.\d{3}){2,}(,\d+)?$/.test(plain))
    plain = plain.replaceAll('.', '').replace(',', '.');
  else if (/^\d+,\d+$/.test(plain)) plain = plain.replace(',', '.');
  if (!/^\d+(\.\d+)?$/.test(plain)) return plain;
  return plain
    .replace(/^0+(?=\d)/, '')
    .replace(/(\.\d*?)0+$/, '$1')
    .replace(/\.$/, '');
}
