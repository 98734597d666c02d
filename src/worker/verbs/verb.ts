/**
 * What a worker can be asked. Its table of verbs is all that the page and the worker agree on: what the worker exposes, what
 * the page calls and what tests pretend are made of it. Of a verb only its kind and its options are there at run time; `types`
 * is never set, and is what the others derive theirs from.
 */
import type { BusyWords } from './busy.ts';
import type { Result } from './result.ts';

/** Answered with one value, beside whatever else goes on. */
export interface Call<Request, Value> {
  readonly kind: 'call';
  /** Not beside an operation that runs alone; the page lets those that it has stopped end first. */
  readonly needsIdle?: boolean;
  /** What of its value goes over to the page instead of being copied: the value must be nobody else's. */
  transfers?(value: Value): Transferable[];
  readonly types?: (request: Request) => Value;
}

/** Takes a while: it can be aborted, and reports on its way. */
export interface Operation<Request, Value, Reports extends ReportKinds> {
  readonly kind: 'operation';
  /** No other one that runs alone begins beside it; who asks for one hears this. */
  readonly runsAlone?: BusyWords;
  readonly types?: (request: Request, reports: Reports) => Value;
}

/** What each kind of report says. */
export type ReportKinds = Record<string, unknown[]>;

export type VerbTable = Readonly<Record<string, Call<never, unknown> | Operation<never, unknown, never>>>;

export const call = <Request, Value>(
  options: Pick<Call<Request, Value>, 'needsIdle' | 'transfers'> = {},
): Call<Request, Value> => ({ kind: 'call', ...options });

export const operation = <Request, Value, Reports extends ReportKinds>(
  options: Pick<Operation<Request, Value, Reports>, 'runsAlone'> = {},
): Operation<Request, Value, Reports> => ({ kind: 'operation', ...options });

/** What travels over the MessagePort of one operation. */
export type OperationEvent<Reports> =
  | { [Kind in keyof Reports & string]: { kind: Kind; args: Reports[Kind] } }[keyof Reports & string]
  /** The last one. The result travels on another port and may arrive before the events do. */
  | { kind: 'end' };

/** The events of all operations of a table. */
export type EventsOf<Verbs> = {
  [Name in keyof Verbs]: Verbs[Name] extends Operation<never, unknown, infer Reports>
    ? OperationEvent<Reports>
    : never;
}[keyof Verbs];

/** What comlink exposes: a method a verb. `operation` numbers are the page's own. */
export type WorkerApi<Verbs> = {
  [Name in keyof Verbs]: Verbs[Name] extends Operation<infer Request, infer Value, never>
    ? (request: Request, events: MessagePort, operation: number) => Promise<Result<Value>>
    : Verbs[Name] extends Call<infer Request, infer Value>
      ? (request: Request) => Promise<Result<Value>>
      : never;
} & {
  ping(): Promise<number>;
  /** Ends the operation at its next step; its call then settles. */
  abort(operation: number): Promise<void>;
};
