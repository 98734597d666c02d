import type { DataSet } from '../data-set/data-set.ts';
import { tag } from '../data-set/tags.ts';

/** A LUT of one dimension (PS3.3, C.11.1 and C.11.2). */
export interface LookupTable {
  /** The value that the first entry is for. */
  first: number;
  /** Of an entry. */
  bits: number;
  entries: Uint8Array | Uint16Array;
  explanation: string | null;
}

/** What a table's descriptor says: of how many entries, for which value the first is, with how many bits. */
export interface LutDescriptor {
  count: number;
  first: number;
  bits: number;
}

/** `isSigned`: whether pixels are, and the first value with them. Undefined where it is not whole. */
export function readDescriptor(
  dataSet: DataSet,
  which: number,
  isSigned: boolean,
): LutDescriptor | undefined {
  const [count, first, bits] = dataSet.numbers(which, 'US');
  if (count == null || first == null || bits == null || bits < 1 || bits > 16) return undefined;
  const isNegative = isSigned && (first & 0xffff) >= 0x8000;
  // Nothing stands for 65536, which does not fit.
  return { count: count & 0xffff || 65536, first: isNegative ? (first & 0xffff) - 65536 : first, bits };
}

/**
 * Entries are bytes where they have 8 bits and the data no more bytes than entries, else words. Undefined where there is none; of data
 * that end too early there are fewer.
 */
export function readEntries(
  dataSet: DataSet,
  which: number,
  { count, bits }: LutDescriptor,
): Uint8Array | Uint16Array | undefined {
  const bytes = dataSet.bytes(which);
  if (!bytes || bytes.length === 0) return undefined;
  if (bits === 8 && bytes.length <= count + 1) return bytes.slice(0, count);
  const words = new Uint16Array(Math.min(count, bytes.length >> 1));
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const { isLittle } = dataSet.encoding;
  for (let i = 0; i < words.length; i++) words[i] = view.getUint16(i * 2, isLittle);
  return words.length > 0 ? words : undefined;
}

/** The tables of a sequence's items. What is not whole is left out. */
export function readLookupTables(
  dataSet: DataSet,
  sequence: number,
  isSigned: boolean,
  characterSets: readonly string[],
): LookupTable[] {
  return dataSet.items(sequence).flatMap(item => {
    const descriptor = readDescriptor(item, tag.lutDescriptor, isSigned);
    const entries = descriptor && readEntries(item, tag.lutData, descriptor);
    if (!descriptor || !entries) return [];
    const { first, bits } = descriptor;
    return { first, bits, entries, explanation: item.localText(tag.lutExplanation, characterSets) ?? null };
  });
}

/** The entry for a value, which is rounded; before the first and behind the last entry these hold. */
export function lookUp({ first, entries }: LookupTable, value: number): number {
  const index = Math.floor(value + 0.5) - first;
  return entries[Math.min(Math.max(index, 0), entries.length - 1)]!;
}
