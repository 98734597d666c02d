/** Beyond this the browser's own look at every letter after each key would be felt. */
const longText = 10_000;

/** Hebrew, Arabic and the other scripts that are written from the right (Unicode's bidirectional classes R and AL). */
const fromTheRight = /^[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u;

/** Where a field's text begins: as the browser finds it, and for a long text by its first letter alone. */
export function fieldDirection(text: string): 'auto' | 'ltr' | 'rtl' {
  if (text.length <= longText) return 'auto';
  const letter = /\p{L}/u.exec(text.slice(0, longText))?.[0] ?? '';
  return fromTheRight.test(letter) ? 'rtl' : 'ltr';
}
