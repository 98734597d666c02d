import { FormatError } from '../errors.ts';
import { sentence } from '../sentence.ts';
import { quoted } from './gguf-cursor.ts';
import type { GgufFile, GgufNumericArray, GgufValue } from './gguf-types.ts';

/**
 * Typed reading of GGUF properties. `getX` needs the key to be there; `getOptionalX` gives undefined where it
 * is absent. Both throw FormatError `invalid-model`, naming the key, where the value is of another kind: a
 * model that says something odd about itself is refused, never guessed at.
 */
export type Properties = Pick<GgufFile, 'metadata'> & Partial<Pick<GgufFile, 'keyOffsets'>>;

export function getString(file: Properties, key: string): string {
  return required(key, getOptionalString(file, key));
}

export function getOptionalString(file: Properties, key: string): string | undefined {
  return check(file, key, 'a text', value => typeof value === 'string');
}

/** Any of the numeric types, as long as the number is finite. */
export function getNumber(file: Properties, key: string): number {
  return required(key, getOptionalNumber(file, key));
}

export function getOptionalNumber(file: Properties, key: string): number | undefined {
  return check(file, key, 'a number', isFiniteNumber);
}

export function getBoolean(file: Properties, key: string): boolean {
  return required(key, getOptionalBoolean(file, key));
}

export function getOptionalBoolean(file: Properties, key: string): boolean | undefined {
  return check(file, key, 'yes or no', value => typeof value === 'boolean');
}

export function getStringArray(file: Properties, key: string): readonly string[] {
  return required(key, getOptionalStringArray(file, key));
}

export function getOptionalStringArray(file: Properties, key: string): readonly string[] | undefined {
  return check(file, key, 'a list of texts', isStringArray);
}

export function getNumberArray(file: Properties, key: string): GgufNumericArray {
  return required(key, getOptionalNumberArray(file, key));
}

export function getOptionalNumberArray(file: Properties, key: string): GgufNumericArray | undefined {
  return check(file, key, 'a list of numbers', isNumericArray);
}

function isFiniteNumber(value: GgufValue): value is number {
  return typeof value === 'number' && Number.isFinite(value);
}

// An empty list of truth values cannot be told from an empty list of texts, and needs not be.
function isStringArray(value: GgufValue): value is string[] {
  return Array.isArray(value) && (value.length === 0 || typeof value[0] === 'string');
}

function isNumericArray(value: GgufValue): value is GgufNumericArray {
  return ArrayBuffer.isView(value);
}

function check<T extends GgufValue>(
  file: Properties,
  key: string,
  expected: string,
  is: (value: GgufValue) => value is T,
): T | undefined {
  const value = file.metadata.get(key);
  if (value === undefined || is(value)) return value;
  throw new FormatError(
    file.keyOffsets?.get(key) ?? 0,
    sentence`property-of-another-type: The property ${{ property: quoted(key) }} should be ${{ expected }} but is ${{ found: describe(value) }}`,
  );
}

function required<T>(key: string, value: T | undefined): T {
  if (value !== undefined) return value;
  throw new FormatError(
    0,
    sentence`property-is-missing: The model file lacks the property ${{ property: quoted(key) }}`,
  );
}

function describe(value: GgufValue): string {
  if (typeof value === 'string') return 'a text';
  if (typeof value === 'number') return Number.isFinite(value) ? 'a number' : String(value);
  if (typeof value === 'boolean') return 'yes or no';
  if (isNumericArray(value)) return 'a list of numbers';
  return isStringArray(value) ? 'a list of texts' : 'a list of yes or no';
}
