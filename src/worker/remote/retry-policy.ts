/** Waits before trying again: doubling, with chance in it, so that a ward of browsers does not come back at once. */
import { abortedError } from '../../engine/errors.ts';

export interface RetryPolicy {
  /** So many failures in a row, with no byte between them, end the attempt. */
  attempts: number;
  /** The same for a server that has sent something of the file before: it will be back. As `attempts` unless said. */
  attemptsWhereKnown?: number;
  firstDelayMs: number;
  longestDelayMs: number;
  /** A connection that is silent for so long is given up. */
  silenceMs: number;
}

export const defaultRetryPolicy: RetryPolicy = {
  attempts: 6,
  attemptsWhereKnown: 60,
  firstDelayMs: 500,
  longestDelayMs: 30_000,
  silenceMs: 30_000,
};

/** What the server asked for counts where it is longer, up to the longest delay. `failures` counts from 1. */
export function delayBefore(policy: RetryPolicy, failures: number, retryAfterMs = 0, chance = Math.random()) {
  const doubled = Math.min(policy.firstDelayMs * 2 ** (failures - 1), policy.longestDelayMs);
  return Math.max(doubled * (0.5 + chance / 2), Math.min(retryAfterMs, policy.longestDelayMs));
}

export function waitFor(delayMs: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(abortedError());
    const onAbort = () => {
      clearTimeout(timer);
      reject(abortedError());
    };
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', onAbort);
      resolve();
    }, delayMs);
    signal.addEventListener('abort', onAbort, { once: true });
  });
}
