/**
 * Runs tasks side by side. When one fails, the others are told to stop and waited for, so that none goes on behind the
 * caller's back; what failed first is thrown.
 */
export async function runTogether(
  tasks: readonly ((signal: AbortSignal) => Promise<void>)[],
  signal?: AbortSignal,
): Promise<void> {
  const stop = new AbortController();
  const forward = () => stop.abort();
  if (signal?.aborted) forward();
  signal?.addEventListener('abort', forward, { once: true });
  let failure: { error: unknown } | undefined;
  await Promise.all(
    tasks.map(task =>
      task(stop.signal).catch((error: unknown) => {
        failure ??= { error };
        stop.abort();
      }),
    ),
  );
  signal?.removeEventListener('abort', forward);
  if (failure) throw failure.error;
}
