/** Whether a step of a phase is to be reported, so that messages never become the work. */
export type Pace = (phase: string, isLast: boolean) => boolean;

/** The first and the last step of a phase are always sent: a bar that stops at 97 % looks stuck. */
export function createPace(intervalMs: number): Pace {
  let lastMs = Number.NEGATIVE_INFINITY;
  let lastPhase = '';
  return (phase, isLast) => {
    const now = performance.now();
    if (phase === lastPhase && !isLast && now - lastMs < intervalMs) return false;
    lastPhase = phase;
    lastMs = now;
    return true;
  };
}
