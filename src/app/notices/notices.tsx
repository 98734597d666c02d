import { useCallback, useEffect, useRef, useState } from 'react';
import { createPortal } from 'react-dom';
import { CloseIcon } from '../controls/icons.tsx';
import { useTopDialog } from '../controls/open-dialogs.ts';
import { useKeptFocus } from '../controls/use-kept-focus.ts';
import { handleKey } from '../input/input-method.ts';
import { toastKey } from '../input/toast-key.ts';
import { useApp, useUi } from '../state/app-context.tsx';

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

function Toasts() {
  const { ui } = useApp();
  const toasts = useUi(state => state.toasts);
  /** Where the reader was before the toasts. */
  const cameFrom = useRef<Element | null>(null);
  /** Another toast, or where the reader was, or what the page or the dialog under it is left or used by. */
  const findNext = useCallback(
    (_: HTMLElement, region: HTMLElement) => () => {
      const { current } = cameFrom;
      const isThere = current instanceof HTMLElement && current.isConnected && current !== document.body;
      return (
        region.querySelector('button') ??
        (isThere ? current : null) ??
        region.closest('dialog')?.querySelector('button') ??
        document.querySelector<HTMLElement>('#question')
      );
    },
    [],
  );
  const kept = useKeptFocus<HTMLDivElement>(findNext);
  const { ref } = kept;
  useEffect(() => {
    const goToToasts = handleKey((event: KeyboardEvent) => {
      const newest = ref.current?.lastElementChild?.querySelector('button');
      if (event.key !== toastKey || !newest) return;
      event.preventDefault();
      if (!ref.current?.contains(document.activeElement)) cameFrom.current = document.activeElement;
      newest.focus();
    });
    document.addEventListener('keydown', goToToasts);
    return () => document.removeEventListener('keydown', goToToasts);
  }, [ref]);
  const { holdToasts, dismissToast } = ui.getState();
  return (
    <div
      className="toasts"
      ref={ref}
      role="status"
      aria-label="Notifications"
      onFocus={event => {
        kept.onFocus(event);
        holdToasts(true);
      }}
      onBlur={event => {
        kept.onBlur();
        if (!event.currentTarget.contains(event.relatedTarget)) holdToasts(false);
      }}
      onPointerEnter={() => holdToasts(true)}
      onPointerLeave={event => holdToasts(event.currentTarget.contains(document.activeElement))}
    >
      {toasts.map(({ id, text, count, action }) => (
        // biome-ignore lint/a11y/noStaticElementInteractions: Escape in one of its buttons
        <div
          className="toast"
          key={id}
          onKeyDown={handleKey(event => {
            if (event.key !== 'Escape') return;
            // Not the answer, and not the dialog under it.
            event.preventDefault();
            event.stopPropagation();
            dismissToast(id);
          })}
        >
          <span dir="auto">
            {text}
            {count > 1 && <span className="toast-count"> ({count} times)</span>}
          </span>
          {action && (
            <button
              type="button"
              className="toast-action"
              title={`${action.label} (${toastKey} goes here)`}
              onClick={() => {
                action.run();
                dismissToast(id);
              }}
            >
              {action.label}
            </button>
          )}
          {action && (
            <span className="toast-key">
              <kbd>{toastKey}</kbd>
              <span className="visually-hidden"> goes to it</span>
            </span>
          )}
          <button type="button" className="icon-button" aria-label="Dismiss" onClick={() => dismissToast(id)}>
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
