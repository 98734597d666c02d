import { asText, bind } from './arguments.ts';
import { ownAttribute } from './attributes.ts';
import type { Filter } from './filter.ts';
import { isTrue } from './iteration.ts';
import { listFilters } from './list-filters.ts';
import { numberFilters } from './number-filters.ts';
import { selectFilters } from './select-filters.ts';
import { empty } from './text.ts';
import { textFilters } from './text-filters.ts';
import { type Arguments, attributeError, type Run, Undefined, undefinedUsed, type Value } from './values.ts';

function orDefault(_run: Run, value: Value, args: Arguments): Value {
  const [fallback, boolean] = bind('default', args, 'default_value', 'boolean');
  const isAbsent = value instanceof Undefined || (boolean !== undefined && isTrue(boolean) && !isTrue(value));
  if (!isAbsent) return value;
  return fallback === undefined ? empty : fallback;
}

/** An attribute alone: unlike `value.name`, never an item of that name. */
function attr(run: Run, value: Value, args: Arguments): Value {
  const [name] = bind('attr', args, 'name!');
  if (value instanceof Undefined) throw undefinedUsed(value);
  const { text } = asText('attr', name!);
  const own = ownAttribute(run, value, text);
  return own === undefined ? attributeError(value, text) : own;
}

/** All of jinja2's filters but those of `notKnownFilters`, with transformers' `tojson`. */
export const filters: ReadonlyMap<string, Filter> = new Map<string, Filter>([
  ...textFilters,
  ...listFilters,
  ...selectFilters,
  ...numberFilters,
  ['attr', attr],
  ['d', orDefault],
  ['default', orDefault],
]);

/** What makes web pages, or gives another result each time: no prompt needs it. */
export const notKnownFilters: readonly string[] = [
  'pprint',
  'random',
  'striptags',
  'urlize',
  'wordwrap',
  'xmlattr',
];
