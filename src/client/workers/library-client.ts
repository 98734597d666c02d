/** The page's only door to the library: files of models, fetched, copied, verified and given out again. */
import { transfer } from 'comlink';
import { BedsideError } from '../../engine/errors.ts';
import { sentence } from '../../engine/sentence.ts';
import {
  type LibraryApi,
  type LibraryReports,
  type LibraryVerbs,
  libraryVerbs,
} from '../../worker/library/library-verbs.ts';
import { lendHelpers } from './lend-helpers.ts';
import { spawnLibraryWorker, spawnQuantiserWorker } from './spawn-worker.ts';
import { type CallOptions, callsOf, type VerbCalls } from './verb-calls.ts';
import { createWorkerCaller } from './worker-caller.ts';
import type { Heartbeat, WorkerLike } from './worker-connection.ts';

/** The signal pauses: what has arrived is kept, and the call rejects with 'aborted'. */
export type LibraryCall = CallOptions<LibraryReports>;

/** Every method may reject with 'worker-died' where a fresh worker died as well: what was verified is kept. */
export interface LibraryClient extends VerbCalls<LibraryVerbs> {
  /** Starts another worker, which goes on with what this one was doing. */
  restart(): void;
  dispose(): void;
}

export interface LibraryClientOptions {
  spawn?: () => WorkerLike;
  /** Starts a thread that quantises, and may compile what the library may not. */
  spawnQuantiser?: () => WorkerLike;
  heartbeat?: Heartbeat;
}

export function createLibraryClient({
  spawn = spawnLibraryWorker,
  spawnQuantiser = spawnQuantiserWorker,
  heartbeat,
}: LibraryClientOptions = {}): LibraryClient {
  const caller = createWorkerCaller<LibraryApi>(spawn, workerDied, heartbeat, {
    onStart(connection) {
      const { port1, port2 } = new MessageChannel();
      const tidyUp = lendHelpers(port1, spawnQuantiser, null);
      connection.call(api => api.lendQuantisers(transfer(port2, [port2]))).catch(() => undefined);
      return tidyUp;
    },
    // Who asks hears of it.
    onDeath: () => undefined,
  });

  /** Workers that were ended on purpose. */
  let replaced = 0;

  /** Whatever is asked of the library can be asked twice; what was verified before it died is there. */
  async function again<T>(run: () => Promise<T>): Promise<T> {
    for (let deaths = 0; ; ) {
      const before = replaced;
      try {
        return await run();
      } catch (thrown) {
        const hasDied = thrown instanceof BedsideError && thrown.code === 'worker-died';
        // A long download outlives each of its replacements: one comes with every new place that models are fetched from.
        if (!hasDied || (replaced === before && ++deaths > 1)) throw thrown;
      }
    }
  }
  return {
    ...callsOf(libraryVerbs, {
      ask: invoke => again(() => caller.ask(invoke)),
      operate: (...call) => again(() => caller.operate(...call)),
      stopped: caller.stopped,
    }),

    restart() {
      replaced++;
      caller.restart();
    },
    dispose: caller.dispose,
  };
}

function workerDied(cause: string): BedsideError {
  return new BedsideError(
    'worker-died',
    sentence`library-worker-died: The process that fetches and stores models ended unexpectedly.`,
    'Go on with the download: what was verified is kept.',
    cause,
  );
}
