import type { Delimiter } from './delimiters.ts';
import type { Inline } from './tokens.ts';

/** So much of an unfinished line may stand in bold before its end is written. */
const pendingLength = 200;

/**
 * Pairs the marks: a mark that ends something ends the nearest that began with the same, on the same line. What finds
 * no partner is text. Where the text is still being written, strong words count as ended at its end, so that they do
 * not change under the reader's eyes; a deletion never does.
 */
export function resolveEmphasis(
  pieces: readonly (Inline | Delimiter)[],
  text: string,
  isOpen: boolean,
): Inline[] {
  const out: (Inline | Delimiter)[] = [];
  const openers: number[] = [];
  for (const piece of pieces) {
    if (piece.type !== 'delimiter') {
      out.push(piece);
      continue;
    }
    const rest = piece.canClose ? close(piece, out, openers, text) : piece;
    if (rest.length === 0) continue;
    if (rest.canOpen) openers.push(out.length);
    out.push(rest);
  }
  if (isOpen) closePending(out, openers, text);
  return joinTexts(out);
}

/** Ends what a mark can end; what is left of it. */
function close(closer: Delimiter, out: (Inline | Delimiter)[], openers: number[], text: string): Delimiter {
  let rest = closer;
  let isNamed = false;
  for (let at = openers.length - 1; at >= 0 && rest.length > 0; at--) {
    const index = openers[at]!;
    const opener = out[index] as Delimiter;
    if (opener.char !== rest.char) continue;
    if (opener.line !== rest.line) break;
    // "**a*" is neither; three marks are two and one, in either order.
    if (opener.length < rest.length ? rest.length !== 3 : opener.length > rest.length && opener.length !== 3)
      continue;
    const children = out.slice(index + 1);
    if (children.length === 0) continue;
    if (isIdentifier(opener, rest, text)) {
      openers.length = at;
      isNamed = true;
      break;
    }
    const used = Math.min(opener.length, rest.length);
    out.length = index;
    openers.length = at;
    if (opener.length > used) {
      openers.push(out.length);
      out.push(shorten(opener, used));
      at++;
    }
    out.push(wrap(opener.char, used, joinTexts(children)));
    rest = shorten(rest, used);
  }
  // What ended something does not begin something else.
  return rest === closer && !isNamed ? rest : { ...rest, canOpen: false };
}

function shorten(delimiter: Delimiter, used: number): Delimiter {
  return { ...delimiter, raw: delimiter.raw.slice(used), length: delimiter.length - used };
}

function wrap(char: string, used: number, children: Inline[], end = char.repeat(used)): Inline {
  const raw = char.repeat(used) + children.map(child => child.raw).join('') + end;
  if (char === '~') return { type: 'del', raw, children };
  if (used === 1) return { type: 'em', raw, children };
  if (used === 2) return { type: 'strong', raw, children };
  return { type: 'strong', raw, children: [{ type: 'em', raw: raw.slice(2, -2), children }] };
}

/** `__init__` is a name. */
function isIdentifier(opener: Delimiter, closer: Delimiter, text: string): boolean {
  return (
    opener.char === '_' &&
    opener.length > 1 &&
    /^[a-z\d_]+$/.test(text.slice(opener.start + opener.raw.length, closer.start))
  );
}

function closePending(out: (Inline | Delimiter)[], openers: readonly number[], text: string): void {
  const index = openers.find(each => isPending(out[each] as Delimiter, text));
  if (index === undefined) return;
  const opener = out[index] as Delimiter;
  const children = out.slice(index + 1);
  // The first of the two marks that end it.
  const last = children.at(-1);
  const end = last?.raw === '*' && children.length > 1 ? children.pop()!.raw : '';
  if (children.length === 0) return;
  out.length = index;
  out.push(wrap(opener.char, opener.length, joinTexts(children), end));
}

function isPending({ char, length, start }: Delimiter, text: string): boolean {
  // A comparison may follow, and then the marks are a footnote's.
  if (/^\*+[pP](?:[ -]?v[alues]*)?[ \t]*$/.test(text.slice(start, start + 20))) return false;
  return char === '*' && length > 1 && text.length - start <= pendingLength && !text.includes('\n', start);
}

function joinTexts(pieces: readonly (Inline | Delimiter)[]): Inline[] {
  const joined: Inline[] = [];
  for (const piece of pieces) {
    const inline: Inline =
      piece.type === 'delimiter' ? { type: 'text', raw: piece.raw, text: piece.raw } : piece;
    const last = joined.at(-1);
    if (inline.type === 'text' && last?.type === 'text') {
      joined[joined.length - 1] = { type: 'text', raw: last.raw + inline.raw, text: last.text + inline.text };
    } else joined.push(inline);
  }
  return joined;
}
