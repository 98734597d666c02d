import { useRef } from 'react';
import { flushSync } from 'react-dom';
import { useApp, useAttachments, useModel } from '../state/app-context.tsx';
import { AttachmentCard, type CardControl } from './attachment-card.tsx';

/** The images of the question being written, in the order in which the model is shown them. */
export function AttachmentRow() {
  const { attachmentsController } = useApp();
  const attachments = useAttachments(state => state.attachments);
  const isPlaceable = useModel(({ info }) => info?.vision?.isAmongText === true);
  const ref = useRef<HTMLUListElement>(null);
  if (attachments.length === 0) return null;

  const focus = (key: string | undefined, control: CardControl) => {
    const card = key && ref.current?.querySelector(`[data-key="${key}"]`);
    const button = card ? card.querySelector<HTMLElement>(`[data-control="${control}"]:enabled`) : null;
    const other = card ? card.querySelector<HTMLElement>('[data-control]:enabled') : null;
    (button ?? other ?? document.querySelector<HTMLElement>('#question'))?.focus();
  };

  return (
    <ul className="attachments" ref={ref} aria-label="Attached images">
      {attachments.map((attachment, place) => (
        <AttachmentCard
          key={attachment.key}
          attachment={attachment}
          place={place}
          count={attachments.length}
          isPlaceable={isPlaceable}
          onMove={step => {
            // The card changes its place in the document, which takes the focus from its button.
            flushSync(() => attachmentsController.move(attachment.key, step));
            focus(attachment.key, step < 0 ? 'left' : 'right');
          }}
          onRemove={() => {
            const neighbour = attachments[place + 1] ?? attachments[place - 1];
            flushSync(() => attachmentsController.remove(attachment.key));
            focus(neighbour?.key, 'remove');
          }}
        />
      ))}
    </ul>
  );
}
