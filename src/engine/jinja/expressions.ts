import { getAttribute, getItem } from './attributes.ts';
import { setEntry } from './equality.ts';
import { notKnownNames } from './functions.ts';
import { sliceOf } from './indexing.ts';
import { each, isTrue } from './iteration.ts';
import { binary, compare, negative, positive } from './operators.ts';
import { toText } from './printing.ts';
import type { Scope } from './scope.ts';
import type { CallArguments, Expression, Filtered } from './syntax.ts';
import { unknownConstruct } from './template-errors.ts';
import { concat, plain, Text } from './text.ts';
import {
  type Arguments,
  PyDict,
  PyList,
  PyObject,
  PyTuple,
  type Run,
  typeError,
  typeName,
  Undefined,
  undefinedUsed,
  type Value,
} from './values.ts';

/** The value of an expression. Where both sides of an operator have effects, the left one comes first. */
export function evaluate(run: Run, expression: Expression, scope: Scope): Value {
  const { budget } = run;
  budget.step();
  budget.enter();
  const value = computed(run, expression, scope);
  budget.leave();
  return value;
}

function computed(run: Run, expression: Expression, scope: Scope): Value {
  switch (expression.kind) {
    case 'constant':
      return expression.value;
    case 'string':
      return plain(expression.value);
    case 'name':
      return named(expression.name, scope);
    case 'tuple':
      return new PyTuple(evaluateAll(run, expression.items, scope));
    case 'list':
      return new PyList(evaluateAll(run, expression.items, scope));
    case 'dict':
      return dict(run, expression.entries, scope);
    case 'attribute':
      return getAttribute(run, evaluate(run, expression.object, scope), expression.name);
    case 'item':
      return item(run, expression, scope);
    case 'slice':
      throw unknownConstruct('a slice among other indices');
    case 'call':
      return callValue(
        run,
        evaluate(run, expression.callee, scope),
        evaluateArguments(run, expression.args, scope),
      );
    case 'filter':
      return filtered(run, expression, scope);
    case 'test': {
      const value = evaluate(run, expression.value, scope);
      return run.callTest(expression.name, value, evaluateArguments(run, expression.args, scope));
    }
    case 'not':
      return !isTrue(evaluate(run, expression.value, scope));
    case 'negative':
      return negative(evaluate(run, expression.value, scope));
    case 'positive':
      return positive(evaluate(run, expression.value, scope));
    case 'and': {
      const left = evaluate(run, expression.left, scope);
      return isTrue(left) ? evaluate(run, expression.right, scope) : left;
    }
    case 'or': {
      const left = evaluate(run, expression.left, scope);
      return isTrue(left) ? left : evaluate(run, expression.right, scope);
    }
    case 'binary': {
      const left = evaluate(run, expression.left, scope);
      return binary(run, expression.operator, left, evaluate(run, expression.right, scope));
    }
    case 'concat':
      return concat(
        run.budget,
        expression.parts.map(part => toText(run, evaluate(run, part, scope))),
      );
    case 'compare':
      return comparison(run, expression, scope);
    case 'conditional':
      return conditional(run, expression, scope);
  }
}

function named(name: string, scope: Scope): Value {
  const value = scope.get(name);
  if (value !== undefined) return value;
  if (notKnownNames.includes(name)) throw unknownConstruct(`the name ${name}`);
  return new Undefined(`'${name}' is undefined`);
}

function evaluateAll(run: Run, expressions: readonly Expression[], scope: Scope): Value[] {
  run.budget.items(expressions.length);
  return expressions.map(expression => evaluate(run, expression, scope));
}

function dict(run: Run, entries: readonly (readonly [Expression, Expression])[], scope: Scope): PyDict {
  const made = new PyDict();
  for (const [key, value] of entries)
    setEntry(run, made, evaluate(run, key, scope), evaluate(run, value, scope));
  return made;
}

function item(run: Run, expression: Expression & { kind: 'item' }, scope: Scope): Value {
  const value = evaluate(run, expression.object, scope);
  const { key } = expression;
  if (key.kind !== 'slice') return getItem(run, value, evaluate(run, key, scope));
  const bound = (part: Expression | undefined) => (part ? evaluate(run, part, scope) : undefined);
  const slice = { start: bound(key.start), stop: bound(key.stop), step: bound(key.step) };
  if (value instanceof Undefined) throw undefinedUsed(value);
  const sliced = sliceOf(run, value, slice);
  if (sliced === undefined) throw typeError(`a slice that '${typeName(value)}' object does not have`);
  return sliced;
}

/** `a < b < c`: each value once, up to the first comparison that is false. */
function comparison(run: Run, expression: Expression & { kind: 'compare' }, scope: Scope): boolean {
  let left = evaluate(run, expression.first, scope);
  for (const { operator, value } of expression.rest) {
    const right = evaluate(run, value, scope);
    if (!compare(run, operator, left, right)) return false;
    left = right;
  }
  return true;
}

function conditional(run: Run, expression: Expression & { kind: 'conditional' }, scope: Scope): Value {
  if (isTrue(evaluate(run, expression.condition, scope))) return evaluate(run, expression.then, scope);
  if (expression.otherwise) return evaluate(run, expression.otherwise, scope);
  return new Undefined('the inline if-expression evaluated to false and no else section was defined.');
}

/** A filter's result; `captured` is what the block wrote of which it is. */
export function filtered(run: Run, filter: Filtered, scope: Scope, captured?: Text): Value {
  let value: Value;
  if (filter.value === undefined) value = captured!;
  else if (filter.value.kind === 'filter') {
    run.budget.enter();
    value = filtered(run, filter.value, scope, captured);
    run.budget.leave();
  } else value = evaluate(run, filter.value, scope);
  run.budget.step();
  return run.callFilter(filter.name, value, evaluateArguments(run, filter.args, scope));
}

export function evaluateArguments(run: Run, args: CallArguments, scope: Scope): Arguments {
  const positional = evaluateAll(run, args.positional, scope);
  const keywords = new Map<string, Value>();
  for (const [name, value] of args.keywords) keywords.set(name, evaluate(run, value, scope));
  if (args.spread) {
    for (const value of each(run, evaluate(run, args.spread, scope))) {
      run.budget.items(1);
      positional.push(value);
    }
  }
  if (args.keywordSpread) {
    const more = evaluate(run, args.keywordSpread, scope);
    if (!(more instanceof PyDict))
      throw typeError(`argument after ** must be a mapping, not ${typeName(more)}`);
    for (const { key, value } of more.entries.values()) {
      run.budget.items(2);
      if (!(key instanceof Text)) throw typeError('keywords must be strings');
      if (keywords.has(key.text)) throw typeError(`multiple values for keyword argument '${key.text}'`);
      keywords.set(key.text, value);
    }
  }
  return { positional, keywords };
}

export function callValue(run: Run, callee: Value, args: Arguments): Value {
  if (callee instanceof Undefined) throw undefinedUsed(callee);
  if (!(callee instanceof PyObject) || !callee.call)
    throw typeError(`'${typeName(callee)}' object is not callable`);
  return callee.call(run, args);
}
