/** One writer a file, in all tabs of this site: two would each undo what the other has marked. */
import { abortedError } from '../../engine/errors.ts';

export interface FileLocks {
  /** Runs alone for this file; `onWait` is called where another one has to end first. Rejects with 'aborted'. */
  hold(id: string, signal: AbortSignal, onWait: () => void, run: () => Promise<void>): Promise<void>;
}

export function createFileLocks(locks: LockManager | undefined): FileLocks {
  // Without Web Locks only this worker can be kept in order.
  return locks ? acrossTabs(locks) : withinWorker();
}

function acrossTabs(locks: LockManager): FileLocks {
  return {
    async hold(id, signal, onWait, run) {
      const name = `bedside-file ${id}`;
      if (signal.aborted) throw abortedError();
      const ran = await locks.request(name, { ifAvailable: true }, async lock => {
        if (lock) await run();
        return lock !== null;
      });
      if (ran) return;
      onWait();
      try {
        await locks.request(name, { signal }, run);
      } catch (thrown) {
        throw signal.aborted ? abortedError() : thrown;
      }
    },
  };
}

function withinWorker(): FileLocks {
  const last = new Map<string, Promise<void>>();
  return {
    async hold(id, signal, onWait, run) {
      const before = last.get(id);
      const mine = (async () => {
        if (before) {
          onWait();
          await before.catch(() => undefined);
        }
        if (signal.aborted) throw abortedError();
        await run();
      })();
      last.set(id, mine);
      try {
        await mine;
      } finally {
        if (last.get(id) === mine) last.delete(id);
      }
    },
  };
}
