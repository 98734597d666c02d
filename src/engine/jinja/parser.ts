import { ExpressionParser } from './expression-parser.ts';
import { tokenize } from './lexer.ts';
import type { Body, Expression, Filtered, Signature, Statement, Target } from './syntax.ts';
import { templateError, unknownConstruct } from './template-errors.ts';
import { TokenStream } from './token-stream.ts';

const constants = ['true', 'false', 'none', 'True', 'False', 'None'];

/** What jinja2 has and a template in a model file has nothing to load it from, or no use for. */
const unknownTags = ['block', 'extends', 'include', 'import', 'from', 'autoescape'];

/** @throws BedsideError `unusable-template` */
export function parseTemplate(source: string): Body {
  return new Parser(source).template();
}

class Parser {
  readonly #stream: TokenStream;
  readonly #expressions: ExpressionParser;
  /** For each function around: how many loops are open in it, which `break` and `continue` need. */
  #openLoops = [0];

  constructor(source: string) {
    this.#stream = new TokenStream(tokenize(source));
    this.#expressions = new ExpressionParser(this.#stream);
  }

  template(): Body {
    return this.#statements([]);
  }

  /** Up to a tag of `endTags`, whose name is next then; up to the end of the template without any. */
  #statements(endTags: readonly string[]): Body {
    const stream = this.#stream;
    const body: Statement[] = [];
    while (stream.current.type !== 'end-of-template') {
      const token = stream.next();
      if (token.type === 'text') body.push({ kind: 'text', text: token.value });
      else if (token.type === 'begin') {
        body.push({ kind: 'output', value: this.#expressions.tuple() });
        stream.expect('end');
      } else {
        if (stream.isName(...endTags)) return body;
        body.push(...stream.nested(() => this.#statement()));
        stream.expect('block-end');
      }
    }
    if (endTags.length > 0)
      throw templateError(`unexpected end of template, expected '${endTags.join("' or '")}'`);
    return body;
  }

  /** The body of a block after its opening tag, up to and with its closing one. */
  #body(endTag: string): Body {
    const body = this.#bodyUntil([endTag]);
    this.#stream.next();
    return body;
  }

  #bodyUntil(endTags: readonly string[]): Body {
    this.#stream.skipOperator(':');
    this.#stream.expect('block-end');
    return this.#statements(endTags);
  }

  /** A body that jinja2 compiles to a function of its own, out of which no loop can be left. */
  #functionBody(endTag: string): Body {
    this.#openLoops.push(0);
    const body = this.#body(endTag);
    this.#openLoops.pop();
    return body;
  }

  #statement(): Statement[] {
    const { value: tag, type } = this.#stream.next();
    if (type !== 'name') throw templateError('tag name expected');
    switch (tag) {
      case 'if':
        return [this.#if()];
      case 'for':
        return [this.#for()];
      case 'set':
        return [this.#set()];
      case 'with':
        return [this.#with()];
      case 'print':
        return this.#print();
      case 'filter':
        return [this.#filterBlock()];
      case 'macro':
        return [this.#macro()];
      case 'call':
        return [this.#callBlock()];
      case 'generation':
        return [{ kind: 'generation', body: this.#functionBody('endgeneration') }];
      case 'break':
      case 'continue':
        if (this.#openLoops.at(-1) === 0) throw templateError(`'${tag}' outside loop`);
        return [{ kind: tag }];
      default:
        if (unknownTags.includes(tag)) throw unknownConstruct(`the tag ${tag}`);
        throw templateError(`Encountered unknown tag '${tag}'`);
    }
  }

  #if(): Statement {
    const branches: { condition: Expression; body: Body }[] = [];
    for (;;) {
      const condition = this.#expressions.tuple({ withCondition: false });
      branches.push({ condition, body: this.#bodyUntil(['elif', 'else', 'endif']) });
      const { value: tag } = this.#stream.next();
      if (tag === 'elif') continue;
      return { kind: 'if', branches, otherwise: tag === 'else' ? this.#body('endif') : [] };
    }
  }

  #for(): Statement {
    const stream = this.#stream;
    const target = this.#target({ endsAt: 'in' });
    if (target.kind === 'name' && target.name === 'loop')
      throw templateError("can't assign to special loop variable in for-loop target");
    stream.expect('name', 'in');
    const iterable = this.#expressions.tuple({ withCondition: false, endsAt: 'recursive' });
    const condition = stream.skipName('if') ? this.#expressions.expression() : undefined;
    const isRecursive = stream.skipName('recursive');
    this.#openLoops.push(this.#openLoops.pop()! + 1);
    const body = this.#bodyUntil(['endfor', 'else']);
    this.#openLoops.push(this.#openLoops.pop()! - 1);
    const otherwise = stream.next().value === 'else' ? this.#body('endfor') : [];
    return { kind: 'for', target, iterable, condition, isRecursive, body, otherwise };
  }

  #set(): Statement {
    const target = this.#target({ withNamespace: true });
    if (this.#stream.skipOperator('=')) return { kind: 'set', target, value: this.#expressions.tuple() };
    const filter = this.#expressions.filters(undefined);
    return { kind: 'set-block', target, filter, body: this.#body('endset') };
  }

  #with(): Statement {
    const stream = this.#stream;
    const pairs: [Target, Expression][] = [];
    while (!stream.is('block-end')) {
      if (pairs.length > 0) stream.expect('operator', ',');
      const target = this.#target();
      stream.expect('operator', '=');
      pairs.push([target, this.#expressions.expression()]);
    }
    return { kind: 'with', pairs, body: this.#body('endwith') };
  }

  #print(): Statement[] {
    const statements: Statement[] = [];
    while (!this.#stream.is('block-end')) {
      if (statements.length > 0) this.#stream.expect('operator', ',');
      statements.push({ kind: 'output', value: this.#expressions.expression() });
    }
    return statements;
  }

  #filterBlock(): Statement {
    const filter = this.#expressions.filters(undefined, true) as Filtered;
    return { kind: 'filter-block', filter, body: this.#body('endfilter') };
  }

  #macro(): Statement {
    const name = this.#assignable(this.#stream.expect('name').value);
    const signature = this.#signature();
    return { kind: 'macro', name, signature, body: this.#functionBody('endmacro') };
  }

  #callBlock(): Statement {
    const signature = this.#stream.isOperator('(') ? this.#signature() : { names: [], defaults: [] };
    const call = this.#expressions.expression();
    if (call.kind !== 'call') throw templateError('expected call');
    return { kind: 'call-block', call, signature, body: this.#functionBody('endcall') };
  }

  #signature(): Signature {
    const stream = this.#stream;
    const names: string[] = [];
    const defaults: Expression[] = [];
    stream.expect('operator', '(');
    while (!stream.isOperator(')')) {
      if (names.length > 0) stream.expect('operator', ',');
      const name = this.#assignable(stream.expect('name').value);
      if (names.includes(name)) throw templateError(`duplicate argument '${name}'`);
      names.push(name);
      if (stream.skipOperator('=')) defaults.push(this.#expressions.expression());
      else if (defaults.length > 0) throw templateError('non-default argument follows default argument');
    }
    stream.next();
    return { names, defaults };
  }

  #target(options: { endsAt?: string; withNamespace?: boolean } = {}): Target {
    const stream = this.#stream;
    const items: Target[] = [];
    let isTuple = false;
    const isEnd = () =>
      stream.is('block-end') ||
      stream.isOperator(')') ||
      (options.endsAt !== undefined && stream.isName(options.endsAt));
    for (;;) {
      if (items.length > 0) stream.expect('operator', ',');
      if (isEnd()) break;
      items.push(this.#oneTarget(options.withNamespace ?? false));
      if (!stream.isOperator(',')) break;
      isTuple = true;
    }
    if (items.length === 0) throw stream.unexpected();
    return isTuple ? { kind: 'targets', items } : items[0]!;
  }

  #oneTarget(withNamespace: boolean): Target {
    const stream = this.#stream;
    if (stream.skipOperator('(')) {
      const inner = stream.nested(() => this.#target());
      stream.expect('operator', ')');
      return inner;
    }
    if (!stream.is('name')) throw templateError("can't assign to that");
    const name = stream.next().value;
    if (withNamespace && stream.skipOperator('.'))
      return { kind: 'namespace', name, attribute: stream.expect('name').value };
    return { kind: 'name', name: this.#assignable(name) };
  }

  #assignable(name: string): string {
    if (constants.includes(name)) throw templateError(`can't assign to '${name}'`);
    return name;
  }
}
