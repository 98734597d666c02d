import { useLayoutEffect, useRef } from 'react';

/** As `max-height` of these fields in chat.css. */
const maxHeightPx = 220;
/** More than fits into a field of that height, however wide it is. */
const fillingLength = 4000;

/**
 * A text field that is as high as its text, up to a limit. Where the browser sizes it by its content (`field-sizing` in
 * chat.css), nothing is measured here; elsewhere only a text that may not fill it: measuring takes longer the longer it is.
 */
export function useAutoGrow(text: string) {
  const ref = useRef<HTMLTextAreaElement>(null);
  useLayoutEffect(() => {
    const field = ref.current;
    if (!field || globalThis.CSS?.supports?.('field-sizing', 'content')) return;
    if (text.length > fillingLength) {
      field.style.height = `${maxHeightPx}px`;
      return;
    }
    field.style.height = 'auto';
    field.style.height = `${Math.min(field.scrollHeight, maxHeightPx)}px`;
  }, [text]);
  return ref;
}
