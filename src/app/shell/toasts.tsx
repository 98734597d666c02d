import { useState } from 'react';
import { createPortal } from 'react-dom';
import { useApp, useUi } from '../state/app-context.tsx';
import { CloseIcon } from './icons.tsx';
import { useTopDialog } from './open-dialogs.ts';
import { useKeptFocus } from './use-kept-focus.ts';

/** What the page says by itself: to the eye, and to screen readers. A modal dialog makes the rest inert: it is said in there. */
export function Notices() {
  const dialog = useTopDialog();
  const notices = (
    <>
      <Toasts />
      <LiveRegion />
    </>
  );
  return dialog ? createPortal(notices, dialog) : notices;
}

/** Another toast, or what the page or the dialog under it is left or used by. */
function afterToast(_: HTMLElement, toasts: HTMLElement): () => HTMLElement | null {
  return () =>
    toasts.querySelector('button') ??
    toasts.closest('dialog')?.querySelector('button') ??
    document.querySelector('#question');
}

function Toasts() {
  const { ui } = useApp();
  const toasts = useUi(state => state.toasts);
  const kept = useKeptFocus<HTMLDivElement>(afterToast);
  return (
    <div className="toasts" {...kept} role="status" aria-label="Notifications">
      {toasts.map(({ id, text, action }) => (
        <div className="toast" key={id}>
          <span>{text}</span>
          {action && (
            <button
              type="button"
              className="toast-action"
              onClick={() => {
                action.run();
                ui.getState().dismissToast(id);
              }}
            >
              {action.label}
            </button>
          )}
          <button
            type="button"
            className="icon-button"
            aria-label="Dismiss"
            onClick={() => ui.getState().dismissToast(id)}
          >
            <CloseIcon size={16} />
          </button>
        </div>
      ))}
    </div>
  );
}

/** The one place that speaks to screen readers while an answer is written. */
function LiveRegion() {
  const announcement = useUi(state => state.announcement);
  // Said before a dialog opened or closed: not again because the region moved.
  const [said, setSaid] = useState<string | null>(announcement);
  if (said !== null && said !== announcement) setSaid(null);
  return (
    <div className="visually-hidden" role="status" aria-live="polite" data-testid="announcer">
      {said === null && announcement}
    </div>
  );
}
