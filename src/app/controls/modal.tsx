import { type ReactNode, useEffect, useId, useRef } from 'react';
import { handleCancel, isInputMethodAtWork } from '../input/input-method.ts';
import { CloseIcon } from './icons.tsx';
import { openModally } from './open-dialogs.ts';

interface ModalProps {
  title: string;
  className?: string;
  /** Absent: the dialog can only be left by its own buttons. */
  onClose?: () => void;
  children: ReactNode;
  footer?: ReactNode;
}

/** A native modal dialog: focus stays inside, Escape closes it, and focus returns to where it was. */
export function Modal({ title, className = '', onClose, children, footer }: ModalProps) {
  const ref = useRef<HTMLDialogElement>(null);
  const titleId = useId();

  useEffect(() => {
    const dialog = ref.current;
    if (!dialog) return;
    const close = openModally(dialog);
    // Its text takes focus so that it can be scrolled; what it was opened for, or the way on, is where focus belongs at first.
    const first = dialog.querySelector<HTMLElement>('[data-focus-first]');
    (first ?? dialog.querySelector<HTMLElement>('.modal-header button, .modal-footer button'))?.focus();
    return close;
  }, []);

  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: Escape does for the keyboard what a click beside does
    <dialog
      ref={ref}
      className={`modal ${className}`}
      aria-labelledby={titleId}
      onCancel={handleCancel(() => onClose?.())}
      onClose={() => {
        const dialog = ref.current;
        if (!dialog || dialog.open) return;
        // A browser closes a dialog by itself on a second Escape in a row.
        if (onClose && !isInputMethodAtWork()) onClose();
        else dialog.showModal();
      }}
      onClick={event => {
        if (event.target === ref.current) onClose?.();
      }}
    >
      <div className="modal-frame">
        <header className="modal-header">
          <h2 id={titleId}>{title}</h2>
          {onClose && (
            <button type="button" className="icon-button" aria-label="Close" onClick={onClose}>
              <CloseIcon />
            </button>
          )}
        </header>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: long text scrolls, with the keyboard too */}
        <div className="modal-body" tabIndex={0}>
          {children}
        </div>
        {footer && <footer className="modal-footer">{footer}</footer>}
      </div>
    </dialog>
  );
}
