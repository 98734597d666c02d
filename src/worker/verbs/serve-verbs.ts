import { abortedError } from '../../engine/errors.ts';
import { busyError } from './busy.ts';
import { type Result, resultOf } from './result.ts';
import type { Call, Operation, ReportKinds, VerbTable, WorkerApi } from './verb.ts';

/** What an operation is given beside its request. */
export interface OperationRun<Reports extends ReportKinds> {
  signal: AbortSignal;
  report: Report<Reports>;
}

/** Tells the page at once. */
export type Report<Reports extends ReportKinds> = <Kind extends keyof Reports & string>(
  kind: Kind,
  ...args: Reports[Kind]
) => void;

/** What a worker does when it is asked: values and throws, of which results are made here. */
export type Implementations<Verbs> = {
  [Name in keyof Verbs]: Verbs[Name] extends Operation<infer Request, infer Value, infer Reports>
    ? (request: Request, run: OperationRun<Reports>) => Promise<Value>
    : Verbs[Name] extends Call<infer Request, infer Value>
      ? (request: Request) => Value | Promise<Value>
      : never;
};

type AnyOperation = Operation<unknown, unknown, ReportKinds>;
type RunOperation = (request: unknown, run: OperationRun<ReportKinds>) => Promise<unknown>;
type AnswerCall = (request: unknown) => unknown;

/** Says of a value which parts of it go over with it: comlink's `transfer`. */
export type TransferWith = <T extends object>(value: T, parts: Transferable[]) => T;

/**
 * The surface of a worker: every verb of its table, each outcome as data, each operation to be aborted by its number.
 * @param transfer for a table of which calls transfer something
 */
export function serveVerbs<Verbs extends VerbTable>(
  verbs: Verbs,
  implementations: Implementations<Verbs>,
  transfer: TransferWith = value => value,
): WorkerApi<Verbs> {
  const running = new Map<number, { verb: AnyOperation; controller: AbortController }>();

  function requireIdle(): void {
    for (const { verb } of running.values()) if (verb.runsAlone) throw busyError(verb.runsAlone);
  }

  async function operate(
    verb: AnyOperation,
    run: RunOperation,
    request: unknown,
    port: MessagePort,
    operation: number,
  ): Promise<Result<unknown>> {
    // In the task in which it was asked for: an abort cannot come too early.
    const result = await resultOf(async () => {
      if (verb.runsAlone) requireIdle();
      const controller = new AbortController();
      running.set(operation, { verb, controller });
      try {
        const report: Report<ReportKinds> = (kind, ...args) => port.postMessage({ kind, args });
        return await run(request, { signal: controller.signal, report });
      } finally {
        running.delete(operation);
      }
    });
    port.postMessage({ kind: 'end' });
    port.close();
    return result;
  }

  const serve = ([name, verb]: [name: string, verb: VerbTable[string]]) => {
    const implementation: unknown = implementations[name];
    if (verb.kind === 'operation') {
      const run = implementation as RunOperation;
      return [
        name,
        (request: unknown, port: MessagePort, operation: number) =>
          operate(verb as AnyOperation, run, request, port, operation),
      ];
    }
    return [
      name,
      async (request: unknown) => {
        const result = await resultOf(async () => {
          if (verb.needsIdle) requireIdle();
          return (implementation as AnswerCall)(request);
        });
        return result.ok && verb.transfers ? transfer(result, verb.transfers(result.value)) : result;
      },
    ];
  };

  return {
    ...Object.fromEntries(Object.entries(verbs).map(serve)),
    ping: async () => performance.now(),
    async abort(operation: number) {
      running.get(operation)?.controller.abort(abortedError());
    },
  } as WorkerApi<Verbs>;
}
