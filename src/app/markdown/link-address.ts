/** Longer ones are no addresses that a reader could check. */
const lengthLimit = 4_000;
const webSchemes = /^(?:https?:\/\/|mailto:)/i;
/** What can only be an image's address, whatever it leads to. */
const imageAddress =
  /^(?:[a-z][a-z\d+.-]*:|\/|\.{1,2}\/|[^\s()]+\.(?:png|jpe?g|gif|webp|svg|bmp|tiff?|dcm|avif)\b)/i;

export interface LinkAddress {
  address: string;
  /** The index behind the closing parenthesis; the text's length where that is not written yet. */
  end: number;
  isComplete: boolean;
}

/**
 * The address in parentheses that begins at an index, with or without a title. Anything else in parentheses behind
 * brackets, such as the reference range in "[128](135-145)", is text.
 */
export function linkAddressAt(text: string, index: number, isImage: boolean): LinkAddress | null {
  const isAddress = (address: string) => webSchemes.test(address) || (isImage && imageAddress.test(address));
  let at = index + 1;
  while (text[at] === ' ') at++;
  const isBracketed = text[at] === '<';
  if (isBracketed) at++;
  const start = at;
  if (!isAddress(text.slice(start, start + 80))) return null;
  let depth = 0;
  for (; at < text.length; at++) {
    const char = text[at]!;
    if (at - start > lengthLimit && !text.startsWith('data:', start)) return null;
    if (char === '\n' || (isBracketed ? char === '>' : char === ' ' || char === '<')) break;
    if (char === '\\') at++;
    else if (isBracketed) continue;
    else if (char === '(') depth++;
    else if (char === ')' && depth-- === 0) break;
  }
  const address = text.slice(start, at).replace(/\\([^\p{L}\p{N}\s])/gu, '$1');
  if (at >= text.length) return { address, end: text.length, isComplete: false };
  if (isBracketed && text[at] === '>') at++;
  const rest = /[ \t]*(?:(?:"(?:\\.|[^"\\\n]){0,200}"|'(?:\\.|[^'\\\n]){0,200}')[ \t]*)?\)/y;
  rest.lastIndex = at;
  const match = rest.exec(text);
  return match ? { address, end: at + match[0].length, isComplete: true } : null;
}

const bare =
  /(?:https?:\/\/|www\.)[^\s<>"`|\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Hangul}\u3000-\u303f\uff00-\uffef]+/iuy;

/** An address that stands in the text by itself, without the punctuation of the sentence around it. */
export function bareAddressAt(text: string, index: number): string | null {
  bare.lastIndex = index;
  let address = bare.exec(text)?.[0].slice(0, lengthLimit) ?? null;
  while (address) {
    const last = address.at(-1)!;
    const isOdd = (open: string, close: string) => address!.split(close).length > address!.split(open).length;
    const isOutside =
      last === ')' ? isOdd('(', ')') : last === ']' ? isOdd('[', ']') : /[.,:;!?*_~'"]/.test(last);
    if (!isOutside) break;
    address = address.slice(0, -1);
  }
  return address && /^(?:https?:\/\/[^\s.]|www\.[^\s.]+\.)/i.test(address) ? address : null;
}
