import { formatBytes, formatCount } from './quantities.ts';

/** What a sentence was made of, raw: a size is a number of bytes here, whatever the sentence calls it. */
export type SentenceValues = Readonly<Record<string, string | number>>;

/** A sentence, or a part of one, that the reader gets to see: in English, and as what another language needs. */
export interface Sentence {
  /** Kebab-case, of this sentence alone, and the same in every version: what a translation is found by. */
  readonly reason: string;
  readonly text: string;
  readonly values: SentenceValues;
}

/** A value, and how it is written. */
export interface Written {
  readonly value: string | number;
  readonly text: string;
}

/**
 * One name and what is put in for it. Whole numbers are written with separators, other values as they are. Of a sentence
 * within the sentence the reason is the value, and its own values join these.
 */
type Part = Readonly<Record<string, string | number | Written | Sentence>>;

/**
 * The only way to a sentence, its reason in front: sentence`not-enough-room: ${{ bytes: inBytes(bytes) }} are needed.` A test
 * reads the sources: no reason belongs to two sentences.
 */
export function sentence(literal: TemplateStringsArray, ...parts: Part[]): Sentence {
  const [start] = literal as unknown as [string];
  const reasonEnd = start.indexOf(': ');
  let text = start.slice(reasonEnd + 2);
  let values: SentenceValues = {};
  for (const [i, part] of parts.entries()) {
    const [[name, put]] = Object.entries(part) as [[string, Part[string]]];
    text += textOf(put) + literal[i + 1]!;
    const inner = typeof put === 'object' && 'reason' in put ? put.values : {};
    values = { ...inner, ...values, [name]: rawOf(put) };
  }
  return { reason: start.slice(0, reasonEnd), text, values };
}

export function written(value: string | number, text: string): Written {
  return { value, text };
}

export function inBytes(bytes: number): Written {
  return { value: bytes, text: formatBytes(bytes) };
}

function textOf(put: Part[string]): string {
  if (typeof put === 'object') return put.text;
  return Number.isInteger(put) ? formatCount(put as number) : String(put);
}

function rawOf(put: Part[string]): string | number {
  if (typeof put !== 'object') return put;
  return 'reason' in put ? put.reason : put.value;
}
