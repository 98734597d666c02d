import type { Message } from '../../client/index.ts';
import { editInWords, piecesOf } from '../format/edit-in-words.ts';

/** An edited answer, with the reader's words marked: all others are the model's. */
export function EditedWords({ answer }: { answer: Message }) {
  return (
    <section className="settings-section" aria-labelledby="record-edited">
      <h3 id="record-edited">What you changed</h3>
      <p className="muted">{editInWords(answer, 'you')}. Your words are marked.</p>
      <p className="edited-words" dir="auto">
        {piecesOf(answer).map(({ text, isReaders }, index) =>
          // biome-ignore lint/suspicious/noArrayIndexKey: the pieces of one text
          isReaders ? <mark key={index}>{text}</mark> : <span key={index}>{text}</span>,
        )}
      </p>
    </section>
  );
}
