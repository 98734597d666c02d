import { type Sentence, sentence } from '../sentence.ts';
import { checkpointError } from './checkpoint-error.ts';

export const tokenizerFile = 'tokenizer.json';

export type Table = Readonly<Record<string, unknown>>;

export function tableOf(value: unknown): Table | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Table) : undefined;
}

/** Parts that are listed in a sequence, or the only one. */
export function stepsOf(value: unknown, list: string): Table[] {
  const table = tableOf(value);
  if (!table) return [];
  const parts = table.type === 'Sequence' ? table[list] : undefined;
  return Array.isArray(parts) ? parts.flatMap(part => stepsOf(part, list)) : [table];
}

export function brief(value: unknown): string {
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length > 80 ? `${text.slice(0, 80)}...` : text;
}

export function refuse(what: Sentence): never {
  throw checkpointError(
    'unsupported-model',
    sentence`tokenizer-cannot-be-converted: ${{ file: tokenizerFile }} has ${{ what }}, which is not supported`,
  );
}

export function malformed(what: Sentence) {
  return checkpointError(
    'invalid-model',
    sentence`tokenizer-file-is-wrong: ${{ file: tokenizerFile }} ${{ what }}`,
  );
}
