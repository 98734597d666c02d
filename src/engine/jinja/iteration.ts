import { characterAt } from './python-text.ts';
import { Text } from './text.ts';
import {
  DictView,
  Markup,
  PyDict,
  PyIterator,
  PyList,
  PyRange,
  PyTuple,
  type Run,
  typeError,
  typeName,
  Undefined,
  type Value,
} from './values.ts';

/** Whether `iter(value)` works. */
export function isIterable(value: Value): boolean {
  return (
    value instanceof Text ||
    value instanceof PyList ||
    value instanceof PyTuple ||
    value instanceof PyDict ||
    value instanceof DictView ||
    value instanceof PyRange ||
    value instanceof PyIterator ||
    value instanceof Undefined
  );
}

/** `iter(value)`: a step each, dictionaries by their keys, texts by code points. */
export function iterate(run: Run, value: Value): Iterator<Value> {
  if (value instanceof PyIterator) {
    const { iterator } = value;
    return {
      next: () => {
        run.budget.step();
        return iterator.next();
      },
    };
  }
  if (!isIterable(value)) throw typeError(`'${typeName(value)}' object is not iterable`);
  return counted(run, items(value));
}

function* counted(run: Run, source: Iterable<Value>): Generator<Value> {
  for (const item of source) {
    run.budget.step();
    yield item;
  }
}

function* items(value: Value): Generator<Value> {
  if (value instanceof Text) yield* characters(value);
  else if (value instanceof PyList || value instanceof PyTuple) yield* value.items;
  else if (value instanceof PyDict) for (const entry of value.entries.values()) yield entry.key;
  else if (value instanceof DictView) yield* viewItems(value);
  else if (value instanceof PyRange)
    for (let i = 0; i < value.size; i += 1) yield BigInt(value.start + i * value.step);
}

function* characters(text: Text): Generator<Value> {
  for (let at = 0; at < text.length; ) {
    const end = at + characterAt(text.text, at).length;
    yield text.slice(at, end);
    at = end;
  }
}

function* viewItems(view: DictView): Generator<Value> {
  for (const { key, value } of view.dict.entries.values()) {
    if (view.kind === 'keys') yield key;
    else if (view.kind === 'values') yield value;
    else yield new PyTuple([key, value]);
  }
}

/** `list(value)`. */
export function toArray(run: Run, value: Value): readonly Value[] {
  if (value instanceof PyList || value instanceof PyTuple) {
    run.budget.items(value.items.length);
    return value.items;
  }
  const array: Value[] = [];
  for (const item of each(run, value)) {
    run.budget.items(1);
    array.push(item);
  }
  return array;
}

/** For JavaScript's `for of`. */
export function each(run: Run, value: Value): Iterable<Value> {
  const iterator = iterate(run, value);
  return { [Symbol.iterator]: () => ({ next: () => iterator.next() }) };
}

/** `len(value)`; undefined where Python raises TypeError. */
export function lengthOf(run: Run, value: Value): number | undefined {
  if (value instanceof Text) {
    run.budget.scan(value.length * 4);
    return value.codePoints;
  }
  if (value instanceof PyList || value instanceof PyTuple) return value.items.length;
  if (value instanceof PyDict) return value.entries.size;
  if (value instanceof DictView) return value.dict.entries.size;
  if (value instanceof PyRange) return value.size;
  if (value instanceof Undefined) return 0;
  return value === null || typeof value !== 'object' ? undefined : value.length?.();
}

/** `reversed(value)`; undefined where Python raises TypeError. */
export function reversed(run: Run, value: Value): readonly Value[] | undefined {
  if (value instanceof PyIterator || !isIterable(value)) return undefined;
  return [...toArray(run, value)].reverse();
}

/** `bool(value)`. */
export function isTrue(value: Value): boolean {
  if (value instanceof Text) return value.length > 0;
  if (value instanceof PyList || value instanceof PyTuple) return value.items.length > 0;
  if (value instanceof PyDict) return value.entries.size > 0;
  if (value instanceof DictView) return value.dict.entries.size > 0;
  if (value instanceof PyRange) return value.size > 0;
  if (value instanceof Undefined) return false;
  if (value instanceof Markup) return value.text.length > 0;
  if (typeof value === 'number') return value !== 0;
  if (typeof value === 'bigint') return value !== 0n;
  return value === true || (value !== false && value !== null);
}
