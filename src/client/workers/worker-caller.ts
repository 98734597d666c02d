/** Calls to one kind of worker: started when it is first needed, replaced after it died, results as values or errors. */
import { type Remote, transfer } from 'comlink';
import { abortedError, type BedsideError, fromErrorData } from '../../engine/errors.ts';
import type { Result } from '../../worker/verbs/result.ts';
import { type OperationReport, openOperationChannel } from './operation-channel.ts';
import {
  connectWorker,
  type Heartbeat,
  type Pingable,
  type WorkerConnection,
  type WorkerLike,
} from './worker-connection.ts';

export interface Abortable extends Pingable {
  abort(operation: number): Promise<void>;
}

export interface WorkerCaller<Api extends Abortable> {
  ask<T>(invoke: (api: Remote<Api>) => Promise<Result<T>>): Promise<T>;
  /** A call with a number to abort it by and a port for its reports. None arrives after it has settled. */
  operate<T>(
    signal: AbortSignal | undefined,
    onReport: (report: OperationReport) => void,
    invoke: (api: Remote<Api>, operation: number, port: MessagePort) => Promise<Result<T>>,
  ): Promise<T>;
  /** "Stop this and start that" must not find the worker busy with what was stopped. */
  stopped(): Promise<void>;
  /** Ends the worker: pending calls reject as if it had died, and the next one starts another. */
  restart(): void;
  /** Ends the worker; pending calls and later ones reject with 'aborted'. */
  dispose(): void;
}

/** What happens to a worker while nobody waits for an answer of it. */
export interface WorkerWatch<Api extends Pingable> {
  /** Returns what is to be done when this worker has ended, however it did. */
  onStart(connection: WorkerConnection<Api>): (() => void) | undefined;
  onDeath(reason: BedsideError): void;
}

export function createWorkerCaller<Api extends Abortable>(
  spawn: () => WorkerLike,
  workerDied: (cause: string) => BedsideError,
  heartbeat?: Heartbeat,
  watch?: WorkerWatch<Api>,
): WorkerCaller<Api> {
  let connection: WorkerConnection<Api> | undefined;
  let disposed: BedsideError | undefined;
  let lastOperation = 0;
  /** Operations that were aborted and have not ended yet. */
  const stopping = new Set<Promise<unknown>>();

  function connect(): WorkerConnection<Api> {
    if (disposed) throw disposed;
    if (!connection || connection.isDead) {
      let tidyUp: (() => void) | undefined;
      connection = connectWorker<Api>(spawn(), workerDied, heartbeat, {
        onDeath: reason => watch?.onDeath(reason),
        onEnd: () => tidyUp?.(),
      });
      tidyUp = watch?.onStart(connection);
    }
    return connection;
  }

  async function stopped(): Promise<void> {
    while (stopping.size > 0) await Promise.all(stopping);
  }

  return {
    ask: async invoke => unwrap(await connect().call(invoke)),

    async operate(signal, onReport, invoke) {
      await stopped();
      if (signal?.aborted) throw abortedError();
      const worker = connect();
      const operation = ++lastOperation;
      const channel = openOperationChannel(report => {
        worker.noteSignOfLife();
        onReport(report);
      });
      const call = worker.call(api => invoke(api, operation, transfer(channel.port, [channel.port])));
      const abort = () => {
        const ended = call.catch(() => undefined).finally(() => stopping.delete(ended));
        stopping.add(ended);
        // A worker that died meanwhile has settled the operation already.
        worker.call(api => (api as unknown as Abortable).abort(operation)).catch(() => undefined);
      };
      signal?.addEventListener('abort', abort, { once: true });
      try {
        const result = await call;
        await channel.drained();
        return unwrap(result);
      } finally {
        signal?.removeEventListener('abort', abort);
        channel.close();
      }
    },

    stopped,

    restart() {
      connection?.close(workerDied('it was replaced'));
    },

    dispose() {
      disposed = abortedError();
      connection?.close(disposed);
    },
  };
}

function unwrap<T>(result: Result<T>): T {
  if (result.ok) return result.value;
  throw fromErrorData(result.error);
}
