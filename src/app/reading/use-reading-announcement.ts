import { useEffect, useRef, useState } from 'react';
import type { KeyedValues } from './panes/use-values.ts';
import { changesInWords } from './reading-in-words.ts';
import { activePane, hasWindow, type ReadingState } from './state/reading-state.ts';

/** A drag is many changes: only where it ends is spoken. */
const pauseMs = 300;

/** What changed last, for a live region. */
export function useReadingAnnouncement(state: ReadingState, values: KeyedValues | null): string {
  const spoken = useRef<ReadingState | null>(null);
  const [words, setWords] = useState('');
  useEffect(() => {
    const before = spoken.current;
    if (!before || activePane(before).view.frame.width === 0) {
      spoken.current = state;
      return;
    }
    // What lies under the cross is told with its value: the words wait for it.
    if (!values && hasWindow(activePane(state)) && before.cursor !== state.cursor) return;
    const timer = setTimeout(() => {
      spoken.current = state;
      // A slider that has the focus speaks for itself.
      const slider = document.activeElement?.matches('input[type="range"]');
      const change = slider ? '' : changesInWords(before, state, values);
      if (change) setWords(change);
    }, pauseMs);
    return () => clearTimeout(timer);
  }, [state, values]);
  return words;
}
