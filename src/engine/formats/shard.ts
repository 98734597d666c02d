import { BedsideError, FormatError } from '../errors.ts';
import { type Sentence, sentence } from '../sentence.ts';
import { getNumber, getOptionalNumber, type Properties } from './gguf-metadata.ts';
import { shardName } from './shard-name.ts';

/** What a file says about the model that it is a part of. */
export interface Shard {
  /** From 1 to `count`. The file counts from 0, its name and its readers from 1. */
  number: number;
  count: number;
  /** Of all parts together. */
  tensors: number;
}

export const shardKeys = {
  number: 'split.no',
  count: 'split.count',
  tensors: 'split.tensors.count',
} as const;

/** Counts are 16 bits wide in the file. */
const mostShards = 0xffff;
/** Beyond these, missing parts are only counted. */
const mostNamed = 6;

/**
 * Undefined of a whole file.
 * @throws FormatError `invalid-model` where the file contradicts itself
 */
export function readShard(file: Properties): Shard | undefined {
  const count = getOptionalNumber(file, shardKeys.count) ?? 1;
  // One part is the whole; gguf-split writes 0 into what it merged.
  if (count === 0 || count === 1) return undefined;
  requireCount(file, shardKeys.count, count, mostShards);
  const number = getNumber(file, shardKeys.number);
  requireCount(file, shardKeys.number, number, count - 1);
  const tensors = getNumber(file, shardKeys.tensors);
  requireCount(file, shardKeys.tensors, tensors, Number.MAX_SAFE_INTEGER);
  return { number: number + 1, count, tensors };
}

function requireCount(file: Properties, key: string, value: number, most: number): void {
  if (Number.isInteger(value) && value >= 0 && value <= most) return;
  throw new FormatError(
    file.keyOffsets?.get(key) ?? 0,
    sentence`shard-property-out-of-range: The property "${{ property: key }}" is ${{ found: value }}; it must be a whole number from 0 to ${{ most }}`,
  );
}

/** Throws `part-missing` of a part that came without the others. */
export function requireWhole(file: Properties): void {
  const shard = readShard(file);
  if (shard) throw missingShards([shard.number], shard.count);
}

/** The error for a model of `count` parts of which only those with the numbers `present` are there. */
export function missingShards(present: readonly number[], count: number): BedsideError {
  const missing: number[] = [];
  for (let number = 1; number <= count && missing.length <= mostNamed; number++) {
    if (!present.includes(number)) missing.push(number);
  }
  const missingCount = count - present.length;
  const what =
    present.length === 1
      ? sentence`one-shard: This is part ${{ number: present[0]! }} of ${{ count }} of a model`
      : sentence`some-shards: This model comes in ${{ count }} parts`;
  return new BedsideError(
    'part-missing',
    sentence`shards-are-missing: ${{ what }}: ${{ which: whichAre(missing, missingCount) }} missing.`,
    chooseAll(count),
  );
}

function whichAre(missing: readonly number[], missingCount: number): Sentence {
  if (missingCount > mostNamed)
    return sentence`many-shards: the other ${{ missing: missingCount }} parts are`;
  return missingCount === 1
    ? sentence`shard: part ${{ missing: inWords(missing) }} is`
    : sentence`shards: parts ${{ missing: inWords(missing) }} are`;
}

export function chooseAll(count: number): string {
  const [first, last] = [1, count].map(number => shardName({ stem: '', number, count }));
  return `Keep all ${count} files in one folder and choose them together: their names end in ${first} to ${last}.`;
}

function inWords(numbers: readonly number[]): string {
  const last = numbers.at(-1);
  return numbers.length < 2 ? String(last) : `${numbers.slice(0, -1).join(', ')} and ${last}`;
}
