import { asNumber } from './equality.ts';
import { truncateFloat } from './python-numbers.ts';
import { Text } from './text.ts';
import { type Arguments, typeError, typeName, Undefined, undefinedUsed, type Value } from './values.ts';

/**
 * The values for parameters by these names, in their order, as Python binds them; those that were not given are JavaScript's
 * undefined. Names that end in `!` must be given.
 */
export function bind(callee: string, args: Arguments, ...parameters: string[]): (Value | undefined)[] {
  const { positional, keywords } = args;
  if (positional.length > parameters.length)
    throw typeError(`${callee}() takes at most ${parameters.length} arguments (${positional.length} given)`);
  const names = parameters.map(parameter => parameter.replace('!', ''));
  const values: (Value | undefined)[] = names.map((_, i) => positional[i]);
  for (const [keyword, value] of keywords) {
    const at = names.indexOf(keyword);
    if (at < 0) throw typeError(`${callee}() got an unexpected keyword argument '${keyword}'`);
    if (at < positional.length) throw typeError(`${callee}() got multiple values for argument '${keyword}'`);
    values[at] = value;
  }
  for (const [i, parameter] of parameters.entries())
    if (parameter.endsWith('!') && values[i] === undefined)
      throw typeError(`${callee}() missing a required argument: '${names[i]}'`);
  return values;
}

/** As `bind`, for what Python takes by position alone. */
export function bindPositional(
  callee: string,
  args: Arguments,
  least: number,
  most: number,
): (Value | undefined)[] {
  if (args.keywords.size > 0) throw typeError(`${callee}() takes no keyword arguments`);
  const { length } = args.positional;
  if (length < least || length > most)
    throw typeError(`${callee}() takes other arguments than these ${length}`);
  return Array.from({ length: most }, (_, i) => args.positional[i]);
}

export function asText(callee: string, value: Value): Text {
  if (value instanceof Text) return value;
  if (value instanceof Undefined) throw undefinedUsed(value);
  throw typeError(`${callee}: expected str, not ${typeName(value)}`);
}

/** A Python int as a JavaScript number, far ones cut to what is still exact. */
export function asInt(callee: string, value: Value): number {
  if (typeof value === 'boolean') return value ? 1 : 0;
  if (typeof value === 'bigint') return clampInt(value);
  if (value instanceof Undefined) throw undefinedUsed(value);
  throw typeError(`${callee}: '${typeName(value)}' object cannot be interpreted as an integer`);
}

export function clampInt(value: bigint): number {
  const most = BigInt(Number.MAX_SAFE_INTEGER);
  if (value > most) return Number.MAX_SAFE_INTEGER;
  return value < -most ? Number.MIN_SAFE_INTEGER : Number(value);
}

/** `int(value)` of a number; undefined where Python raises TypeError. */
export function truncated(value: Value): bigint | undefined {
  const number = asNumber(value);
  return typeof number === 'number' ? truncateFloat(number) : number;
}
