import type { Message } from '../../client/index.ts';

/** An answer as it leaves the page: the model's own text; of a demonstration with what it is, which must not get lost. */
export function markedText(
  { text, model }: Pick<Message, 'text' | 'model'>,
  isDemonstration: boolean,
): string {
  if (!isDemonstration) return text;
  return `${text}\n\n[Written by ${model ?? 'a model'}, a demonstration model: often wrong, not for clinical use.]`;
}
