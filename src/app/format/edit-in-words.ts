/** What of an answer a reader has changed, in words. */
import type { AnswerRating, Message, Verdict } from '../../client/index.ts';
import { formatCount, plural } from './quantities.ts';

/** Who reads these words: the reader, or somebody to whom they were given. */
type Reader = 'you' | 'the reader';

/** Undefined of what nobody has changed. */
export function editInWords(
  { edit, text }: Pick<Message, 'edit' | 'text'>,
  reader: Reader = 'the reader',
): string | undefined {
  if (!edit) return undefined;
  const own = edit.spans.reduce((sum, [start, end]) => sum + end - start, 0);
  const words =
    own > 0
      ? `${formatCount(own)} of ${plural(edit.length, 'character')} are ${reader === 'you' ? 'yours' : 'the reader’s'}`
      : 'words were taken out';
  const more = text.length > edit.length ? ', and the model went on from there' : '';
  return `Edited by ${reader}: ${words}${more}`;
}

export const verdictNames: Readonly<Record<Verdict, string>> = {
  correct: 'Correct',
  incorrect: 'Incorrect',
  unsafe: 'Unsafe',
};

export function ratingInWords({ verdict, note }: AnswerRating, reader: Reader = 'the reader'): string {
  return `Rated by ${reader}: ${verdictNames[verdict].toLowerCase()}${note ? `. ${note}` : ''}`;
}

/** A text in pieces, one behind the other: whose words each holds. */
export interface TextPiece {
  text: string;
  isReaders: boolean;
}

export function piecesOf({ edit, text }: Pick<Message, 'edit' | 'text'>): TextPiece[] {
  const pieces: TextPiece[] = [];
  let at = 0;
  for (const [start, end] of edit?.spans ?? []) {
    pieces.push({ text: text.slice(at, start), isReaders: false });
    pieces.push({ text: text.slice(start, end), isReaders: true });
    at = end;
  }
  pieces.push({ text: text.slice(at), isReaders: false });
  return pieces.filter(piece => piece.text !== '');
}
