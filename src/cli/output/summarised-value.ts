import type { GgufValue } from '../../engine/formats/gguf.ts';

/** Longer lists (vocabularies, merges) are shown by length and their first entries. */
const listLimit = 16;
const firstEntries = 8;
/** Longer texts (chat templates) are shown by size and how they begin. */
const textLimit = 256;
const firstCharacters = 64;

export type SummarisedValue =
  | string
  | number
  | boolean
  | readonly (string | number | boolean)[]
  | { count: number; first: readonly (string | number | boolean)[] }
  | SummarisedText;

export interface SummarisedText {
  bytes: number;
  first: string;
}

/** What a property says, as it is where it is short. */
export function summariseValue(value: GgufValue): SummarisedValue {
  if (typeof value === 'string') return value.length > textLimit ? summariseText(value) : value;
  if (!Array.isArray(value) && !ArrayBuffer.isView(value)) return value;
  const list = Array.from(value as ArrayLike<string | number | boolean>);
  const shown = list.length > listLimit ? list.slice(0, firstEntries) : list;
  const entries = shown.map(entry => (typeof entry === 'string' ? beginningOf(entry) : entry));
  return list.length > listLimit ? { count: list.length, first: entries } : entries;
}

/** Of a text that is never shown whole, however short it is. */
export function summariseText(text: string): SummarisedText {
  const bytes = new TextEncoder().encode(text).length;
  return { bytes, first: beginningOf(text, Math.min(firstCharacters, text.length >> 1)) };
}

/** Not in the middle of a character of two code units. */
function beginningOf(text: string, most = firstCharacters): string {
  if (text.length <= most) return text;
  return text.slice(0, most).replace(/[\uD800-\uDBFF]$/, '');
}
