import { type RefObject, useEffect } from 'react';
import { openModally } from '../controls/open-dialogs.ts';

/** Opens a native dialog as a modal, with the focus on `first`; on leaving, focus returns to where it was. */
export function useModalDialog(
  dialog: RefObject<HTMLDialogElement | null>,
  first: RefObject<HTMLElement | null>,
): void {
  useEffect(() => {
    const element = dialog.current;
    if (!element) return;
    const close = openModally(element);
    first.current?.focus();
    return close;
  }, [dialog, first]);
}
