import type { Remote } from 'comlink';
import type { Result } from '../../worker/verbs/result.ts';
import type { Call, Operation, VerbTable, WorkerApi } from '../../worker/verbs/verb.ts';
import type { WorkerCaller } from './worker-caller.ts';

/** What a call of an operation may bring beside its request: how it is stopped, and who hears of each kind of report. */
export type CallOptions<Reports> = { signal?: AbortSignal } & {
  [Kind in keyof Reports & string as `on${Capitalize<Kind>}`]?: Reports[Kind] extends unknown[]
    ? (...args: Reports[Kind]) => void
    : never;
};

export type OptionsOf<Verb> =
  Verb extends Operation<never, unknown, infer Reports> ? CallOptions<Reports> : never;

/** A method for every verb of a table: values come back, or a BedsideError is thrown. */
export type VerbCalls<Verbs> = {
  [Name in keyof Verbs]: Verbs[Name] extends Operation<infer Request, infer Value, infer Reports>
    ? (request: Request, options?: CallOptions<Reports>) => Promise<Value>
    : Verbs[Name] extends Call<infer Request, infer Value>
      ? (request: Request) => Promise<Value>
      : never;
};

type Options = { signal?: AbortSignal } & { [listener: `on${string}`]: (...args: unknown[]) => void };

type Asked = (request: unknown, port?: MessagePort, operation?: number) => Promise<Result<unknown>>;

/** `caller` is that of the worker which serves these verbs. */
export function callsOf<Verbs extends VerbTable>(
  verbs: Verbs,
  { ask, operate, stopped }: Pick<WorkerCaller<WorkerApi<Verbs>>, 'ask' | 'operate' | 'stopped'>,
): VerbCalls<Verbs> {
  const methodOf = (api: Remote<WorkerApi<Verbs>>, name: string) =>
    (api as unknown as Record<string, Asked>)[name]!;

  const callOf = ([name, verb]: [name: string, verb: VerbTable[string]]) => {
    if (verb.kind === 'operation') {
      return [
        name,
        (request: unknown, options: Options = {}) =>
          operate(
            options.signal,
            ({ kind, args }) => {
              const listener = `on${kind.charAt(0).toUpperCase()}${kind.slice(1)}` as const;
              options[listener]?.(...args);
            },
            (api, operation, port) => methodOf(api, name)(request, port, operation),
          ),
      ];
    }
    return [
      name,
      async (request: unknown) => {
        if (verb.needsIdle) await stopped();
        return ask(api => methodOf(api, name)(request));
      },
    ];
  };

  return Object.fromEntries(Object.entries(verbs).map(callOf)) as VerbCalls<Verbs>;
}
