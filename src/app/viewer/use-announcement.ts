import { useEffect, useRef, useState } from 'react';
import { changeInWords } from './change-in-words.ts';
import type { ViewerState } from './viewer-state.ts';

/** A zoom by wheel or pinch is many changes: only where it ends is spoken. */
const pauseMs = 300;

/** What changed last, for a live region. */
export function useAnnouncement(state: ViewerState): string {
  const spoken = useRef<ViewerState | null>(null);
  const [words, setWords] = useState('');
  useEffect(() => {
    const before = spoken.current;
    if (!before || before.view.frame.width === 0) {
      spoken.current = state;
      return;
    }
    const timer = setTimeout(() => {
      spoken.current = state;
      // A slider that has the focus speaks for itself.
      const slider = document.activeElement?.matches('input[type="range"]');
      const change = slider ? '' : changeInWords(before, state);
      if (change) setWords(change);
    }, pauseMs);
    return () => clearTimeout(timer);
  }, [state]);
  return words;
}
