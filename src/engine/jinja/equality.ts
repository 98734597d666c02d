import { floatRepr } from './python-numbers.ts';
import { compareText } from './python-text.ts';
import { unknownConstruct } from './template-errors.ts';
import { Text } from './text.ts';
import {
  DictView,
  Markup,
  Namespace,
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

/** A number that Python can compare and compute with: bools count as 0 and 1. */
export function asNumber(value: Value): bigint | number | undefined {
  if (typeof value === 'boolean') return value ? 1n : 0n;
  return typeof value === 'bigint' || typeof value === 'number' ? value : undefined;
}

/** `==`. Who wrote a text makes no difference. */
export function equals(run: Run, a: Value, b: Value): boolean {
  run.budget.step();
  if (a instanceof Text && !(b instanceof Markup)) {
    if (!(b instanceof Text)) return false;
    run.budget.scan(Math.min(a.length, b.length));
    return a.text === b.text;
  }
  const left = asNumber(a);
  if (left !== undefined) {
    const right = asNumber(b);
    // biome-ignore lint/suspicious/noDoubleEquals: an int and a float of one value are equal, exactly, in both languages.
    return right !== undefined && left == right;
  }
  if (a instanceof Markup || b instanceof Markup) throw unknownConstruct('comparing escaped text');
  if (a === b) return true;
  if (a instanceof Undefined) return b instanceof Undefined;
  return equalContainers(run, a, b);
}

function equalContainers(run: Run, a: Value, b: Value): boolean {
  run.budget.enter();
  let result = false;
  if ((a instanceof PyList && b instanceof PyList) || (a instanceof PyTuple && b instanceof PyTuple))
    result =
      a.items.length === b.items.length && a.items.every((item, i) => isSameOrEqual(run, item, b.items[i]!));
  else if (a instanceof PyDict && b instanceof PyDict) result = equalDicts(run, a, b);
  else if (a instanceof PyRange && b instanceof PyRange) result = equalRanges(a, b);
  else if (a instanceof DictView && b instanceof DictView) result = equalViews(run, a, b);
  run.budget.leave();
  return result;
}

/** Within containers an object equals itself, even a NaN. */
export function isSameOrEqual(run: Run, a: Value, b: Value): boolean {
  run.budget.step();
  return Object.is(a, b) || equals(run, a, b);
}

function equalDicts(run: Run, a: PyDict, b: PyDict): boolean {
  if (a.entries.size !== b.entries.size) return false;
  for (const [hash, { value }] of a.entries) {
    const other = b.entries.get(hash);
    if (!other || !isSameOrEqual(run, value, other.value)) return false;
  }
  return true;
}

function equalRanges(a: PyRange, b: PyRange): boolean {
  if (a.size !== b.size) return false;
  return a.size === 0 || (a.start === b.start && (a.size === 1 || a.step === b.step));
}

/** Views of keys and items are sets; those of values are equal only to themselves. */
function equalViews(run: Run, a: DictView, b: DictView): boolean {
  if (a.kind === 'values' || a.kind !== b.kind) return false;
  if (a.kind === 'items') return equalDicts(run, a.dict, b.dict);
  return (
    a.dict.entries.size === b.dict.entries.size &&
    [...a.dict.entries.keys()].every(hash => b.dict.entries.has(hash))
  );
}

/** `<`, `<=`, `>`, `>=`. */
export function isOrdered(run: Run, operator: '<' | '<=' | '>' | '>=', a: Value, b: Value): boolean {
  run.budget.step();
  const left = asNumber(a);
  const right = asNumber(b);
  if (left !== undefined && right !== undefined) {
    if (operator === '<') return left < right;
    if (operator === '<=') return left <= right;
    return operator === '>' ? left > right : left >= right;
  }
  if (a instanceof Text && b instanceof Text) {
    run.budget.scan(Math.min(a.length, b.length) * 16);
    return holds(operator, compareText(a.text, b.text));
  }
  if ((a instanceof PyList && b instanceof PyList) || (a instanceof PyTuple && b instanceof PyTuple)) {
    run.budget.enter();
    const result = isOrderedItems(run, operator, a.items, b.items);
    run.budget.leave();
    return result;
  }
  if (a instanceof Undefined) throw undefinedUsed(a);
  if (b instanceof Undefined) throw undefinedUsed(b);
  throw typeError(`'${operator}' not supported between instances of '${typeName(a)}' and '${typeName(b)}'`);
}

function isOrderedItems(
  run: Run,
  operator: '<' | '<=' | '>' | '>=',
  a: readonly Value[],
  b: readonly Value[],
): boolean {
  const shorter = Math.min(a.length, b.length);
  for (let i = 0; i < shorter; i += 1)
    if (!isSameOrEqual(run, a[i]!, b[i]!)) return isOrdered(run, operator, a[i]!, b[i]!);
  return holds(operator, a.length - b.length);
}

function holds(operator: '<' | '<=' | '>' | '>=', difference: number): boolean {
  if (operator === '<') return difference < 0;
  if (operator === '<=') return difference <= 0;
  return operator === '>' ? difference > 0 : difference >= 0;
}

/**
 * What a dictionary or set keeps a value under: equal values have one, others never.
 * @throws for lists, dictionaries and what else Python cannot hash
 */
export function hashKey(run: Run, value: Value): string {
  run.budget.step();
  if (value instanceof Text) {
    run.budget.scan(value.length);
    return `s${value.text}`;
  }
  const number = asNumber(value);
  if (number !== undefined) return typeof number === 'bigint' ? `n${number}` : `n${floatKey(number)}`;
  if (value === null) return 'none';
  if (value instanceof Undefined) return 'undefined';
  if (value instanceof PyTuple) {
    run.budget.enter();
    const keys = value.items.map(item => hashKey(run, item));
    run.budget.leave();
    const length = keys.reduce((sum, key) => sum + key.length + 8, 0);
    run.budget.characters(length);
    return `t${keys.map(key => `${key.length}:${key}`).join('')}`;
  }
  if (value instanceof Namespace || value instanceof PyList || value instanceof PyDict)
    throw typeError(`unhashable type: '${typeName(value)}'`);
  throw typeError(`a key of type '${typeName(value)}'`);
}

function floatKey(value: number): string {
  return Number.isInteger(value) ? String(BigInt(value)) : floatRepr(value);
}

export function setEntry(run: Run, dict: PyDict, key: Value, value: Value): void {
  const hash = hashKey(run, key);
  const known = dict.entries.get(hash);
  if (!known) run.budget.items(2);
  dict.entries.set(hash, { key: known ? known.key : key, value });
}

export function entryOf(run: Run, dict: PyDict, key: Value): Value | undefined {
  return dict.entries.get(hashKey(run, key))?.value;
}
