import { asInt, truncated } from './arguments.ts';
import { asNumber, entryOf } from './equality.ts';
import { exponential, general } from './number-format.ts';
import { repr, toText } from './printing.ts';
import { toFixed, toFloat } from './python-numbers.ts';
import { codePointStarts } from './python-text.ts';
import { templateError, unknownConstruct } from './template-errors.ts';
import { concat, plain, Text } from './text.ts';
import {
  PyDict,
  PyList,
  PyRange,
  PyTuple,
  type Run,
  typeError,
  typeName,
  Undefined,
  type Value,
} from './values.ts';

const directive = /%(?:\(([^)]*)\))?([-+ 0#]*)(\*|\d+)?(?:\.(\*|\d*))?[hlL]?([\s\S]?)/g;
const integers = 'diouxX';
const floats = 'eEfFgG';

/** `text % values`. Written texts among the values keep their writers. */
export function formatPercent(run: Run, text: Text, values: Value): Text {
  const source = new Source(run, values);
  const parts: Text[] = [];
  let at = 0;
  run.budget.scan(text.length * 4);
  for (const match of text.text.matchAll(directive)) {
    run.budget.items(2);
    parts.push(text.slice(at, match.index));
    at = match.index + match[0].length;
    const [, key, flags, widthText, precisionText, type] = match as unknown as string[];
    if (type === '%') {
      if (match[0] !== '%%') throw unknownConstruct(`the format ${match[0]}`);
      parts.push(plain('%'));
      continue;
    }
    if (type === '') throw templateError('incomplete format');
    let width = widthText === '*' ? source.nextInt() : Number(widthText ?? 0);
    const precision =
      precisionText === '*'
        ? source.nextInt()
        : precisionText === undefined
          ? undefined
          : Number(precisionText);
    const isLeft = flags!.includes('-') || width < 0;
    width = Math.abs(width);
    const value = key === undefined ? source.next() : source.named(key);
    run.budget.characters(width + (precision ?? 0));
    parts.push(padded(run, converted(run, value, type!, flags!, precision), width, isLeft, flags!));
  }
  parts.push(text.slice(at));
  source.finish();
  return concat(run.budget, parts);
}

class Source {
  readonly #run: Run;
  readonly #values: Value;
  #at = 0;

  constructor(run: Run, values: Value) {
    this.#run = run;
    this.#values = values;
  }

  next(): Value {
    const items = this.#values instanceof PyTuple ? this.#values.items : [this.#values];
    const value = items[this.#at];
    if (value === undefined) throw typeError('not enough arguments for format string');
    this.#at += 1;
    return value;
  }

  nextInt(): number {
    return asInt('*', this.next());
  }

  named(key: string): Value {
    if (!(this.#values instanceof PyDict)) throw typeError('format requires a mapping');
    const value = entryOf(this.#run, this.#values, new Text(key));
    if (value === undefined) throw templateError(`no value named '${key}'`);
    return value;
  }

  finish(): void {
    const values = this.#values;
    const isMapping =
      values instanceof PyDict ||
      values instanceof PyList ||
      values instanceof PyRange ||
      values instanceof Undefined;
    const count = values instanceof PyTuple ? values.items.length : 1;
    if (!isMapping && this.#at < count)
      throw typeError('not all arguments converted during string formatting');
  }
}

function converted(run: Run, value: Value, type: string, flags: string, precision: number | undefined): Text {
  if (type === 's' || type === 'r') {
    const shown = type === 's' ? toText(run, value) : repr(run, value);
    if (precision === undefined) return shown;
    const starts = codePointStarts(shown.text);
    return shown.slice(0, starts[Math.min(precision, starts.length - 1)]!);
  }
  if (type === 'c') return character(value);
  if (type === 'a') throw unknownConstruct('the format %a');
  if (integers.includes(type)) return plain(integer(value, type, flags, precision));
  if (floats.includes(type)) return plain(float(value, type, flags, precision));
  throw templateError(`unsupported format character '${type}'`);
}

function character(value: Value): Text {
  if (value instanceof Text && value.codePoints === 1) return value;
  if (typeof value === 'bigint' && value >= 0n && value <= 0x10ffffn)
    return plain(String.fromCodePoint(Number(value)));
  throw typeError('%c requires int or char');
}

function integer(value: Value, type: string, flags: string, precision: number | undefined): string {
  const isDecimal = type === 'd' || type === 'i' || type === 'u';
  if (typeof value === 'number' && !isDecimal)
    throw typeError(`%${type} format: an integer is required, not float`);
  const number = truncated(value);
  if (number === undefined)
    throw typeError(`%${type} format: a real number is required, not ${typeName(value)}`);
  const size = number < 0n ? -number : number;
  const radix = isDecimal ? 10 : type === 'o' ? 8 : 16;
  let digits = size.toString(radix).padStart(precision ?? 0, '0');
  let prefix = '';
  if (flags.includes('#') && radix === 8) prefix = '0o';
  if (flags.includes('#') && radix === 16) prefix = `0${type}`;
  if (type === 'X') digits = digits.toUpperCase();
  return sign(number < 0n, flags) + prefix + digits;
}

function float(value: Value, type: string, flags: string, precision = 6): string {
  const number = asNumber(value);
  if (number === undefined) throw typeError(`must be real number, not ${typeName(value)}`);
  if (flags.includes('#')) throw unknownConstruct(`the format %#${type}`);
  const asFloat = toFloat(number);
  const size = Math.abs(asFloat);
  const kind = type.toLowerCase();
  let digits =
    kind === 'f'
      ? toFixed(size, precision)
      : kind === 'e'
        ? exponential(size, precision)
        : general(size, precision);
  if (type !== kind) digits = digits.toUpperCase();
  return sign(asFloat < 0 || Object.is(asFloat, -0), flags) + digits;
}

function sign(isNegative: boolean, flags: string): string {
  if (isNegative) return '-';
  if (flags.includes('+')) return '+';
  return flags.includes(' ') ? ' ' : '';
}

function padded(run: Run, shown: Text, width: number, isLeft: boolean, flags: string): Text {
  const missing = width - shown.codePoints;
  if (missing <= 0) return shown;
  if (isLeft) return concat(run.budget, [shown, plain(' '.repeat(missing))]);
  const number = /^([-+ ]?(?:0[xXo])?)[\da-fA-F.]+/.exec(shown.text);
  if (flags.includes('0') && number && shown.marks.length === 0 && !/[^\d.a-fA-FxXo+\- e]/.test(shown.text)) {
    const [, front] = number as unknown as [string, string];
    return plain(front + '0'.repeat(missing) + shown.text.slice(front.length));
  }
  return concat(run.budget, [plain(' '.repeat(missing)), shown]);
}
