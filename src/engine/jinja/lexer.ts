import { blanks, trailingStart } from './python-text.ts';
import { decodeString } from './string-literal.ts';
import { templateError } from './template-errors.ts';

export interface Token {
  readonly type:
    | 'text'
    | 'begin'
    | 'end'
    | 'block-begin'
    | 'block-end'
    | 'name'
    | 'string'
    | 'int'
    | 'float'
    | 'operator';
  /** Of a string its decoded text, of a number its digits without underscores, of an operator itself. */
  readonly value: string;
}

const sticky = (pattern: string, flags = '') => new RegExp(pattern, `y${flags}`);
const blank = `[${blanks}]`;

const nextTag = new RegExp(`{%([-+]?)${blank}*raw${blank}*(?:(-)%}${blank}*|%})|({[{%#])([-+]?)`, 'g');
const rawEnd = new RegExp(`{%([-+]?)${blank}*endraw${blank}*(?:\\+%}|-%}${blank}*|%}\\n?)`, 'g');
const commentEnd = new RegExp(`\\+#}|-#}${blank}*|#}\\n?`, 'g');
const blockEnd = sticky(`\\+%}|-%}${blank}*|%}\\n?`);
const expressionEnd = sticky(`-}}${blank}*|}}`);
const whitespace = sticky(`${blank}+`);
const float = sticky(
  '(?<!\\.)(?:\\d+_)*\\d+(?:(?:\\.(?:\\d+_)*\\d+)?e[+-]?(?:\\d+_)*\\d+|\\.(?:\\d+_)*\\d+)',
  'i',
);
const integer = sticky('0b(?:_?[01])+|0o(?:_?[0-7])+|0x(?:_?[\\da-f])+|[1-9](?:_?\\d)*|0(?:_?0)*', 'i');
const name = sticky('[\\p{L}\\p{M}\\p{N}\\p{Pc}]+', 'u');
const identifier = /^[\p{XID_Start}_]\p{XID_Continue}*$/u;
const string = sticky(`'[^'\\\\]*(?:\\\\.[^'\\\\]*)*'|"[^"\\\\]*(?:\\\\.[^"\\\\]*)*"`, 's');
const operator = sticky('//|\\*\\*|==|!=|>=|<=|[-+*/%~\\[\\](){}<>=.:|,;]');

/** In this order: of `1.5` the float is tried before the int, of `0x1f` the int before a name. */
const literals = [
  ['float', float],
  ['int', integer],
  ['name', name],
  ['string', string],
] as const;

const closing: Readonly<Record<string, string>> = { '{': '}', '(': ')', '[': ']' };

/**
 * A template as tokens, as jinja2's lexer gives them with `trim_blocks` and `lstrip_blocks`, which transformers switches on: of text
 * the whitespace is already taken that tags take. Comments are left out.
 * @throws BedsideError `unusable-template`
 */
export function tokenize(template: string): Token[] {
  return new Lexer(template).tokens();
}

class Lexer {
  readonly #source: string;
  readonly #tokens: Token[] = [];
  #at = 0;
  /** Whether what was read last ended with a line break. */
  #isLineStart = true;

  constructor(template: string) {
    const source = template.replace(/\r\n|\r/g, '\n');
    this.#source = source.endsWith('\n') ? source.slice(0, -1) : source;
  }

  tokens(): Token[] {
    while (this.#at < this.#source.length) {
      const tag = this.#find(nextTag);
      if (!tag) {
        this.#push('text', this.#source.slice(this.#at));
        break;
      }
      const [, rawSign, , kind, sign] = tag;
      this.#text(tag.index, kind === undefined ? rawSign! : sign!, kind !== '{{');
      this.#move(tag);
      if (kind === undefined) this.#raw();
      else if (kind === '{#') this.#comment();
      else if (kind === '{%') this.#code('block-begin', blockEnd, 'block-end');
      else this.#code('begin', expressionEnd, 'end');
    }
    return this.#tokens;
  }

  /** The text before a tag: `-` takes its trailing blanks, a block alone on its line the indentation. */
  #text(end: number, sign: string, isBlock: boolean): void {
    let text = this.#source.slice(this.#at, end);
    if (sign === '-') text = text.slice(0, trailingStart(text));
    else if (sign !== '+' && isBlock) {
      const lineStart = text.lastIndexOf('\n') + 1;
      if ((lineStart > 0 || this.#isLineStart) && trailingStart(text.slice(lineStart)) === 0)
        text = text.slice(0, lineStart);
    }
    if (text !== '') this.#push('text', text);
  }

  #raw(): void {
    const end = this.#find(rawEnd);
    if (!end) throw templateError('Missing end of raw directive');
    this.#text(end.index, end[1]!, true);
    this.#move(end);
  }

  #comment(): void {
    const end = this.#find(commentEnd);
    if (!end) throw templateError('Missing end of comment tag');
    this.#move(end);
  }

  /** Inside `{{ }}` or `{% %}`. Within brackets what looks like the end of the tag is not: `{{ {'a': {}}}}`. */
  #code(begin: Token['type'], endPattern: RegExp, end: Token['type']): void {
    this.#push(begin, '');
    const open: string[] = [];
    while (this.#at < this.#source.length) {
      if (open.length === 0 && this.#take(endPattern) !== undefined) {
        this.#push(end, '');
        return;
      }
      if (this.#take(whitespace) !== undefined) continue;
      if (!this.#literalOrName()) this.#operator(open);
    }
    throw templateError('unexpected end of template');
  }

  #literalOrName(): boolean {
    for (const [type, pattern] of literals) {
      const found = this.#take(pattern);
      if (found === undefined) continue;
      if (type === 'name' && !identifier.test(found)) throw templateError('Invalid character in identifier');
      if (type === 'string') this.#push(type, decodeString(found.slice(1, -1)));
      else this.#push(type, type === 'name' ? found : found.replaceAll('_', ''));
      return true;
    }
    return false;
  }

  #operator(open: string[]): void {
    const found = this.#take(operator);
    if (found === undefined) throw templateError(`unexpected char '${this.#source[this.#at]}'`);
    if (closing[found] !== undefined) open.push(closing[found]);
    else if (found === '}' || found === ')' || found === ']') {
      const expected = open.pop();
      if (expected === undefined) throw templateError(`unexpected '${found}'`);
      if (expected !== found) throw templateError(`unexpected '${found}', expected '${expected}'`);
    }
    this.#push('operator', found);
  }

  #push(type: Token['type'], value: string): void {
    this.#tokens.push({ type, value });
  }

  #find(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.#at;
    return pattern.exec(this.#source);
  }

  #take(pattern: RegExp): string | undefined {
    const found = this.#find(pattern);
    if (!found || found[0] === '') return undefined;
    this.#move(found);
    return found[0];
  }

  #move(found: RegExpExecArray): void {
    this.#at = found.index + found[0].length;
    this.#isLineStart = found[0].endsWith('\n');
  }
}
