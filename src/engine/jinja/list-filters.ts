import { asInt, bind } from './arguments.ts';
import { equals, hashKey, isOrdered } from './equality.ts';
import { attributeGetter, type Filter } from './filter.ts';
import { sliceOf } from './indexing.ts';
import { each, isTrue, iterate, lengthOf, reversed, toArray } from './iteration.ts';
import { binary } from './operators.ts';
import { templateError } from './template-errors.ts';
import { rewrite, Text } from './text.ts';
import {
  type Arguments,
  DictView,
  Group,
  PyDict,
  PyIterator,
  PyList,
  type PyTuple,
  type Run,
  typeError,
  typeName,
  Undefined,
  type Value,
} from './values.ts';

function flag(value: Value | undefined): boolean {
  return value !== undefined && isTrue(value);
}

/** Texts without regard to case. */
function ignoringCase(run: Run, isCaseSensitive: Value | undefined): (value: Value) => Value {
  if (flag(isCaseSensitive)) return value => value;
  return value => (value instanceof Text ? rewrite(run.budget, value, text => text.toLowerCase()) : value);
}

/** Sorted by a key, stably also where reversed. */
function sortedBy(
  run: Run,
  items: readonly Value[],
  key: (item: Value) => Value,
  isReversed: boolean,
): Value[] {
  run.budget.items(items.length * 2);
  const keyed = items.map(item => ({ item, key: key(item) }));
  const isLess = (a: Value, b: Value) => isOrdered(run, '<', a, b);
  keyed.sort((a, b) => {
    const [first, second] = isReversed ? [b, a] : [a, b];
    if (isLess(first.key, second.key)) return -1;
    return isLess(second.key, first.key) ? 1 : 0;
  });
  return keyed.map(({ item }) => item);
}

function sort(run: Run, value: Value, args: Arguments): Value {
  const [reverse, caseSensitive, attribute] = bind('sort', args, 'reverse', 'case_sensitive', 'attribute');
  const paths =
    attribute instanceof Text ? attribute.text.split(',').map(path => new Text(path)) : [attribute ?? null];
  const getters = paths.map(path => attributeGetter(run, path));
  const fold = ignoringCase(run, caseSensitive);
  const key = (item: Value) => new PyList(getters.map(get => fold(get(item))));
  return new PyList(sortedBy(run, toArray(run, value), key, flag(reverse)));
}

function dictsort(run: Run, value: Value, args: Arguments): Value {
  const [caseSensitive, by, reverse] = bind('dictsort', args, 'case_sensitive', 'by', 'reverse');
  const order = by === undefined ? 'key' : by instanceof Text ? by.text : '';
  if (order !== 'key' && order !== 'value')
    throw templateError('You can only sort by either "key" or "value"');
  if (!(value instanceof PyDict)) throw typeError(`'${typeName(value)}' object has no attribute 'items'`);
  const fold = ignoringCase(run, caseSensitive);
  const pairs = toArray(run, new DictView(value, 'items'));
  const key = (pair: Value) => fold((pair as PyTuple).items[order === 'key' ? 0 : 1]!);
  return new PyList(sortedBy(run, pairs, key, flag(reverse)));
}

function unique(run: Run, value: Value, args: Arguments): Value {
  const [caseSensitive, attribute] = bind('unique', args, 'case_sensitive', 'attribute');
  const get = attributeGetter(run, attribute ?? null);
  const fold = ignoringCase(run, caseSensitive);
  function* items(): Generator<Value> {
    const seen = new Set<string>();
    for (const item of each(run, value)) {
      const key = hashKey(run, fold(get(item)));
      if (seen.has(key)) continue;
      run.budget.items(2);
      seen.add(key);
      yield item;
    }
  }
  return new PyIterator(items());
}

function extreme(name: string, operator: '<' | '>'): [string, Filter] {
  return [
    name,
    (run, value, args) => {
      const [caseSensitive, attribute] = bind(name, args, 'case_sensitive', 'attribute');
      const get = attributeGetter(run, attribute ?? null);
      const fold = ignoringCase(run, caseSensitive);
      let best: { item: Value; key: Value } | undefined;
      for (const item of each(run, value)) {
        const key = fold(get(item));
        if (!best || isOrdered(run, operator, key, best.key)) best = { item, key };
      }
      return best ? best.item : new Undefined('No aggregated item, sequence was empty.');
    },
  ];
}

function groupby(run: Run, value: Value, args: Arguments): Value {
  const [attribute, fallback, caseSensitive] = bind(
    'groupby',
    args,
    'attribute!',
    'default',
    'case_sensitive',
  );
  const get = attributeGetter(run, attribute!, fallback);
  const fold = ignoringCase(run, caseSensitive);
  const key = (item: Value) => fold(get(item));
  const groups: { key: Value; items: Value[] }[] = [];
  for (const item of sortedBy(run, toArray(run, value), key, false)) {
    const own = key(item);
    const last = groups.at(-1);
    if (last && equals(run, last.key, own)) last.items.push(item);
    else groups.push({ key: own, items: [item] });
  }
  return new PyList(
    groups.map(
      ({ key: own, items }) => new Group([flag(caseSensitive) ? own : get(items[0]!), new PyList(items)]),
    ),
  );
}

function first(run: Run, value: Value, args: Arguments): Value {
  bind('first', args);
  const next = iterate(run, value).next();
  return next.done ? new Undefined('No first item, sequence was empty.') : next.value;
}

function last(run: Run, value: Value, args: Arguments): Value {
  bind('last', args);
  const items = reversed(run, value);
  if (!items) throw typeError(`'${typeName(value)}' object is not reversible`);
  const [item] = items;
  return item === undefined ? new Undefined('No last item, sequence was empty.') : item;
}

function reverse(run: Run, value: Value, args: Arguments): Value {
  bind('reverse', args);
  if (value instanceof Text) return sliceOf(run, value, { start: undefined, stop: undefined, step: -1n })!;
  const items = reversed(run, value);
  if (items) return new PyIterator(items[Symbol.iterator](), 'reverse iterator');
  return new PyList([...toArray(run, value)].reverse());
}

function batch(run: Run, value: Value, args: Arguments): Value {
  const [countValue, fill] = bind('batch', args, 'linecount!', 'fill_with');
  const count = asInt('batch', countValue!);
  function* rows(): Generator<Value> {
    let row: Value[] = [];
    for (const item of each(run, value)) {
      if (row.length === count) {
        yield new PyList(row);
        row = [];
      }
      run.budget.items(1);
      row.push(item);
    }
    if (row.length === 0) return;
    const missing = fill === undefined || fill === null ? 0 : Math.max(0, count - row.length);
    run.budget.items(missing);
    yield new PyList([...row, ...Array.from({ length: missing }, () => fill!)]);
  }
  return new PyIterator(rows());
}

function slice(run: Run, value: Value, args: Arguments): Value {
  const [countValue, fill] = bind('slice', args, 'slices!', 'fill_with');
  const count = asInt('slice', countValue!);
  function* columns(): Generator<Value> {
    const items = toArray(run, value);
    if (count === 0) throw templateError('integer division or modulo by zero');
    const size = Math.floor(items.length / count);
    const withExtra = items.length - size * count;
    let offset = 0;
    for (let i = 0; i < count; i += 1) {
      run.budget.items(size + 2);
      const start = offset + i * size;
      if (i < withExtra) offset += 1;
      const column = items.slice(start, offset + (i + 1) * size);
      if (fill !== undefined && fill !== null && i >= withExtra) column.push(fill);
      yield new PyList(column);
    }
  }
  return new PyIterator(columns());
}

function sum(run: Run, value: Value, args: Arguments): Value {
  const [attribute, start] = bind('sum', args, 'attribute', 'start');
  const get = attributeGetter(run, attribute ?? null);
  let total: Value = start === undefined ? 0n : start;
  if (total instanceof Text) throw typeError("sum() can't sum strings");
  for (const item of each(run, value)) total = binary(run, '+', total, get(item));
  return total;
}

function length(run: Run, value: Value, args: Arguments): Value {
  bind('length', args);
  const count = lengthOf(run, value);
  if (count === undefined) throw typeError(`object of type '${typeName(value)}' has no len()`);
  return BigInt(count);
}

function items(run: Run, value: Value, args: Arguments): Value {
  bind('items', args);
  if (value instanceof Undefined) return new PyIterator([][Symbol.iterator]());
  if (!(value instanceof PyDict)) throw typeError('Can only get item pairs from a mapping.');
  return new PyIterator(iterate(run, new DictView(value, 'items')));
}

export const listFilters: ReadonlyMap<string, Filter> = new Map<string, Filter>([
  ['batch', batch],
  ['count', length],
  ['dictsort', dictsort],
  ['first', first],
  ['groupby', groupby],
  ['items', items],
  ['last', last],
  ['length', length],
  [
    'list',
    (run, value, args) => {
      bind('list', args);
      return new PyList(toArray(run, value));
    },
  ],
  extreme('max', '>'),
  extreme('min', '<'),
  ['reverse', reverse],
  ['slice', slice],
  ['sort', sort],
  ['sum', sum],
  ['unique', unique],
]);
