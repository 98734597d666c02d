import { asText } from './arguments.ts';
import { attributeGetter, type Filter } from './filter.ts';
import { each, isTrue } from './iteration.ts';
import { templateError } from './template-errors.ts';
import { type Arguments, PyIterator, type Run, type Value } from './values.ts';

/** Nothing is gone through, nor any argument looked at, where the value is false: `none | selectattr('x')` is empty. */
function lazily(value: Value, items: () => Generator<Value>): Value {
  function* none(): Generator<Value> {
    yield* [];
  }
  return new PyIterator(isTrue(value) ? items() : none());
}

function map(run: Run, value: Value, args: Arguments): Value {
  return lazily(value, function* () {
    const change = mapping(run, args);
    for (const item of each(run, value)) yield change(item);
  });
}

/** Either an attribute (`map(attribute='content', default='')`) or a filter by its name, with its arguments. */
function mapping(run: Run, args: Arguments): (item: Value) => Value {
  const [name, ...positional] = args.positional;
  const attribute = args.keywords.get('attribute');
  if (name !== undefined) {
    const filter = asText('map', name).text;
    return item => run.callFilter(filter, item, { positional, keywords: args.keywords });
  }
  if (attribute === undefined) throw templateError('map requires a filter argument');
  for (const keyword of args.keywords.keys())
    if (keyword !== 'attribute' && keyword !== 'default')
      throw templateError(`Unexpected keyword argument '${keyword}'`);
  return attributeGetter(run, attribute, args.keywords.get('default'));
}

function choosing(isKept: boolean, byAttribute: boolean): Filter {
  return (run, value, args) =>
    lazily(value, function* () {
      const test = testing(run, args, byAttribute);
      for (const item of each(run, value)) if (test(item) === isKept) yield item;
    });
}

function testing(run: Run, args: Arguments, byAttribute: boolean): (item: Value) => boolean {
  const positional = [...args.positional];
  const attribute = byAttribute ? positional.shift() : null;
  if (attribute === undefined) throw templateError('Missing parameter for attribute name');
  const get = attributeGetter(run, attribute);
  const name = positional.shift();
  if (name === undefined) return item => isTrue(get(item));
  const test = asText('select', name).text;
  return item => run.callTest(test, get(item), { positional, keywords: args.keywords });
}

export const selectFilters: ReadonlyMap<string, Filter> = new Map<string, Filter>([
  ['map', map],
  ['select', choosing(true, false)],
  ['reject', choosing(false, false)],
  ['selectattr', choosing(true, true)],
  ['rejectattr', choosing(false, true)],
]);
