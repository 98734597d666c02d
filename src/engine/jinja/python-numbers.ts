import { templateError, tooLongRunning, unknownConstruct } from './template-errors.ts';

/** Python's integers have no bound; those of a prompt may have this many bits. */
const mostBits = 1024;

/** `repr` of a float: the shortest digits that read back as it, with an exponent from 1e16 and below 1e-4. */
export function floatRepr(value: number): string {
  if (Number.isNaN(value)) return 'nan';
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf';
  if (Object.is(value, -0)) return '-0.0';
  const [mantissa, exponentText] = value.toExponential().split('e') as [string, string];
  const exponent = Number(exponentText);
  if (value === 0 || (exponent >= -4 && exponent < 16)) {
    const digits = plainDigits(value, mantissa, exponent);
    return digits.includes('.') ? digits : `${digits}.0`;
  }
  return `${mantissa}e${signedExponent(exponent)}`;
}

export function signedExponent(exponent: number): string {
  return `${exponent < 0 ? '-' : '+'}${String(Math.abs(exponent)).padStart(2, '0')}`;
}

/** JavaScript writes numbers below 1e-6 with an exponent where Python does not yet. */
function plainDigits(value: number, mantissa: string, exponent: number): string {
  if (exponent >= -6) return String(value);
  const sign = value < 0 ? '-' : '';
  return `${sign}0.${'0'.repeat(-exponent - 1)}${mantissa.replace(/[-.]/g, '')}`;
}

/** A float with so many digits after the point, rounded as Python does: exactly, halves to even. */
export function toFixed(value: number, digits: number): string {
  if (!Number.isFinite(value)) return floatRepr(value);
  const sign = value < 0 || Object.is(value, -0) ? '-' : '';
  const size = Math.abs(value);
  if (digits > 100) return `${sign}${toFixed(size, 100)}${'0'.repeat(digits - 100)}`;
  if (size >= 1e21) return `${sign}${BigInt(size)}${digits > 0 ? `.${'0'.repeat(digits)}` : ''}`;
  const rounded = size.toFixed(digits);
  if (digits < 100 && isHalfway(size, digits) && Number(rounded.at(-1)) % 2 === 1)
    return sign + lastDigitLess(rounded);
  return sign + rounded;
}

/** JavaScript takes the larger one of two equally near; only a number that ends in 5 there exactly is between two. */
function isHalfway(size: number, digits: number): boolean {
  const longer = size.toFixed(digits + 1);
  return longer.endsWith('5') && isExactly(size, longer);
}

function isExactly(size: number, digits: string): boolean {
  const decimals = digits.split('.')[1]?.length ?? 0;
  return (
    size.toFixed(Math.min(100, decimals + 25)) ===
    digits.padEnd(digits.length + Math.min(25, 100 - decimals), '0')
  );
}

function lastDigitLess(digits: string): string {
  return digits.slice(0, -1) + (Number(digits.at(-1)) - 1);
}

/** `round(value, digits)` of a float. */
export function roundFloat(value: number, digits: number): number {
  if (!Number.isFinite(value)) return value;
  if (digits >= 0) return digits > 100 ? value : Number(toFixed(value, digits));
  if (-digits > 308) return value < 0 ? -0 : 0;
  const unit = 10 ** -digits;
  return roundHalfEven(value / unit) * unit;
}

function roundHalfEven(value: number): number {
  const floor = Math.floor(value);
  const rest = value - floor;
  if (rest !== 0.5) return Math.round(value);
  return floor % 2 === 0 ? floor : floor + 1;
}

export function checkedInt(value: bigint): bigint {
  if (value > largest || value < -largest) throw tooLongRunning('an integer too large');
  return value;
}

const largest = 1n << BigInt(mostBits);

export function multiplyInts(a: bigint, b: bigint): bigint {
  return checkedInt(a * b);
}

export function floorDivideInts(a: bigint, b: bigint): bigint {
  if (b === 0n) throw templateError('integer division or modulo by zero');
  const quotient = a / b;
  return a % b !== 0n && a < 0n !== b < 0n ? quotient - 1n : quotient;
}

export function moduloInts(a: bigint, b: bigint): bigint {
  if (b === 0n) throw templateError('integer modulo by zero');
  const rest = a % b;
  return rest !== 0n && rest < 0n !== b < 0n ? rest + b : rest;
}

export function floorDivideFloats(a: number, b: number): number {
  if (b === 0) throw templateError('float floor division by zero');
  const quotient = (a - moduloFloats(a, b)) / b;
  if (quotient === 0) return a / b < 0 ? -0 : 0;
  const floor = Math.floor(quotient);
  return quotient - floor > 0.5 ? floor + 1 : floor;
}

export function moduloFloats(a: number, b: number): number {
  if (b === 0) throw templateError('float modulo');
  const rest = a % b;
  if (rest === 0) return b < 0 ? -0 : 0;
  return rest < 0 !== b < 0 ? rest + b : rest;
}

/** An int to an int's power is an int where that is not negative. */
export function powerInts(base: bigint, exponent: bigint): bigint | number {
  if (exponent < 0n) return powerFloats(toFloat(base), toFloat(exponent));
  if (base === 0n || base === 1n || base === -1n)
    return base ** (exponent === 0n ? 0n : 2n - (exponent % 2n));
  const bits = base.toString(2).length;
  if (exponent * BigInt(bits - 1) > BigInt(mostBits)) throw tooLongRunning('an integer too large');
  return checkedInt(base ** exponent);
}

const largestPower = 64;

/**
 * Whole powers, which are computed exactly and rounded once, as good libraries for C do; JavaScript's own are off by a digit now and
 * then. Others are refused.
 */
export function powerFloats(base: number, exponent: number): number {
  if (exponent === 0 || base === 1) return 1;
  if (base === 0 && exponent < 0) throw templateError('0.0 cannot be raised to a negative power');
  if (!Number.isInteger(exponent) || Math.abs(exponent) > largestPower || !Number.isFinite(base))
    throw unknownConstruct('powers of fractions');
  if (base === 0) return Math.abs(exponent) % 2 === 1 ? base : 0;
  const { digits, shift } = exactly(base);
  const count = BigInt(Math.abs(exponent));
  const result = scaled(digits ** count, shift * Math.abs(exponent), exponent < 0);
  if (!Number.isFinite(result)) throw templateError('Numerical result out of range');
  return result;
}

/** A finite float as digits * 2 ** shift. */
function exactly(value: number): { digits: bigint; shift: number } {
  let shift = 0;
  let whole = value;
  while (!Number.isInteger(whole)) {
    whole *= 2;
    shift -= 1;
  }
  return { digits: BigInt(whole), shift };
}

/** digits * 2 ** shift, or one divided by it, rounded to the nearest float. */
function scaled(digits: bigint, shift: number, isInverse: boolean): number {
  const [over, under] = shift < 0 ? [digits, 1n << BigInt(-shift)] : [digits << BigInt(shift), 1n];
  const [dividend, divisor] = isInverse ? [under, over] : [over, under];
  const bitsOf = (value: bigint) => (value < 0n ? -value : value).toString(2).length;
  // At least 64 bits of quotient, and a last one that says whether anything was left over.
  const up = Math.max(0, 64 - (bitsOf(dividend) - bitsOf(divisor)));
  if (up > 900) throw unknownConstruct('powers near to nothing');
  const quotient = (dividend << BigInt(up)) / divisor;
  const rest = (dividend << BigInt(up)) % divisor;
  const sticky = rest === 0n ? 0n : quotient < 0n ? -1n : 1n;
  return Number(quotient * 2n + sticky) / 2 ** (up + 1);
}

/** `int(text, base)`; undefined where Python raises ValueError. */
export function parseInteger(text: string, base: number): bigint | undefined {
  let digits = asciiDigits(text).toLowerCase();
  let sign = 1n;
  if (/^[+-]/.test(digits)) {
    if (digits.startsWith('-')) sign = -1n;
    digits = digits.slice(1);
  }
  let radix = base;
  const prefix = { '0b': 2, '0o': 8, '0x': 16 }[digits.slice(0, 2)];
  if (prefix !== undefined && (base === 0 || base === prefix)) {
    radix = prefix;
    digits = digits.slice(2).replace(/^_/, '');
  } else if (base === 0) {
    radix = 10;
    if (/^0[_0]*[1-9]/.test(digits)) return undefined;
  }
  if (digits.length > 4300) return undefined;
  if (!/^[\da-z]+(?:_[\da-z]+)*$/.test(digits)) return undefined;
  let value = 0n;
  for (const digit of digits.replaceAll('_', '')) {
    const worth = Number.parseInt(digit, 36);
    if (worth >= radix) return undefined;
    value = checkedInt(value * BigInt(radix) + BigInt(worth));
  }
  return sign * value;
}

/** `float(text)` of a text without blanks around it; undefined where Python raises ValueError. */
export function parseFloatText(text: string): number | undefined {
  const lower = asciiDigits(text).toLowerCase();
  const named = /^([+-]?)(?:(inf|infinity)|nan)$/.exec(lower);
  if (named) return named[2] === undefined ? Number.NaN : named[1] === '-' ? -Infinity : Infinity;
  if (!/^[+-]?(?:\d+(?:_\d+)*(?:\.(?:\d+(?:_\d+)*)?)?|\.\d+(?:_\d+)*)(?:e[+-]?\d+(?:_\d+)*)?$/.test(lower))
    return undefined;
  return Number(lower.replaceAll('_', ''));
}

/** An int's value as a float, or a float's. */
export function toFloat(value: bigint | number): number {
  const float = Number(value);
  if (typeof value === 'bigint' && !Number.isFinite(float))
    throw templateError('int too large to convert to float');
  return float;
}

export function truncateFloat(value: number): bigint {
  if (Number.isNaN(value)) throw templateError('cannot convert float NaN to integer');
  if (!Number.isFinite(value)) throw templateError('cannot convert float infinity to integer');
  return BigInt(Math.trunc(value));
}

/** Decimal digits of every script as 0 to 9: Unicode has each script's ten in a row. */
function asciiDigits(text: string): string {
  return text.replace(/(?![0-9])\p{Nd}/gu, digit => {
    const code = digit.codePointAt(0)!;
    let first = code;
    while (/\p{Nd}/u.test(String.fromCodePoint(first - 1))) first -= 1;
    return String((code - first) % 10);
  });
}
