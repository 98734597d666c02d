import { asNumber } from './equality.ts';
import { exponential, general, grouped } from './number-format.ts';
import { toText } from './printing.ts';
import { floatRepr, toFixed, toFloat } from './python-numbers.ts';
import { codePointStarts } from './python-text.ts';
import { templateError, unknownConstruct } from './template-errors.ts';
import { concat, plain, Text } from './text.ts';
import { type Run, typeName, Undefined, type Value } from './values.ts';

interface Spec {
  readonly fill: string;
  readonly align: string | undefined;
  readonly sign: string;
  readonly isAlternate: boolean;
  readonly width: number;
  readonly grouping: string | undefined;
  readonly precision: number | undefined;
  readonly type: string;
}

const pattern = /^(?:([\s\S])?([<>=^]))?([-+ ]?)(z?)(#?)(0?)(\d*)([,_]?)(?:\.(\d+))?([bcdeEfFgGnosxX%]?)$/u;

/** `format(value, spec)`. */
export function formatValue(run: Run, value: Value, specText: string): Text {
  if (specText === '') return toText(run, value);
  const spec = parse(specText);
  run.budget.characters(spec.width + (spec.precision ?? 0));
  if (value instanceof Text) return formatText(run, value, spec);
  const number = asNumber(value);
  if (number === undefined)
    throw templateError(`unsupported format string passed to ${typeName(value)}.__format__`);
  if (value instanceof Undefined) throw templateError('a format for an undefined value');
  const isFloatType = 'eEfFgG%'.includes(spec.type) && spec.type !== '';
  if (typeof number === 'bigint' && !isFloatType) return formatInt(run, number, spec);
  return formatFloat(run, toFloat(number), spec);
}

function parse(text: string): Spec {
  const match = pattern.exec(text);
  if (!match) throw templateError(`Invalid format specifier '${text}'`);
  const [, fill, align, sign, negativeZero, alternate, zero, width, grouping, precision, type] =
    match as unknown as (string | undefined)[];
  if (negativeZero === 'z') throw unknownConstruct('the format option z');
  if (type === 'n') throw unknownConstruct('the format type n');
  return {
    fill: fill ?? (zero === '0' ? '0' : ' '),
    align: align ?? (zero === '0' ? '=' : undefined),
    sign: sign!,
    isAlternate: alternate === '#',
    width: Number(width),
    grouping: grouping === '' ? undefined : grouping,
    precision: precision === undefined ? undefined : Number(precision),
    type: type!,
  };
}

function formatText(run: Run, value: Text, spec: Spec): Text {
  if (spec.type !== '' && spec.type !== 's')
    throw templateError(`Unknown format code '${spec.type}' for a str`);
  if (spec.sign !== '' || spec.isAlternate || spec.grouping)
    throw templateError('a sign or grouping for a str');
  // Zeros in front of the width mean '=' for numbers; for texts they only fill.
  const align = spec.align === '=' && spec.fill === '0' ? '<' : (spec.align ?? '<');
  if (align === '=') throw templateError("'=' alignment not allowed in string format specifier");
  let shown = value;
  if (spec.precision !== undefined) {
    run.budget.items(value.length);
    const starts = codePointStarts(value.text);
    shown = value.slice(0, starts[Math.min(spec.precision, starts.length - 1)]!);
  }
  return aligned(run, '', shown, { ...spec, align });
}

function formatInt(run: Run, value: bigint, spec: Spec): Text {
  if (spec.precision !== undefined) throw templateError('Precision not allowed in integer format specifier');
  if (spec.type === 'c') throw unknownConstruct('the format type c');
  if (spec.type === 's') throw templateError("Unknown format code 's' for object of type 'int'");
  const radix = ({ b: 2, o: 8, x: 16, X: 16 } as Record<string, number>)[spec.type] ?? 10;
  let digits = (value < 0n ? -value : value).toString(radix);
  if (spec.type === 'X') digits = digits.toUpperCase();
  const prefix = spec.isAlternate && radix !== 10 ? `0${spec.type}` : '';
  const size = radix === 10 ? 3 : 4;
  if (spec.grouping === ',' && radix !== 10) throw templateError(`Cannot specify ',' with '${spec.type}'.`);
  return number(run, value < 0n, prefix, digits, '', spec, size);
}

function formatFloat(run: Run, value: number, spec: Spec): Text {
  if (spec.isAlternate) throw unknownConstruct('the format option #');
  if ('bcdosxX'.includes(spec.type) && spec.type !== '')
    throw templateError(`Unknown format code '${spec.type}' for object of type 'float'`);
  const size = Math.abs(value);
  const shown = floatDigits(size, spec);
  const text = 'EFG'.includes(spec.type) && spec.type !== '' ? shown.toUpperCase() : shown;
  const [, whole, rest] = /^(\d*)(.*)$/.exec(text) as unknown as [string, string, string];
  return number(run, value < 0 || Object.is(value, -0), '', whole, rest, spec, 3);
}

function floatDigits(size: number, spec: Spec): string {
  const { precision } = spec;
  switch (spec.type.toLowerCase()) {
    case 'f':
      return toFixed(size, precision ?? 6);
    case 'e':
      return exponential(size, precision ?? 6);
    case 'g':
      return general(size, precision ?? 6);
    case '%':
      return `${toFixed(size * 100, precision ?? 6)}%`;
    default:
      if (precision === undefined) return floatRepr(size);
      return withPoint(general(size, precision), size, precision);
  }
}

/** Without a type, at least one digit stands behind the point, and the exponent begins one digit earlier. */
function withPoint(shown: string, size: number, precision: number): string {
  if (/[e.n]/.test(shown) || !Number.isFinite(size)) return shown;
  const digits = Math.max(1, precision);
  if (shown.length < digits) return `${shown}.0`;
  return exponential(size, digits - 1).replace(/\.?0+e/, 'e');
}

function number(
  run: Run,
  isNegative: boolean,
  prefix: string,
  whole: string,
  rest: string,
  spec: Spec,
  groupSize: number,
): Text {
  const sign = isNegative ? '-' : spec.sign === '-' ? '' : spec.sign;
  let digits = spec.grouping ? grouped(whole, spec.grouping, groupSize) : whole;
  const align = spec.align ?? '>';
  if (align === '=' && spec.fill === '0' && spec.grouping) {
    let padded = whole;
    while (sign.length + prefix.length + digits.length + rest.length < spec.width) {
      padded = `0${padded}`;
      digits = grouped(padded, spec.grouping, groupSize);
    }
  }
  return aligned(run, sign + prefix, plain(digits + rest), { ...spec, align });
}

function aligned(run: Run, front: string, shown: Text, spec: Spec & { align: string }): Text {
  const missing = Math.max(0, spec.width - front.length - shown.codePoints);
  const fill = (count: number) => plain(spec.fill.repeat(count));
  run.budget.characters(missing * spec.fill.length);
  const head = plain(front);
  if (spec.align === '=') return concat(run.budget, [head, fill(missing), shown]);
  const before = spec.align === '>' ? missing : spec.align === '^' ? Math.floor(missing / 2) : 0;
  return concat(run.budget, [fill(before), head, shown, fill(missing - before)]);
}
