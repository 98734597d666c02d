import { answerOf, type Message } from '../../client/index.ts';
import { authorOf } from '../format/author.ts';

/** An answer as it leaves the page: the model's own text without what it thought before; of a demonstration with what it is, which must not get lost. */
export function markedText(
  answer: Pick<Message, 'text' | 'model' | 'modelKind'>,
  isDemonstration: boolean,
): string {
  const text = answerOf(answer.text);
  if (!isDemonstration) return text;
  return `${text}\n\n[Written by ${authorOf(answer) ?? 'a model'}, a demonstration model: often wrong, not for clinical use.]`;
}
