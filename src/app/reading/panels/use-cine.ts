import { useEffect, useRef } from 'react';

/** Calls `step` so many times a second while it plays. */
export function useCine(isPlaying: boolean, perSecond: number, step: () => void): void {
  const latest = useRef(step);
  latest.current = step;
  useEffect(() => {
    if (!isPlaying) return;
    const timer = setInterval(() => latest.current(), 1000 / perSecond);
    return () => clearInterval(timer);
  }, [isPlaying, perSecond]);
}
