import type { BinaryOperator, CallArguments, Comparison, Expression, Filtered } from './syntax.ts';
import { templateError } from './template-errors.ts';
import type { TokenStream } from './token-stream.ts';

/**
 * Expressions, by jinja2's grammar: from the loosest, `a if b else c`, over `or`, `and`, `not`, comparisons (which chain), `+ -`,
 * `~`, `* / // %`, `**` (which groups to the left) and signs to what follows a value: `.x`, `[x]`, `(x)`, `| filter`, `is test`.
 */
export class ExpressionParser {
  readonly #stream: TokenStream;

  constructor(stream: TokenStream) {
    this.#stream = stream;
  }

  expression(withCondition = true): Expression {
    return this.#stream.nested(() => (withCondition ? this.#conditional() : this.#or()));
  }

  /** One expression, or several with commas between, which make a tuple. */
  tuple(options: { withCondition?: boolean; endsAt?: string; mayBeEmpty?: boolean } = {}): Expression {
    const stream = this.#stream;
    const items: Expression[] = [];
    let isTuple = false;
    for (;;) {
      if (items.length > 0) stream.expect('operator', ',');
      if (this.#isTupleEnd(options.endsAt)) break;
      items.push(this.expression(options.withCondition));
      if (!stream.isOperator(',')) break;
      isTuple = true;
    }
    if (!isTuple) {
      const [only] = items;
      if (only) return only;
      if (!options.mayBeEmpty) throw stream.unexpected();
    }
    return { kind: 'tuple', items };
  }

  /** One or more filters. `isInline`: the first without `|`, as in `{% filter upper %}`. */
  filters(value: Expression | undefined, isInline = false): Filtered | undefined {
    const stream = this.#stream;
    let filtered: Filtered | undefined;
    let inner = value;
    for (let inline = isInline; inline || stream.isOperator('|'); inline = false) {
      if (!inline) stream.next();
      const name = this.#dottedName();
      filtered = { kind: 'filter', name, value: inner, args: this.#optionalArguments() };
      inner = filtered;
    }
    return filtered;
  }

  callArguments(): CallArguments {
    const stream = this.#stream;
    const positional: Expression[] = [];
    const keywords: [string, Expression][] = [];
    let spread: Expression | undefined;
    let keywordSpread: Expression | undefined;
    stream.expect('operator', '(');
    for (let isFirst = true; !stream.isOperator(')'); isFirst = false) {
      if (!isFirst) {
        stream.expect('operator', ',');
        if (stream.isOperator(')')) break;
      }
      if (keywordSpread || (spread && stream.isOperator('*')))
        throw templateError('invalid syntax for function call expression');
      if (stream.skipOperator('*')) spread = this.expression();
      else if (stream.skipOperator('**')) keywordSpread = this.expression();
      else if (stream.is('name') && stream.following.type === 'operator' && stream.following.value === '=') {
        const name = stream.next().value;
        stream.next();
        if (keywords.some(([known]) => known === name))
          throw templateError(`keyword argument repeated: ${name}`);
        keywords.push([name, this.expression()]);
      } else if (spread || keywords.length > 0)
        throw templateError('invalid syntax for function call expression');
      else positional.push(this.expression());
    }
    stream.expect('operator', ')');
    return {
      positional,
      keywords,
      ...(spread ? { spread } : {}),
      ...(keywordSpread ? { keywordSpread } : {}),
    };
  }

  #isTupleEnd(endsAt: string | undefined): boolean {
    const stream = this.#stream;
    return (
      stream.is('end') ||
      stream.is('block-end') ||
      stream.isOperator(')') ||
      (endsAt !== undefined && stream.isName(endsAt))
    );
  }

  #conditional(): Expression {
    const stream = this.#stream;
    let then = this.#or();
    while (stream.skipName('if')) {
      const condition = this.#or();
      if (stream.skipName('else')) {
        const otherwise = stream.nested(() => this.#conditional());
        then = { kind: 'conditional', condition, then, otherwise };
      } else then = { kind: 'conditional', condition, then };
    }
    return then;
  }

  #or(): Expression {
    let left = this.#and();
    while (this.#stream.skipName('or')) left = { kind: 'or', left, right: this.#and() };
    return left;
  }

  #and(): Expression {
    let left = this.#not();
    while (this.#stream.skipName('and')) left = { kind: 'and', left, right: this.#not() };
    return left;
  }

  #not(): Expression {
    const stream = this.#stream;
    if (stream.skipName('not')) return { kind: 'not', value: stream.nested(() => this.#not()) };
    return this.#compare();
  }

  #compare(): Expression {
    const first = this.#sum();
    const rest: { operator: Comparison; value: Expression }[] = [];
    for (let operator = this.#comparison(); operator; operator = this.#comparison())
      rest.push({ operator, value: this.#sum() });
    return rest.length === 0 ? first : { kind: 'compare', first, rest };
  }

  #comparison(): Comparison | undefined {
    const stream = this.#stream;
    if (stream.isOperator('==', '!=', '<', '<=', '>', '>=')) return stream.next().value as Comparison;
    if (stream.skipName('in')) return 'in';
    if (stream.isName('not') && stream.following.type === 'name' && stream.following.value === 'in') {
      stream.next();
      stream.next();
      return 'not in';
    }
    return undefined;
  }

  #sum(): Expression {
    return this.#binary(['+', '-'], () => this.#concat());
  }

  #concat(): Expression {
    const parts = [this.#product()];
    while (this.#stream.skipOperator('~')) parts.push(this.#product());
    return parts.length === 1 ? parts[0]! : { kind: 'concat', parts };
  }

  #product(): Expression {
    return this.#binary(['*', '/', '//', '%'], () => this.#binary(['**'], () => this.#unary(true)));
  }

  #binary(operators: BinaryOperator[], operand: () => Expression): Expression {
    const stream = this.#stream;
    let left = operand();
    while (stream.isOperator(...operators)) {
      const operator = stream.next().value as BinaryOperator;
      left = { kind: 'binary', operator, left, right: operand() };
    }
    return left;
  }

  /** Signs bind tighter than filters: `-1 | abs` is 1. */
  #unary(withFilters: boolean): Expression {
    const stream = this.#stream;
    let value: Expression;
    if (stream.skipOperator('-'))
      value = { kind: 'negative', value: stream.nested(() => this.#unary(false)) };
    else if (stream.skipOperator('+'))
      value = { kind: 'positive', value: stream.nested(() => this.#unary(false)) };
    else value = this.#primary();
    value = this.#postfix(value);
    return withFilters ? this.#filtersAndTests(value) : value;
  }

  #primary(): Expression {
    const stream = this.#stream;
    const token = stream.next();
    if (token.type === 'name') return nameOrConstant(token.value);
    if (token.type === 'int') return { kind: 'constant', value: BigInt(token.value.toLowerCase()) };
    if (token.type === 'float') return { kind: 'constant', value: Number(token.value) };
    if (token.type === 'string') {
      let { value } = token;
      while (stream.is('string')) value += stream.next().value;
      return { kind: 'string', value };
    }
    if (token.type === 'operator' && token.value === '(') {
      const inner = this.tuple({ mayBeEmpty: true });
      stream.expect('operator', ')');
      return inner;
    }
    if (token.type === 'operator' && token.value === '[') return { kind: 'list', items: this.#listItems() };
    if (token.type === 'operator' && token.value === '{')
      return { kind: 'dict', entries: this.#dictEntries() };
    throw templateError(`unexpected '${token.value === '' ? token.type : token.value}'`);
  }

  #listItems(): Expression[] {
    const items: Expression[] = [];
    this.#separated(']', () => items.push(this.expression()));
    return items;
  }

  #dictEntries(): [Expression, Expression][] {
    const entries: [Expression, Expression][] = [];
    this.#separated('}', () => {
      const key = this.expression();
      this.#stream.expect('operator', ':');
      entries.push([key, this.expression()]);
    });
    return entries;
  }

  #separated(end: string, parseItem: () => void): void {
    const stream = this.#stream;
    for (let isFirst = true; !stream.isOperator(end); isFirst = false) {
      if (!isFirst) {
        stream.expect('operator', ',');
        if (stream.isOperator(end)) break;
      }
      parseItem();
    }
    stream.expect('operator', end);
  }

  #postfix(value: Expression): Expression {
    const stream = this.#stream;
    let result = value;
    for (;;) {
      if (stream.skipOperator('.')) result = this.#attribute(result);
      else if (stream.skipOperator('[')) result = this.#item(result);
      else if (stream.isOperator('(')) result = { kind: 'call', callee: result, args: this.callArguments() };
      else return result;
    }
  }

  #attribute(object: Expression): Expression {
    const token = this.#stream.next();
    if (token.type === 'name') return { kind: 'attribute', object, name: token.value };
    if (token.type === 'int')
      return { kind: 'item', object, key: { kind: 'constant', value: BigInt(token.value) } };
    throw templateError('expected name or number');
  }

  #item(object: Expression): Expression {
    const keys: Expression[] = [];
    this.#separated(']', () => keys.push(this.#subscript()));
    if (keys.length === 0) throw templateError("unexpected ']'");
    const key: Expression = keys.length === 1 ? keys[0]! : { kind: 'tuple', items: keys };
    return { kind: 'item', object, key };
  }

  #subscript(): Expression {
    const stream = this.#stream;
    const isEnd = () => stream.isOperator(']', ',', ':');
    const start = stream.isOperator(':') ? undefined : this.expression();
    if (start && !stream.isOperator(':')) return start;
    stream.next();
    const stop = isEnd() ? undefined : this.expression();
    const step = stream.skipOperator(':') && !isEnd() ? this.expression() : undefined;
    return {
      kind: 'slice',
      ...(start ? { start } : {}),
      ...(stop ? { stop } : {}),
      ...(step ? { step } : {}),
    };
  }

  #filtersAndTests(value: Expression): Expression {
    const stream = this.#stream;
    let result = value;
    for (;;) {
      if (stream.isOperator('|')) result = this.filters(result)!;
      else if (stream.isName('is')) result = this.#test(result);
      else if (stream.isOperator('(')) result = { kind: 'call', callee: result, args: this.callArguments() };
      else return result;
    }
  }

  /** The argument of a test may stand without brackets: `x is divisibleby 3`. */
  #test(value: Expression): Expression {
    const stream = this.#stream;
    stream.next();
    const isNegated = stream.skipName('not');
    const name = this.#dottedName();
    let args: CallArguments = { positional: [], keywords: [] };
    if (stream.isOperator('(')) args = this.callArguments();
    else if (this.#startsArgument()) {
      if (stream.isName('is')) throw templateError('You cannot chain multiple tests with is');
      const argument = stream.nested(() => this.#postfix(this.#primary()));
      args = { positional: [argument], keywords: [] };
    }
    const test: Expression = { kind: 'test', name, value, args };
    return isNegated ? { kind: 'not', value: test } : test;
  }

  #startsArgument(): boolean {
    const stream = this.#stream;
    if (stream.is('name')) return !stream.isName('else', 'or', 'and');
    return stream.is('string') || stream.is('int') || stream.is('float') || stream.isOperator('[', '{');
  }

  #dottedName(): string {
    const stream = this.#stream;
    let name = stream.expect('name').value;
    while (stream.skipOperator('.')) name += `.${stream.expect('name').value}`;
    return name;
  }

  #optionalArguments(): CallArguments {
    return this.#stream.isOperator('(') ? this.callArguments() : { positional: [], keywords: [] };
  }
}

function nameOrConstant(name: string): Expression {
  if (name === 'true' || name === 'True') return { kind: 'constant', value: true };
  if (name === 'false' || name === 'False') return { kind: 'constant', value: false };
  if (name === 'none' || name === 'None') return { kind: 'constant', value: null };
  return { kind: 'name', name };
}
