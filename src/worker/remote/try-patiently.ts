import { TemporaryFailure } from './range-request.ts';
import { delayBefore, type RetryPolicy, waitFor } from './retry-policy.ts';

/** Fewer bytes than this between two failures are no progress. */
const progressBytes = 64 * 1024;

export interface Patience {
  retry: RetryPolicy;
  signal: AbortSignal;
  /** Before each wait. */
  onWait(): void;
  /** Whether the server is known to have what is asked of it: it is then given more time to come back. */
  isKnown(): boolean;
}

/** Tries until it works, or until so many failures in a row, without progress between them, that it will not. */
export async function tryPatiently<T>(
  attempt: () => Promise<T>,
  { retry, signal, onWait, isKnown }: Patience,
  arrivedBytes: () => number = () => 0,
): Promise<T> {
  let failures = 0;
  let arrived = arrivedBytes();
  for (;;) {
    try {
      return await attempt();
    } catch (thrown) {
      if (!(thrown instanceof TemporaryFailure)) throw thrown;
      if (arrivedBytes() - arrived >= progressBytes) failures = 0;
      arrived = arrivedBytes();
      const { attempts, attemptsWhereKnown = attempts } = retry;
      if (++failures >= (isKnown() ? attemptsWhereKnown : attempts)) throw thrown.error;
      onWait();
      await waitFor(delayBefore(retry, failures, thrown.retryAfterMs), signal);
    }
  }
}
