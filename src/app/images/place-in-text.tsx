import type { ReactElement } from 'react';
import { flushSync } from 'react-dom';
import { imageMark, markedImages, withMarksMoved } from '../../client/index.ts';
import { useApp, useDraft } from '../state/app-context.tsx';
import { changeDraft } from '../state/drafts/draft-store.ts';

/** Writes the mark of an image where the cursor stands in the question, or takes it out of there again. */
export function PlaceInText({ place }: { place: number }): ReactElement {
  const { drafts } = useApp();
  const conversationId = useDraft(state => state.conversationId);
  const text = useDraft(state => state.text);
  const isPlaced = markedImages(text, place + 1).includes(place);
  const name = `Image ${place + 1}`;

  const change = () => {
    const field = document.querySelector<HTMLTextAreaElement>('#question');
    const at = field?.selectionStart ?? text.length;
    const [before, after] = [text.slice(0, at), text.slice(at)];
    const start = before === '' || /\s$/.test(before) ? before : `${before} `;
    const mark = `${start}${imageMark(place)}`;
    const changed = isPlaced
      ? withMarksMoved(text, each => (each === place ? undefined : each))
      : `${mark}${/^[\s.,;:?!)]/.test(after) ? '' : ' '}${after}`;
    flushSync(() => changeDraft(drafts, conversationId, { text: changed }));
    const cursor = isPlaced ? Math.min(at, changed.length) : changed.length - after.length;
    field?.focus();
    field?.setSelectionRange(cursor, cursor);
  };

  return (
    <button
      type="button"
      className="place-in-text"
      aria-label={isPlaced ? `${name}: take it out of the text` : `${name}: place it in the text`}
      aria-pressed={isPlaced}
      title={
        isPlaced
          ? 'In the text. Press to have it before the text.'
          : 'Before the text. Press to place it at the cursor.'
      }
      onClick={change}
    >
      {name}
    </button>
  );
}
