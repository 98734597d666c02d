import type { FormEvent, KeyboardEvent as ReactKeyboardEvent, SyntheticEvent } from 'react';

/**
 * Input methods (Japanese, Chinese, Korean, dead keys) use Enter, Escape and the arrows themselves, to choose and to give
 * up what is being composed. Such a press is none of the page's: every key handler, form and dialog goes through here.
 */

/** The key code of a press that an input method took (UI Events, section 7.2.1). */
const processedByInputMethod = 229;

/**
 * Whether a press belongs to an input method. Chromium and Firefox say so by `isComposing`; Safari ends the composition
 * before it tells of the key that ended it, and has only the code.
 */
export function belongsToInputMethod(event: KeyboardEvent | ReactKeyboardEvent): boolean {
  const { isComposing, keyCode } = 'nativeEvent' in event ? event.nativeEvent : event;
  return isComposing || keyCode === processedByInputMethod;
}

/** A key handler that never sees what belongs to an input method. */
export function handleKey<E extends KeyboardEvent | ReactKeyboardEvent>(
  handle: (event: E) => void,
): (event: E) => void {
  return event => {
    if (!belongsToInputMethod(event)) handle(event);
  };
}

/** A form's handler: the page is not left, and an Enter of an input method submits nothing. */
export function handleSubmit(handle: () => void): (event: FormEvent) => void {
  return event => {
    event.preventDefault();
    if (!isAtWork) handle();
  };
}

/** A dialog's handler: it is closed by `handle`, not by the browser, and not by an Escape of an input method. */
export function handleCancel(handle: () => void): (event: SyntheticEvent) => void {
  return event => {
    event.preventDefault();
    if (!isAtWork) handle();
  };
}

/** From a press that an input method took until that key is up: what the browser does about it meanwhile is not meant. */
let isAtWork = false;

export const isInputMethodAtWork = (): boolean => isAtWork;

/** Follows the presses, for what the browser makes of them by itself (submitting, closing). Returns how to stop. */
export function watchInputMethod(): () => void {
  const stop = new AbortController();
  const options = { capture: true, signal: stop.signal };
  const end = () => {
    isAtWork = false;
  };
  document.addEventListener(
    'keydown',
    event => {
      isAtWork = belongsToInputMethod(event);
    },
    options,
  );
  document.addEventListener('keyup', end, options);
  document.addEventListener('pointerdown', end, options);
  stop.signal.addEventListener('abort', end);
  return () => stop.abort();
}
