import { useLayoutEffect, useRef } from 'react';

const maxHeightPx = 220;

/** A text field that is as high as its text, up to a limit. */
export function useAutoGrow(text: string) {
  const ref = useRef<HTMLTextAreaElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the text decides the height
  useLayoutEffect(() => {
    const field = ref.current;
    if (!field) return;
    field.style.height = 'auto';
    field.style.height = `${Math.min(field.scrollHeight, maxHeightPx)}px`;
  }, [text]);
  return ref;
}
