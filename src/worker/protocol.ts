/** Every message between the page and the worker. Types only: both worlds read this file. */
import type { ErrorData } from '../engine/errors.ts';
import type {
  AnswerRequest,
  DeviceReport,
  LoadProgress,
  ModelInfo,
  Precision,
  StopReason,
  Usage,
} from '../engine/types.ts';

/** comlink would flatten a thrown error to its text; a result keeps code and advice. */
export type Result<T> = { ok: true; value: T } | { ok: false; error: ErrorData };

/** Where a model's bytes come from. `stored` in the weight store under `id` once downloaded. */
export type ModelSource =
  | {
      kind: 'url';
      /** The weight store's key. */
      id: string;
      /** Absolute URL. */
      url: string;
      bytes: number;
      /** SHA-256 (hex) of each chunk of `chunkBytes`, pinned by the catalogue. */
      chunkBytes: number;
      chunkSha256: string[];
    }
  | { kind: 'file'; file: File };

export interface LoadModelRequest {
  operation: number;
  source: ModelSource;
  precision: Precision;
  /** Upper bound for the KV cache; the model's own limit if smaller. */
  contextTokens?: number;
}

export interface GenerateRequest extends AnswerRequest {
  operation: number;
}

export interface GenerateOutcome {
  text: string;
  stopReason: StopReason;
  usage: Usage;
  /** Earlier messages that did not fit and were left out of the prompt, oldest first. */
  droppedMessages: number;
  contextTokens: number;
  /** Positions used after the answer. */
  usedTokens: number;
  model: string;
}

/** What travels over the MessagePort of one operation. */
export type OperationEvent =
  | { kind: 'load'; progress: LoadProgress }
  | { kind: 'prefill'; done: number; total: number }
  /** `text` is what is new; `tokens` counts those generated so far. */
  | { kind: 'text'; text: string; tokens: number }
  /** The last one. The result travels on another port and may arrive before the events do. */
  | { kind: 'end' };

/** The surface that comlink exposes. */
export interface WorkerApi {
  ping(): Promise<number>;
  probeDevice(): Promise<Result<DeviceReport>>;
  loadModel(request: LoadModelRequest, events: MessagePort): Promise<Result<ModelInfo>>;
  /** The model that can answer now; it stays through a load whose file turns out not to be a model. */
  loadedModel(): Promise<Result<ModelInfo | null>>;
  unloadModel(): Promise<Result<null>>;
  generate(request: GenerateRequest, events: MessagePort): Promise<Result<GenerateOutcome>>;
  /** Ends the operation at the next step; its call then settles (generate: with `aborted`). */
  abort(operation: number): Promise<void>;
  /** Ids of models held complete in the weight store, with their size in bytes. */
  listStoredModels(): Promise<Result<{ id: string; bytes: number }[]>>;
  deleteStoredModel(id: string): Promise<Result<null>>;
}
