/** The page's only door to the engine: values come back, or a BedsideError is thrown. */
import { type Remote, transfer } from 'comlink';
import { abortedError, type BedsideError, fromErrorData } from '../engine/errors.ts';
import type { DeviceReport, LoadProgress, ModelInfo, ModelPlan } from '../engine/types.ts';
import type {
  GenerateOutcome,
  GenerateRequest,
  ImageReport,
  LoadModelRequest,
  ModelSource,
  OperationEvent,
  PlanModelRequest,
  Result,
  VisionProgress,
  WorkerApi,
} from '../worker/protocol.ts';
import { openOperationChannel } from './operation-channel.ts';
import { spawnEngineWorker } from './spawn-worker.ts';
import {
  connectWorker,
  type Heartbeat,
  type WorkerConnection,
  type WorkerLike,
} from './worker-connection.ts';

export interface LoadModelCall extends Omit<LoadModelRequest, 'operation'> {
  signal?: AbortSignal;
  onProgress?: (progress: LoadProgress) => void;
}

export interface GenerateCall extends Omit<GenerateRequest, 'operation'> {
  signal?: AbortSignal;
  /** Each image in turn, before the prompt is read. */
  onVision?: (progress: VisionProgress) => void;
  onPrefill?: (done: number, total: number) => void;
  /** `text` and its `ids` are what is new; `tokens` counts those of the whole answer so far. */
  onText?: (text: string, tokens: number, ids: readonly number[]) => void;
}

/**
 * Every method may reject with 'worker-died': the model is gone then, and the next call starts a fresh worker.
 * No callback is called after its call has settled.
 */
export interface EngineClient {
  probeDevice(): Promise<DeviceReport>;
  /** Rejects with 'aborted' when the signal says so. */
  loadModel(call: LoadModelCall): Promise<ModelInfo>;
  /** What loading a model would take of the device's memory; reads no more than the headers of its files. */
  planModel(request: PlanModelRequest): Promise<ModelPlan>;
  /** Downloads a model of this site for later, beside whatever else goes on. */
  storeModel(source: Extract<ModelSource, { kind: 'url' }>): Promise<void>;
  /** The model that can answer now. A load that failed on the file's header leaves the one before in place. */
  loadedModel(): Promise<ModelInfo | null>;
  unloadModel(): Promise<void>;
  /** Decodes an image whole, with or without a model; rejects with what is wrong with it. */
  inspectImage(file: Blob): Promise<ImageReport>;
  /** A signal resolves it with stopReason 'aborted' and the text so far; one aborted beforehand rejects. */
  generate(call: GenerateCall): Promise<GenerateOutcome>;
  listStoredModels(): Promise<{ id: string; bytes: number }[]>;
  deleteStoredModel(id: string): Promise<void>;
  /** Ends the worker; pending calls and later ones reject with 'aborted'. */
  dispose(): void;
}

export interface EngineClientOptions {
  spawn?: () => WorkerLike;
  heartbeat?: Heartbeat;
}

export function createEngineClient({
  spawn = spawnEngineWorker,
  heartbeat,
}: EngineClientOptions = {}): EngineClient {
  let connection: WorkerConnection | undefined;
  let disposed: BedsideError | undefined;
  let lastOperation = 0;
  /** Operations that were aborted and have not ended yet. */
  const stopping = new Set<Promise<unknown>>();

  function connect(): WorkerConnection {
    if (disposed) throw disposed;
    if (!connection || connection.isDead) connection = connectWorker(spawn(), heartbeat);
    return connection;
  }

  async function ask<T>(invoke: (api: Remote<WorkerApi>) => Promise<Result<T>>): Promise<T> {
    return unwrap(await connect().call(invoke));
  }

  /** "Stop this and start that" must not find the worker busy with what was stopped. */
  async function stopped(): Promise<void> {
    while (stopping.size > 0) await Promise.all(stopping);
  }

  /** A call with a number to abort it by and a port for its events. */
  async function operate<T>(
    signal: AbortSignal | undefined,
    onEvent: (event: OperationEvent) => void,
    invoke: (api: Remote<WorkerApi>, operation: number, port: MessagePort) => Promise<Result<T>>,
  ): Promise<T> {
    await stopped();
    if (signal?.aborted) throw abortedError();
    const worker = connect();
    const operation = ++lastOperation;
    const channel = openOperationChannel(event => {
      worker.noteSignOfLife();
      onEvent(event);
    });
    const call = worker.call(api => invoke(api, operation, transfer(channel.port, [channel.port])));
    const abort = () => {
      const ended = call.catch(() => undefined).finally(() => stopping.delete(ended));
      stopping.add(ended);
      // A worker that died meanwhile has settled the operation already.
      worker.call(api => api.abort(operation)).catch(() => undefined);
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
  }

  return {
    probeDevice: () => ask(api => api.probeDevice()),

    loadModel: ({ signal, onProgress, ...request }) =>
      operate(
        signal,
        event => event.kind === 'load' && onProgress?.(event.progress),
        (api, operation, port) => api.loadModel({ ...request, operation }, port),
      ),

    planModel: request => ask(api => api.planModel(request)),

    async storeModel(source) {
      await ask(api => api.storeModel(source));
    },

    loadedModel: () => ask(api => api.loadedModel()),

    async unloadModel() {
      await stopped();
      await ask(api => api.unloadModel());
    },

    inspectImage: file => ask(api => api.inspectImage(file)),

    generate: ({ signal, onVision, onPrefill, onText, ...request }) =>
      operate(
        signal,
        event => {
          if (event.kind === 'vision') onVision?.(event.progress);
          if (event.kind === 'prefill') onPrefill?.(event.done, event.total);
          if (event.kind === 'text') onText?.(event.text, event.tokens, event.ids);
        },
        (api, operation, port) => api.generate({ ...request, operation }, port),
      ),

    listStoredModels: () => ask(api => api.listStoredModels()),

    async deleteStoredModel(id) {
      await stopped();
      await ask(api => api.deleteStoredModel(id));
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
