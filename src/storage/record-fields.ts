/** Reading what was stored field by field: whatever lies there, what comes out is what the types say. */
import { isRawObject, type RawObject } from './raw-object.ts';

/** What a field holds; undefined where it cannot be that. */
export type FieldReader<T> = (value: unknown) => T | undefined;

/** A reader for every field that a record can have: the compiler says which one is missing. */
export type FieldReaders<T> = { readonly [K in keyof T]-?: FieldReader<Exclude<T[K], undefined>> };

/** Dates beyond it can neither be shown nor counted on from. */
const latestTime = Date.UTC(9999, 11, 31);

export const text: FieldReader<string> = value => (typeof value === 'string' ? value : undefined);
export const flag: FieldReader<boolean> = value => (typeof value === 'boolean' ? value : undefined);
export const count: FieldReader<number> = value => within(value, 0, Number.MAX_SAFE_INTEGER);
/** A figure that was measured. */
export const amount: FieldReader<number> = value =>
  typeof value === 'number' && Number.isFinite(value) && value >= 0 ? value : undefined;
/** Milliseconds since 1970. */
export const time: FieldReader<number> = value => {
  const found = amount(value);
  return found !== undefined && found <= latestTime ? found : undefined;
};

/** A whole number from 1 to `most`. */
export const sizeUpTo =
  (most: number): FieldReader<number> =>
  value =>
    within(value, 1, most);

export const oneOf =
  <T>(allowed: readonly T[]): FieldReader<T> =>
  value =>
    allowed.find(each => each === value);

export const orNull =
  <T>(read: FieldReader<T>): FieldReader<T | null> =>
  value =>
    value === null ? null : read(value);

/** All of them or nothing. */
export const listOf =
  <T>(read: FieldReader<T>): FieldReader<T[]> =>
  value => {
    if (!Array.isArray(value)) return undefined;
    // By index: a hole is not a value.
    const items = Array.from(value, read);
    return items.every(item => item !== undefined) ? items : undefined;
  };

/** An object that has at least the fields of `needed`; of the others those that can be read. */
export const objectOf =
  <T extends object>(readers: FieldReaders<T>, needed: readonly (keyof T)[]): FieldReader<T> =>
  value => {
    if (!isRawObject(value)) return undefined;
    const { fields } = readFields(value, readers);
    return needed.every(name => fields[name] !== undefined) ? (fields as T) : undefined;
  };

/** Nothing, where one of `names` is there and cannot be read: what is left would say something else. */
export const wholly =
  <T extends object>(read: FieldReader<T>, names: readonly (keyof T & string)[]): FieldReader<T> =>
  value => {
    const found = read(value);
    if (!found || !isRawObject(value)) return undefined;
    return names.every(name => value[name] === undefined || found[name] !== undefined) ? found : undefined;
  };

export interface ReadFields<T> {
  /** Those that are there and can be read; of what no reader knows nothing. */
  fields: Partial<T>;
  /** Those that are there and cannot be read. */
  unreadable: (keyof T)[];
}

export function readFields<T extends object>(raw: RawObject, readers: FieldReaders<T>): ReadFields<T> {
  const fields: Partial<T> = {};
  const unreadable: (keyof T)[] = [];
  for (const name of Object.keys(readers) as (keyof T & string)[]) {
    const value = Object.hasOwn(raw, name) ? raw[name] : undefined;
    if (value === undefined) continue;
    const found = readers[name](value);
    if (found === undefined) unreadable.push(name);
    else fields[name] = found;
  }
  return { fields, unreadable };
}

function within(value: unknown, least: number, most: number): number | undefined {
  const isWithin = Number.isSafeInteger(value) && (value as number) >= least && (value as number) <= most;
  return isWithin ? (value as number) : undefined;
}

/** What a record is where it is not simply of this version and whole. */
export type Condition = 'damaged' | 'later-version';

/** Of a record whose fields were read; undefined where nothing is amiss. */
export function conditionOf(raw: RawObject, version: number, isWhole: boolean): Condition | undefined {
  if (typeof raw.v === 'number' && raw.v > version) return 'later-version';
  return raw.v === version && isWhole ? undefined : 'damaged';
}
