import { asInt, asText, bind, truncated } from './arguments.ts';
import { asNumber } from './equality.ts';
import { type Filter, intOr } from './filter.ts';
import {
  checkedInt,
  parseFloatText,
  parseInteger,
  powerInts,
  roundFloat,
  toFixed,
  toFloat,
  truncateFloat,
} from './python-numbers.ts';
import { leadingEnd, trailingStart } from './python-text.ts';
import { templateError, unknownConstruct } from './template-errors.ts';
import { plain, Text } from './text.ts';
import {
  type Arguments,
  type Run,
  typeError,
  typeName,
  Undefined,
  undefinedUsed,
  type Value,
} from './values.ts';

const longestNumber = 10_000;

function stripped(run: Run, text: Text): string {
  if (text.length > longestNumber) throw unknownConstruct('a number of so many characters');
  run.budget.step(text.length);
  return text.text.slice(leadingEnd(text.text), trailingStart(text.text));
}

/** `float(value)`; undefined where Python raises TypeError or ValueError. */
function floatOf(run: Run, value: Value): number | undefined {
  if (value instanceof Undefined) throw undefinedUsed(value);
  if (value instanceof Text) return parseFloatText(stripped(run, value));
  const number = asNumber(value);
  return number === undefined ? undefined : toFloat(number);
}

function int(run: Run, value: Value, args: Arguments): Value {
  const [fallback, base] = bind('int', args, 'default', 'base');
  const otherwise = fallback === undefined ? 0n : fallback;
  if (value instanceof Text) {
    const whole = parseInteger(stripped(run, value), intOr('int', base, 10));
    if (whole !== undefined) return whole;
  } else if (typeof value !== 'number' || !Number.isNaN(value)) {
    const whole = truncated(value);
    if (whole !== undefined) return whole;
  }
  // "42.23" | int is 42.
  const float = floatOf(run, value);
  return float === undefined || !Number.isFinite(float) ? otherwise : truncateFloat(float);
}

function float(run: Run, value: Value, args: Arguments): Value {
  const [fallback] = bind('float', args, 'default');
  const number = floatOf(run, value);
  return number === undefined ? (fallback === undefined ? 0 : fallback) : number;
}

function abs(_run: Run, value: Value, args: Arguments): Value {
  bind('abs', args);
  if (value instanceof Undefined) throw undefinedUsed(value);
  const number = asNumber(value);
  if (number === undefined) throw typeError(`bad operand type for abs(): '${typeName(value)}'`);
  return number < 0 || Object.is(number, -0) ? -number : number;
}

function round(_run: Run, value: Value, args: Arguments): Value {
  const [precisionValue, methodValue] = bind('round', args, 'precision', 'method');
  const precision = intOr('round', precisionValue, 0);
  const method = methodValue === undefined ? 'common' : asText('round', methodValue).text;
  if (!['common', 'ceil', 'floor'].includes(method))
    throw templateError('method must be common, ceil or floor');
  if (value instanceof Undefined) throw undefinedUsed(value);
  const number = asNumber(value);
  if (number === undefined) throw typeError(`type ${typeName(value)} doesn't define __round__ method`);
  if (method === 'common')
    return typeof number === 'number' ? roundFloat(number, precision) : roundInt(number, precision);
  if (precision > 300) throw templateError('Numerical result out of range');
  if (typeof number === 'bigint' && precision >= 0) return toFloat(number);
  const unit = 10 ** precision;
  const scaled = toFloat(number) * unit;
  if (!Number.isFinite(scaled)) throw templateError('cannot convert float infinity to integer');
  return (method === 'ceil' ? Math.ceil(scaled) : Math.floor(scaled)) / unit + 0;
}

function roundInt(value: bigint, precision: number): bigint {
  if (precision >= 0) return value;
  if (precision < -2000) return 0n;
  const unit = powerInts(10n, BigInt(-precision)) as bigint;
  const size = value < 0n ? -value : value;
  const rest = size % unit;
  const floor = size - rest;
  const isUp = rest * 2n > unit || (rest * 2n === unit && (floor / unit) % 2n === 1n);
  const rounded = isUp ? floor + unit : floor;
  return checkedInt(value < 0n ? -rounded : rounded);
}

function filesizeformat(run: Run, value: Value, args: Arguments): Value {
  const [binaryValue] = bind('filesizeformat', args, 'binary');
  const isBinary =
    binaryValue !== undefined && binaryValue !== false && asInt('filesizeformat', binaryValue) !== 0;
  const bytes = floatOf(run, value);
  if (bytes === undefined) throw templateError('could not convert to float');
  const base = isBinary ? 1024 : 1000;
  if (bytes === 1) return plain('1 Byte');
  if (bytes < base) return plain(`${truncateFloat(bytes)} Bytes`);
  const prefixes = isBinary
    ? ['Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei', 'Zi', 'Yi']
    : ['k', 'M', 'G', 'T', 'P', 'E', 'Z', 'Y'];
  let unit = base * base;
  let i = 0;
  while (bytes >= unit && i < prefixes.length - 1) {
    unit *= base;
    i += 1;
  }
  return plain(`${toFixed((base * bytes) / unit, 1)} ${prefixes[i]}B`);
}

export const numberFilters: ReadonlyMap<string, Filter> = new Map<string, Filter>([
  ['abs', abs],
  ['filesizeformat', filesizeformat],
  ['float', float],
  ['int', int],
  ['round', round],
]);
