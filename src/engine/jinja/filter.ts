import { asInt } from './arguments.ts';
import { toText } from './printing.ts';
import { unknownConstruct } from './template-errors.ts';
import { plain, type Text } from './text.ts';
import { type Arguments, Markup, type Run, Undefined, type Value } from './values.ts';

/** What every filter is: the value before `|`, and what stands in its brackets. */
export type Filter = (run: Run, value: Value, args: Arguments) => Value;

/** jinja2's `soft_str`: what a filter of texts makes of any value. */
export function softText(run: Run, value: Value): Text {
  if (value instanceof Markup) throw unknownConstruct('a filter on escaped text');
  return toText(run, value);
}

export function intOr(name: string, value: Value | undefined, otherwise: number): number {
  return value === undefined ? otherwise : asInt(name, value);
}

/** A value's attribute by a path such as `function.name` or `0`; undefined parts take the default where there is one. */
export function attributeGetter(run: Run, path: Value, fallback?: Value): (item: Value) => Value {
  const parts = pathParts(path);
  return item => {
    let value = item;
    for (const part of parts) {
      value = run.getItem(value, part);
      if (fallback !== undefined && fallback !== null && value instanceof Undefined) value = fallback;
    }
    return value;
  };
}

function pathParts(path: Value): Value[] {
  if (path === null) return [];
  if (typeof path !== 'object' || !('text' in path) || path instanceof Markup) return [path];
  const { text } = path as Text;
  return text.split('.').map(part => (/^\p{Nd}+$/u.test(part) ? BigInt(part) : plain(part)));
}
