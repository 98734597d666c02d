import type { Message } from '../../client/index.ts';
import { authorOf } from '../format/author.ts';

/** By the id of the answer: the words of the line before it, where another model wrote it than the answer before. */
export function modelChanges(path: readonly Message[]): Map<string, string> {
  const changes = new Map<string, string>();
  let last: Message | undefined;
  for (const answer of path) {
    if (answer.role !== 'assistant' || answer.model === undefined) continue;
    const words = last && changeInWords(last, answer);
    if (words) changes.set(answer.id, words);
    last = answer;
  }
  return changes;
}

function changeInWords(before: Message, answer: Message): string | null {
  const { modelKey } = answer;
  const author = authorOf(answer);
  if (authorOf(before) !== author) return `From here ${author} answers`;
  // What earlier versions stored has the name alone.
  const isOther = modelKey !== undefined && before.modelKey !== undefined && modelKey !== before.modelKey;
  return isOther ? `From here ${author} answers from other files` : null;
}
