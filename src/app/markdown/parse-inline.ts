import { charBefore, isLetter, isOpening, isSpace, isSpaceless, isWord } from './character-classes.ts';
import { decodeEntities, entityAt } from './decode-entities.ts';
import { type Delimiter, delimiterRoles } from './delimiters.ts';
import { formulaAt } from './formula-at.ts';
import { goesOn } from './line-breaks.ts';
import { bareAddressAt, linkAddressAt } from './link-address.ts';
import { resolveEmphasis } from './resolve-emphasis.ts';
import { safeUrl } from './safe-url.ts';
import type { Inline } from './tokens.ts';

/** Text beyond these is shown as it is: nobody writes so many marks, and each takes an element of the page. */
const lengthLimit = 20_000;
const delimiterLimit = 1000;
/** So much of unfinished code or of an address may stand as such before its end is written. */
const pendingLength = 200;

/** The inline part of Markdown. `isOpen`: the text is still being written at its end. */
export function parseInline(text: string, isOpen = false): Inline[] {
  const isTooLong = text.length > lengthLimit || (text.match(/[*_~]+/g)?.length ?? 0) > delimiterLimit;
  return isTooLong ? breakLines(text) : new InlineParser(text, isOpen, false).parse();
}

/** Text without any markup. */
export function breakLines(text: string): Inline[] {
  return text
    .split(/(\n)/)
    .filter(Boolean)
    .map(part => (part === '\n' ? { type: 'break', raw: part } : { type: 'text', raw: part, text: part }));
}

const special = /[\\`*_~[!<&$\n]|https?:\/\/|www\./gi;
/** The characters that mean something here; before all others a backslash is a backslash: `\pm`, `\(`, `C:\temp`. */
const escapable = /[*_~`#|<>+\-.$&]/;
const lineBreak = /<\/?br(?:[ \t]+[^<>\n]*)?[ \t]*\/?>/iy;
const autolink = /<((?:https?:\/\/|mailto:)[^\s<>]+|[^\s<>@:]+@[\w.-]+\.[\w-]+)>/iy;

type Piece = Inline | Delimiter;

class InlineParser {
  readonly #text: string;
  readonly #isOpen: boolean;
  readonly #isInLink: boolean;
  readonly #pieces: Piece[] = [];
  #at = 0;
  #lineStart = 0;
  /** Counts what the reader sees as lines. */
  #line = 0;
  #closingBrackets: Map<number, number> | null = null;
  #backtickRuns: Map<number, number[]> | null = null;
  #word: { start: number; end: number } = { start: 0, end: 0 };

  constructor(text: string, isOpen: boolean, isInLink: boolean) {
    this.#text = text;
    this.#isOpen = isOpen;
    this.#isInLink = isInLink;
  }

  parse(): Inline[] {
    const text = this.#text;
    while (this.#at < text.length) {
      special.lastIndex = this.#at;
      const next = special.exec(text)?.index ?? text.length;
      this.#push(next > this.#at ? this.#literal(next - this.#at) : this.#special(text[next]!));
    }
    return resolveEmphasis(this.#pieces, text, this.#isOpen);
  }

  #push(piece: Piece): void {
    const last = this.#pieces.at(-1);
    // White space at a line's end shows nothing.
    if (piece.type === 'break' && last?.type === 'text') {
      this.#pieces[this.#pieces.length - 1] = { ...last, text: last.text.trimEnd() };
    }
    this.#pieces.push(piece);
    this.#at += piece.raw.length;
    if (piece.type === 'break') this.#line++;
    if (piece.type === 'break' || piece.raw.startsWith('\n')) this.#lineStart = this.#at;
  }

  #literal(length: number): Inline {
    const raw = this.#text.slice(this.#at, this.#at + length);
    return { type: 'text', raw, text: raw };
  }

  #special(char: string): Piece {
    switch (char) {
      case '$':
        return this.#formula() ?? this.#literal(this.#runLength('$'));
      case '\\':
        return this.#backslash();
      case '`':
        return this.#codeSpan();
      case '*':
      case '_':
      case '~':
        return this.#delimiter(char);
      case '[':
        return this.#link(this.#at);
      case '!':
        return this.#text[this.#at + 1] === '[' ? this.#link(this.#at + 1) : this.#literal(1);
      case '<':
        return this.#angle();
      case '&': {
        const entity = entityAt(this.#text, this.#at);
        return entity ? { type: 'text', ...entity } : this.#literal(1);
      }
      case '\n':
        return this.#newline();
      default:
        return this.#bareAddress();
    }
  }

  #backslash(): Piece {
    const next = this.#text[this.#at + 1] ?? '';
    if ((next === '(' || next === '[') && !this.#isInPath()) return this.#formula() ?? this.#literal(1);
    if (next === '\\') return this.#literal(2);
    if (!escapable.test(next) || this.#isInPath()) return this.#literal(1);
    return { type: 'text', raw: `\\${next}`, text: next };
  }

  #formula(): Inline | null {
    const found = formulaAt(this.#text, this.#at);
    return found && { type: 'formula', ...found };
  }

  /** `C:\_data`, `\\server\-a`: the backslash separates folders. */
  #isInPath(): boolean {
    if (this.#at >= this.#word.end) {
      const start =
        Math.max(this.#text.lastIndexOf(' ', this.#at), this.#text.lastIndexOf('\n', this.#at)) + 1;
      const rest = this.#text.slice(this.#at).search(/\s/);
      this.#word = { start, end: rest < 0 ? this.#text.length : this.#at + rest };
    }
    return /^[("']?(?:[A-Za-z]:\\|\\\\\w)/.test(this.#text.slice(this.#word.start, this.#word.start + 5));
  }

  #codeSpan(): Piece {
    const length = this.#runLength('`');
    const start = this.#at + length;
    // "10` to 15`": a backtick behind a number or a word begins no code.
    if (isWord(charBefore(this.#text, this.#at))) return this.#literal(length);
    const end = this.#findBackticks(length, start);
    if (end !== null) {
      const inner = this.#text.slice(start, end).replaceAll('\n', ' ');
      const text = inner.trim() && inner.startsWith(' ') && inner.endsWith(' ') ? inner.slice(1, -1) : inner;
      return { type: 'code', raw: this.#text.slice(this.#at, end + length), text };
    }
    const rest = this.#text.slice(start);
    if (this.#isOpen && length < 3 && rest.trim() && rest.length <= pendingLength && !rest.includes('\n')) {
      return { type: 'code', raw: this.#text.slice(this.#at), text: rest.replace(/`+$/, '') };
    }
    return this.#literal(length);
  }

  #runLength(char: string): number {
    let end = this.#at;
    while (this.#text[end] === char) end++;
    return end - this.#at;
  }

  #findBackticks(length: number, from: number): number | null {
    if (!this.#backtickRuns) {
      this.#backtickRuns = new Map();
      for (const { 0: run, index } of this.#text.matchAll(/`+/g)) {
        const runs = this.#backtickRuns.get(run.length);
        if (runs) runs.push(index);
        else this.#backtickRuns.set(run.length, [index]);
      }
      for (const runs of this.#backtickRuns.values()) runs.reverse();
    }
    const runs = this.#backtickRuns.get(length) ?? [];
    while (runs.length > 0 && runs.at(-1)! < from) runs.pop();
    return runs.at(-1) ?? null;
  }

  #delimiter(char: '*' | '_' | '~'): Piece {
    const length = this.#runLength(char);
    const raw = char.repeat(length);
    const roles = delimiterRoles(this.#text, this.#at, length);
    if (!roles.canOpen && !roles.canClose) {
      const isBegun = char === '*' && this.#isOpen && length < 4 && this.#at + length === this.#text.length;
      // At the very end it may be the beginning of a mark: not shown before the next letter tells.
      const isHeld = isBegun && isSpace(charBefore(this.#text, this.#at));
      return isHeld ? { type: 'text', raw, text: '' } : this.#literal(length);
    }
    return { type: 'delimiter', char, raw, start: this.#at, line: this.#line, length, ...roles };
  }

  #link(bracket: number): Piece {
    const isImage = bracket > this.#at;
    const closing = this.#closingBracket(bracket);
    const found =
      closing !== null && this.#text[closing + 1] === '('
        ? linkAddressAt(this.#text, closing + 1, isImage)
        : null;
    if (closing === null || !found || (this.#isInLink && !isImage)) return this.#literal(isImage ? 2 : 1);
    const raw = this.#text.slice(this.#at, found.end);
    const text = this.#text.slice(bracket + 1, closing);
    if (!found.isComplete && !(this.#isOpen && !text.includes('\n'))) return this.#literal(isImage ? 2 : 1);
    if (isImage) return { type: 'image', raw, text };
    const url = found.isComplete ? safeUrl(decodeEntities(found.address)) : null;
    if (found.isComplete && url === null) return this.#literal(1);
    const children = new InlineParser(text, false, true).parse();
    return { type: 'link', raw, url, children };
  }

  #closingBracket(bracket: number): number | null {
    if (!this.#closingBrackets) {
      this.#closingBrackets = new Map();
      const open: number[] = [];
      for (let at = 0; at < this.#text.length; at++) {
        const char = this.#text[at];
        if (char === '\\') at++;
        else if (char === '[') open.push(at);
        else if (char === ']' && open.length > 0) this.#closingBrackets.set(open.pop()!, at);
      }
    }
    return this.#closingBrackets.get(bracket) ?? null;
  }

  #angle(): Piece {
    lineBreak.lastIndex = this.#at;
    const breakMatch = lineBreak.exec(this.#text);
    if (breakMatch) {
      const behind = /[ \t]*\n[ \t]*/y;
      behind.lastIndex = this.#at + breakMatch[0].length;
      return { type: 'break', raw: breakMatch[0] + (behind.exec(this.#text)?.[0] ?? '') };
    }
    autolink.lastIndex = this.#at;
    const match = autolink.exec(this.#text);
    const address = match?.[1];
    const url =
      address && !this.#isInLink
        ? safeUrl(/^(?:https?|mailto):/i.test(address) ? address : `mailto:${address}`)
        : null;
    if (!match || !address || !url) return this.#literal(1);
    return {
      type: 'link',
      raw: match[0],
      url,
      children: [{ type: 'text', raw: address, text: address }],
    };
  }

  #newline(): Piece {
    const text = this.#text;
    const indent = /\n[ \t]*/y;
    indent.lastIndex = this.#at;
    const raw = indent.exec(text)![0];
    const start = this.#at + raw.length;
    const isWrapped = goesOn(text.slice(this.#lineStart, this.#at), text.slice(start, start + 2));
    return isWrapped ? { type: 'text', raw, text: ' ' } : { type: 'break', raw };
  }

  #bareAddress(): Piece {
    const before = charBefore(this.#text, this.#at);
    // Not in the attribute of a tag, nor behind another scheme.
    const isFree =
      !this.#isInLink &&
      (isSpace(before) || isOpening(before) || isSpaceless(before) || /[*_~|,;<]/.test(before));
    const address = isFree ? bareAddressAt(this.#text, this.#at) : null;
    const url = address ? safeUrl(/^www\./i.test(address) ? `http://${address}` : address) : null;
    if (!address || !url) return this.#literal(isLetter(this.#text[this.#at]!) ? 4 : 1);
    return {
      type: 'link',
      raw: address,
      url,
      children: [{ type: 'text', raw: address, text: address }],
    };
  }
}
