import { useStore } from 'zustand';
import { createStore } from 'zustand/vanilla';

/** The modal dialogs that are open, the topmost last. All of the page outside of that one is inert, and lies under it. */
const dialogs = createStore<{ open: readonly HTMLDialogElement[] }>(() => ({ open: [] }));

/** The dialog that everything else lies under; null while there is none. */
export const useTopDialog = (): HTMLDialogElement | null =>
  useStore(dialogs, ({ open }) => open[open.length - 1] ?? null);

/** Opens a dialog as a modal. What it returns closes it: focus then goes back to where it was. */
export function openModally(dialog: HTMLDialogElement): () => void {
  const opener = document.activeElement;
  if (!dialog.open) dialog.showModal();
  dialogs.setState(({ open }) => ({ open: [...open, dialog] }));
  return () => {
    dialogs.setState(({ open }) => ({ open: open.filter(each => each !== dialog) }));
    if (dialog.open) dialog.close();
    focusAgain(opener);
  };
}

/** A dialog that opened by itself was called by nothing: the question is what the page is for. */
function focusAgain(opener: Element | null): void {
  const isThere = opener instanceof HTMLElement && opener.isConnected && opener !== document.body;
  if (isThere) opener.focus();
  else document.querySelector<HTMLElement>('#question')?.focus();
}
