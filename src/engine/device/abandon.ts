import type { EngineDevice } from './device.ts';

/**
 * Waits, and abandons everything submitted where `signal` has fired or fires meanwhile, so that the wait is soon over. Then what the
 * launches wrote is undefined: the caller looks at the signal before it uses any of it.
 */
export async function waitUnlessAborted<T>(
  device: Pick<EngineDevice, 'abandon'>,
  signal: AbortSignal | undefined,
  wait: () => Promise<T>,
): Promise<T> {
  const abandon = () => device.abandon();
  if (signal?.aborted) abandon();
  signal?.addEventListener('abort', abandon, { once: true });
  try {
    return await wait();
  } finally {
    signal?.removeEventListener('abort', abandon);
  }
}
