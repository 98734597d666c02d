import { type RefObject, useEffect, useRef, useState } from 'react';
import type { ErrorData } from '../../../client/index.ts';
import { useLibrary } from '../../state/app-context.tsx';
import type { AdditionWay } from '../../state/library/library-store.ts';

export interface Addition {
  /** What is wrong with the reader's choice, or with what came of it. */
  error: ErrorData | null;
  setError: (error: ErrorData | null) => void;
  /** Comes into view where the addition fails later on, its first field or button focused. */
  ref: RefObject<HTMLElement | null>;
}

/** One way to add a model: what fails is said there, at once or once the server or the file has answered. */
export function useAddition(way: AdditionWay): Addition {
  const failed = useLibrary(state => state.failedAddition);
  const [error, setError] = useState<ErrorData | null>(null);
  const ref = useRef<HTMLElement>(null);
  useEffect(() => {
    if (failed?.way !== way) return;
    setError(failed.error);
    const details = ref.current?.closest('details');
    if (details) details.open = true;
    ref.current?.scrollIntoView({ block: 'center' });
    ref.current?.querySelector<HTMLElement>('input[type="text"], button')?.focus({ preventScroll: true });
  }, [failed, way]);
  return { error, setError, ref };
}
