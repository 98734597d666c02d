const rightToLeft = /[\p{sc=Hebrew}\p{sc=Arabic}\p{sc=Syriac}\p{sc=Thaana}\p{sc=Nko}]+/gu;
const leftToRight =
  /[\p{sc=Latin}\p{sc=Greek}\p{sc=Cyrillic}\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Hangul}\p{sc=Devanagari}\p{sc=Thai}]+/gu;

/**
 * The direction of a list, table or quotation: that of most of its words, since the first may be a drug's name in Latin
 * letters. `dir="auto"` would look at the first letter, and not into parts with a direction of their own.
 */
export function directionOf(text: string): 'rtl' | 'ltr' | undefined {
  const right = text.match(rightToLeft)?.length ?? 0;
  const left = text.match(leftToRight)?.length ?? 0;
  if (right === 0) return left === 0 ? undefined : 'ltr';
  return right >= left ? 'rtl' : 'ltr';
}
