/**
 * One worker, and what comlink leaves open: a call to a worker that dies never settles. Here every call is raced
 * against the worker's death, which an error event or a silent heartbeat tells.
 */
import { type Remote, wrap } from 'comlink';
import type { BedsideError } from '../../engine/errors.ts';

/** What is used of a Worker; tests hand in a MessagePort with a `terminate`. */
export interface WorkerLike extends EventTarget {
  postMessage(message: unknown, transfer?: Transferable[]): void;
  terminate(): void;
}

export interface Heartbeat {
  intervalMs: number;
  /** So many unanswered intervals in a row mean death. Counted, not timed: a laptop that slept is not dead. */
  tolerance: number;
  /** The same before the first sign of life, while the worker's script is being fetched and compiled. */
  startTolerance: number;
}

/** The worker waits for the GPU asynchronously, so that it answers at once even while it computes. */
const defaultHeartbeat: Heartbeat = { intervalMs: 2000, tolerance: 10, startTolerance: 30 };

/** What a worker must answer for its life to be watched. */
export interface Pingable {
  ping(): Promise<number>;
}

export interface WorkerConnection<Api extends Pingable> {
  readonly isDead: boolean;
  /** Rejects with 'worker-died' when the worker dies first, or with the error given to `close`. */
  call<T>(invoke: (api: Remote<Api>) => Promise<T>): Promise<T>;
  /** Any event from the worker is as good as an answered ping. */
  noteSignOfLife(): void;
  close(reason: BedsideError): void;
}

/** What happens to a worker, even while nobody waits for an answer of it. */
export interface ConnectionWatch {
  /** It ended by itself. */
  onDeath?(reason: BedsideError): void;
  /** However it ended; after `onDeath`. */
  onEnd?(): void;
}

/** `workerDied` says to the reader what the death of this worker means. */
export function connectWorker<Api extends Pingable>(
  worker: WorkerLike,
  workerDied: (cause: string) => BedsideError,
  heartbeat: Heartbeat = defaultHeartbeat,
  watch: ConnectionWatch = {},
): WorkerConnection<Api> {
  const api = wrap<Api>(worker as unknown as Worker);
  const pending = new Set<(reason: BedsideError) => void>();
  let ended: BedsideError | undefined;
  let timer: ReturnType<typeof setInterval> | undefined;
  let isPinging = false;
  let silentIntervals = 0;
  let hasAnswered = false;

  function end(reason: BedsideError): void {
    ended = reason;
    clearInterval(timer);
    worker.terminate();
    for (const reject of pending) reject(reason);
    pending.clear();
  }

  function close(reason: BedsideError): void {
    if (ended) return;
    end(reason);
    watch.onEnd?.();
  }

  function die(cause: string): void {
    if (ended) return;
    const reason = workerDied(cause);
    end(reason);
    watch.onDeath?.(reason);
    watch.onEnd?.();
  }

  function noteSignOfLife(): void {
    hasAnswered = true;
    silentIntervals = 0;
  }

  function beat(): void {
    if (isPinging && ++silentIntervals >= (hasAnswered ? heartbeat.tolerance : heartbeat.startTolerance)) {
      die('no answer to the heartbeat');
    }
    if (ended || isPinging) return;
    isPinging = true;
    void (api as unknown as Pingable).ping().then(() => {
      isPinging = false;
      noteSignOfLife();
    });
  }

  worker.addEventListener('error', event => {
    // The message is already in the browser's console, where it belongs.
    die((event as Partial<ErrorEvent>).message ?? 'the script of the worker did not load');
  });
  worker.addEventListener('messageerror', () => die('a message could not be read'));

  return {
    get isDead() {
      return ended !== undefined;
    },

    call(invoke) {
      if (ended) return Promise.reject(ended);
      return new Promise((resolve, reject) => {
        pending.add(reject);
        timer ??= setInterval(beat, heartbeat.intervalMs);
        invoke(api)
          .then(resolve, reject)
          .finally(() => {
            pending.delete(reject);
            if (pending.size > 0) return;
            clearInterval(timer);
            timer = undefined;
            silentIntervals = 0;
          });
      });
    },

    noteSignOfLife,
    close,
  };
}
