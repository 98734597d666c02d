type Callback = (lock: { name: string } | null) => Promise<void> | undefined;

interface Wait {
  start(): void;
}

/** One exclusive Web Lock, as the specification has it: a queue, `ifAvailable`, `steal` and `signal`. */
export function createFakeLocks(): LockManager {
  let holder: { lose(): void } | undefined;
  const queue: Wait[] = [];

  function next(): void {
    holder = undefined;
    queue.shift()?.start();
  }

  function hold(callback: Callback, resolve: () => void, reject: (error: unknown) => void): void {
    const mine = { lose: () => reject(new DOMException('stolen', 'AbortError')) };
    holder = mine;
    void Promise.resolve(callback({ name: 'lock' })).finally(() => {
      resolve();
      if (holder === mine) next();
    });
  }

  const request = (_name: string, options: LockOptions, callback: Callback): Promise<void> =>
    new Promise((resolve, reject) => {
      if (options.steal) holder?.lose();
      else if (holder && options.ifAvailable) {
        void Promise.resolve(callback(null)).then(() => resolve());
        return;
      } else if (holder) {
        const wait: Wait = { start: () => hold(callback, resolve, reject) };
        queue.push(wait);
        options.signal?.addEventListener('abort', () => {
          const at = queue.indexOf(wait);
          if (at < 0) return;
          queue.splice(at, 1);
          reject(new DOMException('aborted', 'AbortError'));
        });
        return;
      }
      hold(callback, resolve, reject);
    });
  return { request, query: async () => ({}) } as unknown as LockManager;
}
