import type { Token } from './lexer.ts';
import { templateError, tooLongRunning } from './template-errors.ts';

const deepestSource = 80;
const endOfTemplate = { type: 'end-of-template', value: '' } as const;

/** The tokens before a parser, with the depth to which it has gone. */
export class TokenStream {
  readonly #tokens: readonly Token[];
  #at = 0;
  #depth = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  get current(): Token | typeof endOfTemplate {
    return this.#tokens[this.#at] ?? endOfTemplate;
  }

  get following(): Token | typeof endOfTemplate {
    return this.#tokens[this.#at + 1] ?? endOfTemplate;
  }

  next(): Token {
    const token = this.#tokens[this.#at];
    if (!token) throw templateError('unexpected end of template');
    this.#at += 1;
    return token;
  }

  is(type: Token['type'], value?: string): boolean {
    const { current } = this;
    return current.type === type && (value === undefined || current.value === value);
  }

  isName(...names: string[]): boolean {
    return this.current.type === 'name' && names.includes(this.current.value);
  }

  isOperator(...operators: string[]): boolean {
    return this.current.type === 'operator' && operators.includes(this.current.value);
  }

  skipName(name: string): boolean {
    return this.isName(name) && this.next() !== undefined;
  }

  skipOperator(operator: string): boolean {
    return this.isOperator(operator) && this.next() !== undefined;
  }

  expect(type: Token['type'], value?: string): Token {
    if (!this.is(type, value)) throw this.unexpected(value ?? wordFor[type] ?? type);
    return this.next();
  }

  unexpected(expected?: string): Error {
    const { type, value } = this.current;
    const found = value === '' ? (wordFor[type] ?? type) : `'${value}'`;
    return templateError(`unexpected ${found}${expected === undefined ? '' : `, expected '${expected}'`}`);
  }

  /** For what can stand within itself: parsers recurse, and the stack is not theirs. */
  nested<T>(parse: () => T): T {
    this.#depth += 1;
    if (this.#depth > deepestSource) throw tooLongRunning('source nested too deeply');
    const parsed = parse();
    this.#depth -= 1;
    return parsed;
  }
}

const wordFor: Readonly<Record<string, string>> = {
  'block-end': 'end of statement block',
  end: 'end of print statement',
  'end-of-template': 'end of template',
};
