import { floatRepr, signedExponent, toFixed } from './python-numbers.ts';

/** Presentations that `%` formats and format specifications share. Signs are left to the caller: values are not negative. */

export function exponential(value: number, digits: number): string {
  if (!Number.isFinite(value)) return floatRepr(value);
  const [mantissa, exponent] = halfEvenExponential(value, digits).split('e') as [string, string];
  return `${mantissa}e${signedExponent(Number(exponent))}`;
}

/** `g`: so many significant digits, without trailing zeros, with an exponent where that is large. */
export function general(value: number, precision: number, keepZeros = false): string {
  if (!Number.isFinite(value)) return floatRepr(value);
  const digits = Math.max(1, precision);
  const exponent = value === 0 ? 0 : Number(halfEvenExponential(value, digits - 1).split('e')[1]);
  const trim = (text: string) => (keepZeros || !text.includes('.') ? text : text.replace(/\.?0+$/, ''));
  if (exponent >= -4 && exponent < digits) return trim(toFixed(value, digits - 1 - exponent));
  const [mantissa, written] = exponential(value, digits - 1).split('e') as [string, string];
  return `${trim(mantissa)}e${written}`;
}

/** As toExponential, with exact halves to even. */
function halfEvenExponential(value: number, digits: number): string {
  const most = Math.min(digits, 100);
  const rounded = value.toExponential(most);
  if (most >= 100) return rounded;
  const [mantissa, exponent] = rounded.split('e') as [string, string];
  const [longer] = value.toExponential(most + 1).split('e') as [string];
  const isTie =
    longer.endsWith('5') &&
    Number(value.toExponential(Math.min(100, most + 20))) === Number(value.toExponential(most + 1));
  if (!isTie || Number(mantissa.at(-1)) % 2 === 0) return rounded;
  const [exact] = value.toExponential(Math.min(100, most + 20)).split('e') as [string];
  if (exact.replace(/0+$/, '') !== longer) return rounded;
  return `${mantissa.slice(0, -1)}${Number(mantissa.at(-1)) - 1}e${exponent}`;
}

/** Thousands apart. */
export function grouped(digits: string, separator: string, size = 3): string {
  return digits.replace(new RegExp(`\\B(?=([0-9a-f]{${size}})+$)`, 'gi'), separator);
}
