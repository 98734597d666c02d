import { dictMethods } from './dict-methods.ts';
import { itemOf } from './indexing.ts';
import { repr } from './printing.ts';
import { listMethods, rangeAttributes, tupleMethods } from './sequence-methods.ts';
import { stringMethods } from './string-methods.ts';
import { unknownConstruct } from './template-errors.ts';
import { Text } from './text.ts';
import {
  type Arguments,
  attributeError,
  PyDict,
  PyFunction,
  PyList,
  PyRange,
  PyTuple,
  type Run,
  typeName,
  Undefined,
  undefinedUsed,
  type Value,
} from './values.ts';

/** `value.name`: an attribute, else an item of that name, else undefined. */
export function getAttribute(run: Run, value: Value, name: string): Value {
  if (value instanceof Undefined) throw undefinedUsed(value);
  const own = ownAttribute(run, value, name);
  if (own !== undefined) return own;
  const item = itemOf(run, value, new Text(name));
  return item === undefined ? attributeError(value, name) : item;
}

/** `value[key]`: an item, else an attribute of that name, else undefined. */
export function getItem(run: Run, value: Value, key: Value): Value {
  if (value instanceof Undefined) throw undefinedUsed(value);
  const item = itemOf(run, value, key);
  if (item !== undefined) return item;
  if (key instanceof Text) {
    const own = ownAttribute(run, value, key.text);
    return own === undefined ? attributeError(value, key.text) : own;
  }
  return new Undefined(`${typeName(value)} object has no element ${repr(run, key).text}`);
}

/**
 * What Python's `getattr` finds; undefined where it finds nothing. What the sandbox keeps from templates (names with an underscore in
 * front, methods that change a list or dictionary) is an undefined value that fails when it is called.
 */
export function ownAttribute(run: Run, value: Value, name: string): Value | undefined {
  const methods = methodsOf(value);
  const method = methods?.get(name);
  if (method) return new PyFunction(name, (calling, args) => method(calling, value as never, args));
  if (changes(value, name))
    return new Undefined(`access to attribute '${name}' of '${typeName(value)}' object is unsafe.`);
  if (notKnown[typeName(value)]?.includes(name))
    throw unknownConstruct(`the attribute ${name} of a ${typeName(value)}`);
  if (value instanceof PyRange) return rangeAttributes(value, name);
  if (value === null || typeof value !== 'object' || value instanceof Text) return undefined;
  const property = value.attribute(name, run);
  if (property !== undefined && name.startsWith('_'))
    return new Undefined(`access to attribute '${name}' of '${typeName(value)}' object is unsafe.`);
  return property;
}

type Method = (run: Run, self: never, args: Arguments) => Value;

function methodsOf(value: Value): ReadonlyMap<string, Method> | undefined {
  if (value instanceof Text) return stringMethods as ReadonlyMap<string, Method>;
  if (value instanceof PyDict) return dictMethods as ReadonlyMap<string, Method>;
  if (value instanceof PyList) return listMethods as ReadonlyMap<string, Method>;
  if (value instanceof PyTuple) return tupleMethods as ReadonlyMap<string, Method>;
  return undefined;
}

const changing = {
  dict: ['clear', 'pop', 'popitem', 'setdefault', 'update'],
  list: ['append', 'clear', 'pop', 'reverse', 'insert', 'sort', 'extend', 'remove'],
};

function changes(value: Value, name: string): boolean {
  if (value instanceof PyDict) return changing.dict.includes(name);
  return value instanceof PyList && changing.list.includes(name);
}

/** What Python's types have and Bedside does not: refused, since its absence would change a prompt. */
const notKnown: Readonly<Record<string, readonly string[]>> = {
  str: ['encode', 'maketrans', 'translate'],
  dict: ['fromkeys'],
  int: 'as_integer_ratio bit_count bit_length conjugate denominator from_bytes imag numerator real to_bytes'.split(
    ' ',
  ),
  bool: 'as_integer_ratio bit_count bit_length conjugate denominator from_bytes imag numerator real to_bytes'.split(
    ' ',
  ),
  float: 'as_integer_ratio conjugate fromhex hex imag is_integer real'.split(' '),
  range: ['count', 'index'],
  dict_keys: ['isdisjoint', 'mapping'],
  dict_values: ['mapping'],
  dict_items: ['isdisjoint', 'mapping'],
};
