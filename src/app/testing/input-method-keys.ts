import { fireEvent } from '@testing-library/react';

/** What each browser tells a page of a key that ends a composition ("Enter" chooses, "Escape" gives up), in its order. */
export const inputMethodKeys: Record<string, (field: Element, key: 'Enter' | 'Escape') => void> = {
  // Windows tells "Process" where the others name the key.
  'Chromium on Windows': field => {
    begin(field);
    fireEvent.keyDown(field, { key: 'Process', keyCode: 229, isComposing: true });
    fireEvent.compositionEnd(field);
  },
  Chromium: (field, key) => {
    begin(field);
    fireEvent.keyDown(field, { key, keyCode: 229, isComposing: true });
    fireEvent.compositionEnd(field);
  },
  Firefox: (field, key) => {
    begin(field);
    fireEvent.keyDown(field, { key, keyCode: 229, isComposing: true });
    fireEvent.compositionEnd(field);
  },
  // The composition is over before its key is told.
  Safari: (field, key) => {
    begin(field);
    fireEvent.compositionEnd(field);
    fireEvent.keyDown(field, { key, keyCode: 229, isComposing: false });
  },
};

function begin(field: Element): void {
  fireEvent.compositionStart(field);
  fireEvent.keyDown(field, { key: 'k', keyCode: 229, isComposing: true });
  fireEvent.compositionUpdate(field, { data: 'か' });
  fireEvent.keyUp(field, { key: 'k', keyCode: 75, isComposing: true });
}

/** The key goes up: from here on, presses are the reader's own again. */
export function releaseKey(field: Element, key: 'Enter' | 'Escape'): void {
  fireEvent.keyUp(field, { key, keyCode: key === 'Enter' ? 13 : 27 });
}
