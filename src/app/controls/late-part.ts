import { useSyncExternalStore } from 'react';

/** What is fetched apart from the page and is there at once ever after. */
export interface LatePart<T> {
  /** Fetches it, once. Never rejects: `useLatePart` has what failed. */
  load(): Promise<void>;
  subscribe(listener: () => void): () => void;
  read(): LateState<T>;
}

export type LateState<T> = { part: T } | { failure: unknown } | null;

export function latePart<T>(fetch: () => Promise<T>): LatePart<T> {
  let state: LateState<T> = null;
  let loading: Promise<void> | undefined;
  const listeners = new Set<() => void>();
  const settle = (settled: LateState<T>) => {
    state = settled;
    for (const listener of listeners) listener();
  };
  return {
    load() {
      loading ??= fetch().then(
        part => settle({ part }),
        failure => settle({ failure }),
      );
      return loading;
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    read: () => state,
  };
}

/** Null as long as it is neither there nor has failed. */
export function useLatePart<T>({ subscribe, read }: LatePart<T>): LateState<T> {
  return useSyncExternalStore(subscribe, read, () => null);
}
