import { asNumber, entryOf, equals, hashKey, isOrdered, isSameOrEqual, setEntry } from './equality.ts';
import { each, lengthOf } from './iteration.ts';
import { formatPercent } from './percent-format.ts';
import {
  checkedInt,
  floorDivideFloats,
  floorDivideInts,
  moduloFloats,
  moduloInts,
  multiplyInts,
  powerFloats,
  powerInts,
  toFloat,
} from './python-numbers.ts';
import type { BinaryOperator, Comparison } from './syntax.ts';
import { templateError } from './template-errors.ts';
import { concat, empty, joinAll, Text } from './text.ts';
import {
  DictView,
  PyDict,
  PyList,
  PyRange,
  PyTuple,
  type Run,
  typeError,
  typeName,
  Undefined,
  undefinedUsed,
  type Value,
} from './values.ts';

export function binary(run: Run, operator: BinaryOperator, a: Value, b: Value): Value {
  // A text takes whatever is to be written into it, an undefined value as nothing.
  if (operator === '%' && a instanceof Text) return formatPercent(run, a, b);
  if (a instanceof Undefined) throw undefinedUsed(a);
  if (b instanceof Undefined) throw undefinedUsed(b);
  const left = asNumber(a);
  const right = asNumber(b);
  if (left !== undefined && right !== undefined) return compute(operator, left, right);
  const result = sequences(run, operator, a, b);
  if (result !== undefined) return result;
  throw typeError(`unsupported operand type(s) for ${operator}: '${typeName(a)}' and '${typeName(b)}'`);
}

function compute(operator: BinaryOperator, a: bigint | number, b: bigint | number): bigint | number {
  if (typeof a === 'bigint' && typeof b === 'bigint') return computeInts(operator, a, b);
  return computeFloats(operator, toFloat(a), toFloat(b));
}

function computeInts(operator: BinaryOperator, a: bigint, b: bigint): bigint | number {
  switch (operator) {
    case '+':
      return checkedInt(a + b);
    case '-':
      return checkedInt(a - b);
    case '*':
      return multiplyInts(a, b);
    case '/':
      return divideInts(a, b);
    case '//':
      return floorDivideInts(a, b);
    case '%':
      return moduloInts(a, b);
    case '**':
      return powerInts(a, b);
  }
}

function divideInts(a: bigint, b: bigint): number {
  if (b === 0n) throw templateError('division by zero');
  return toFloat(a) / toFloat(b);
}

function computeFloats(operator: BinaryOperator, a: number, b: number): number {
  switch (operator) {
    case '+':
      return a + b;
    case '-':
      return a - b;
    case '*':
      return a * b;
    case '/':
      if (b === 0) throw templateError('float division by zero');
      return a / b;
    case '//':
      return floorDivideFloats(a, b);
    case '%':
      return moduloFloats(a, b);
    case '**':
      return powerFloats(a, b);
  }
}

function sequences(run: Run, operator: BinaryOperator, a: Value, b: Value): Value | undefined {
  if (operator === '+') {
    if (a instanceof Text && b instanceof Text) return concat(run.budget, [a, b]);
    if (a instanceof PyList && b instanceof PyList) return new PyList(joined(run, a.items, b.items));
    if (a instanceof PyTuple && b instanceof PyTuple) return new PyTuple(joined(run, a.items, b.items));
  }
  if (operator === '*') return repeated(run, a, b) ?? repeated(run, b, a);
  if (operator === '-' && a instanceof DictView && b instanceof DictView)
    throw typeError('sets are not known');
  return undefined;
}

function joined(run: Run, a: readonly Value[], b: readonly Value[]): Value[] {
  run.budget.items(a.length + b.length);
  return [...a, ...b];
}

function repeated(run: Run, sequence: Value, count: Value): Value | undefined {
  const times = typeof count === 'boolean' || typeof count === 'bigint' ? asNumber(count) : undefined;
  if (times === undefined) return undefined;
  if (sequence instanceof Text) return repeatText(run, sequence, times as bigint);
  if (!(sequence instanceof PyList || sequence instanceof PyTuple)) return undefined;
  const items: Value[] = [];
  if (sequence.items.length > 0) {
    run.budget.items(sequence.items.length * Math.max(0, Number(times)));
    for (let i = 0n; i < (times as bigint); i += 1n) items.push(...sequence.items);
  }
  return sequence instanceof PyList ? new PyList(items) : new PyTuple(items);
}

export function repeatText(run: Run, text: Text, times: bigint): Text {
  if (times <= 0n || text.length === 0) return empty;
  run.budget.characters((text.length + 8 * text.marks.length) * Number(times));
  if (text.marks.length === 0) return new Text(text.text.repeat(Number(times)));
  return joinAll(Array.from({ length: Number(times) }, () => text));
}

export function negative(value: Value): Value {
  if (value instanceof Undefined) throw undefinedUsed(value);
  const number = asNumber(value);
  if (number === undefined) throw typeError(`bad operand type for unary -: '${typeName(value)}'`);
  return -number;
}

export function positive(value: Value): Value {
  if (value instanceof Undefined) throw undefinedUsed(value);
  const number = asNumber(value);
  if (number === undefined) throw typeError(`bad operand type for unary +: '${typeName(value)}'`);
  return number;
}

export function compare(run: Run, operator: Comparison, a: Value, b: Value): boolean {
  switch (operator) {
    case '==':
      return equals(run, a, b);
    case '!=':
      return !equals(run, a, b);
    case 'in':
      return contains(run, b, a);
    case 'not in':
      return !contains(run, b, a);
    default:
      return isOrdered(run, operator, a, b);
  }
}

/** `value in container`. */
export function contains(run: Run, container: Value, value: Value): boolean {
  if (container instanceof Text) {
    if (!(value instanceof Text))
      throw typeError(`'in <string>' requires string as left operand, not ${typeName(value)}`);
    run.budget.scan(container.length, value.length);
    return container.text.includes(value.text);
  }
  if (container instanceof PyDict) return entryOf(run, container, value) !== undefined;
  if (container instanceof DictView && container.kind === 'keys')
    return container.dict.entries.has(hashKey(run, value));
  if (container instanceof PyRange && typeof value === 'bigint') return isInRange(container, value);
  if (lengthOf(run, container) === undefined && container !== null && typeof container !== 'object')
    throw typeError(`argument of type '${typeName(container)}' is not iterable`);
  for (const item of each(run, container)) if (isSameOrEqual(run, item, value)) return true;
  return false;
}

function isInRange(range: PyRange, value: bigint): boolean {
  const steps = (Number(value) - range.start) / range.step;
  return Number.isInteger(steps) && steps >= 0 && steps < range.size;
}

/** `dict(...)` and dictionary displays. */
export function makeDict(run: Run, entries: Iterable<readonly [Value, Value]>): PyDict {
  const dict = new PyDict();
  for (const [key, value] of entries) setEntry(run, dict, key, value);
  return dict;
}
