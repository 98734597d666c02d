/** From anywhere to the newest toast; back again with Escape or by what it offers. */
export const toastKey = 'F8';

/** Keys that work wherever the reader is, as the settings list them. */
export const shortcuts = [
  { keys: 'Enter', does: 'Send the question' },
  { keys: 'Shift + Enter', does: 'New line' },
  { keys: 'Escape', does: 'Stop the answer' },
  { keys: 'Ctrl or ⌘ + Shift + O', does: 'New chat' },
  { keys: toastKey, does: 'To the newest notification' },
];
