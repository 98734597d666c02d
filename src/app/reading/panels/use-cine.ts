import { useEffect, useRef } from 'react';

/** Calls `step` up to so many times a second while it plays, with how many images have gone by: where a page is slow, some are left out. */
export function useCine(isPlaying: boolean, perSecond: number, step: (by: number) => void): void {
  const latest = useRef(step);
  latest.current = step;
  useEffect(() => {
    if (!isPlaying) return;
    const beganMs = performance.now();
    let gone = 0;
    const timer = setInterval(() => {
      const due = Math.floor(((performance.now() - beganMs) * perSecond) / 1000);
      if (due > gone) latest.current(due - gone);
      gone = due;
    }, 1000 / perSecond);
    return () => clearInterval(timer);
  }, [isPlaying, perSecond]);
}
