import { asText } from './arguments.ts';
import { callValue, evaluate, evaluateArguments, filtered } from './expressions.ts';
import { isTrue, iterate, toArray } from './iteration.ts';
import { Loop } from './loop.ts';
import { type MacroParts, makeMacro } from './macro.ts';
import { Output } from './output.ts';
import { toText } from './printing.ts';
import { Scope } from './scope.ts';
import type { Body, Expression, ForLoop, Statement, Target } from './syntax.ts';
import { templateError } from './template-errors.ts';
import { plain, type Text } from './text.ts';
import {
  type Arguments,
  Markup,
  Namespace,
  type PyFunction,
  PyIterator,
  type Run,
  type Value,
} from './values.ts';

/** How a body was left before its end. */
type Leaving = 'break' | 'continue' | undefined;

export function execute(run: Run, body: Body, scope: Scope, output: Output): Leaving {
  run.budget.enter();
  let leaving: Leaving;
  for (const statement of body) {
    run.budget.step();
    leaving = perform(run, statement, scope, output);
    if (leaving) break;
  }
  run.budget.leave();
  return leaving;
}

function perform(run: Run, statement: Statement, scope: Scope, output: Output): Leaving {
  switch (statement.kind) {
    case 'text':
      output.write(plain(statement.text));
      return undefined;
    case 'output':
      output.write(toText(run, evaluate(run, statement.value, scope)));
      return undefined;
    case 'if':
      for (const { condition, body } of statement.branches)
        if (isTrue(evaluate(run, condition, scope))) return execute(run, body, scope, output);
      return execute(run, statement.otherwise, scope, output);
    case 'for':
      return repeat(run, statement, scope, output);
    case 'set':
      assign(run, statement.target, evaluate(run, statement.value, scope), scope);
      return undefined;
    case 'set-block':
      return setBlock(run, statement, scope);
    case 'with': {
      const inner = new Scope(scope);
      for (const [target, value] of statement.pairs) assign(run, target, evaluate(run, value, scope), inner);
      return execute(run, statement.body, inner, output);
    }
    case 'filter-block': {
      const captured = new Output(run.budget);
      const leaving = execute(run, statement.body, new Scope(scope), captured);
      if (!leaving) output.write(printed(run, filtered(run, statement.filter, scope, captured.captured())));
      return leaving;
    }
    case 'macro':
      scope.set(statement.name, macroOf(statement, scope));
      return undefined;
    case 'call-block': {
      const caller = macroOf({ ...statement, name: undefined }, scope);
      output.write(printed(run, callWith(run, statement.call, caller, scope)));
      return undefined;
    }
    case 'generation': {
      const captured = new Output(run.budget);
      execute(run, statement.body, new Scope(scope), captured);
      output.write(captured.captured());
      return undefined;
    }
    default:
      return statement.kind;
  }
}

/** What blocks write must be texts: jinja2 joins it as it is. */
function printed(run: Run, value: Value): Text {
  return value instanceof Markup ? toText(run, value) : asText('a block', value);
}

function setBlock(run: Run, statement: Statement & { kind: 'set-block' }, scope: Scope): Leaving {
  const captured = new Output(run.budget);
  const leaving = execute(run, statement.body, new Scope(scope), captured);
  if (leaving) return leaving;
  const text = captured.captured();
  assign(
    run,
    statement.target,
    statement.filter ? filtered(run, statement.filter, scope, text) : text,
    scope,
  );
  return undefined;
}

function callWith(run: Run, call: Expression & { kind: 'call' }, caller: Value, scope: Scope): Value {
  const callee = evaluate(run, call.callee, scope);
  const args: Arguments = evaluateArguments(run, call.args, scope);
  return callValue(run, callee, { ...args, keywords: new Map([...args.keywords, ['caller', caller]]) });
}

function assign(run: Run, target: Target, value: Value, scope: Scope): void {
  if (target.kind === 'name') scope.set(target.name, value);
  else if (target.kind === 'namespace') {
    const namespace = scope.get(target.name);
    if (!(namespace instanceof Namespace))
      throw templateError('cannot assign attribute on non-namespace object');
    if (!namespace.attributes.has(target.attribute)) run.budget.items(2);
    namespace.attributes.set(target.attribute, value);
  } else {
    const values = toArray(run, value);
    if (values.length !== target.items.length)
      throw templateError(`cannot unpack ${values.length} values into ${target.items.length} names`);
    for (const [i, item] of target.items.entries()) assign(run, item, values[i]!, scope);
  }
}

function repeat(run: Run, loop: ForLoop, scope: Scope, output: Output): Leaving {
  const iterable = evaluate(run, loop.iterable, scope);
  return runLoop(run, loop, iterable, scope, output, 0);
}

/** `break` in the block behind `else` is that of a loop around this one. */
function runLoop(
  run: Run,
  statement: ForLoop,
  iterable: Value,
  scope: Scope,
  output: Output,
  depth: number,
): Leaving {
  const chosen = statement.condition ? matching(run, statement, iterable, scope) : iterable;
  const recurse = statement.isRecursive
    ? (items: Value, depth0: number): Text => {
        const captured = new Output(run.budget);
        runLoop(run, statement, items, scope, captured, depth0);
        return captured.captured();
      }
    : undefined;
  const loop = new Loop(run, chosen, iterate(run, chosen), recurse, depth);
  let isCompleted = false;
  for (let item = loop.next(); item !== undefined; item = loop.next()) {
    run.budget.step();
    const inner = new Scope(scope);
    inner.set('loop', loop);
    assign(run, statement.target, item, inner);
    const leaving = execute(run, statement.body, inner, output);
    if (leaving === 'break') break;
    // As compiled by jinja2, only an iteration that reaches its end keeps the block behind `else` from being run.
    if (!leaving) isCompleted = true;
  }
  return isCompleted ? undefined : execute(run, statement.otherwise, scope, output);
}

/** The items of a loop with a condition, found one by one. */
function matching(run: Run, statement: ForLoop, iterable: Value, scope: Scope): PyIterator {
  function* items(): Generator<Value> {
    const iterator = iterate(run, iterable);
    for (let next = iterator.next(); !next.done; next = iterator.next()) {
      const inner = new Scope(scope);
      assign(run, statement.target, next.value, inner);
      if (isTrue(evaluate(run, statement.condition!, inner))) yield next.value;
    }
  }
  return new PyIterator(items());
}

/** A macro sees what is around its definition, not what is around its call. */
function macroOf(parts: MacroParts, scope: Scope): PyFunction {
  return makeMacro(parts, (run, setNames) => {
    const inner = new Scope(scope);
    setNames(inner, expression => evaluate(run, expression, inner));
    const captured = new Output(run.budget);
    execute(run, parts.body, inner, captured);
    return captured.captured();
  });
}
