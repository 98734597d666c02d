/** Every message between the page and the worker. Types only: both worlds read this file. */
import type { ErrorData } from '../engine/errors.ts';
import type {
  AnswerRequest,
  DeviceReport,
  LoadProgress,
  ModelInfo,
  ModelPlan,
  Precision,
  StopReason,
  TilingSettings,
  Usage,
  VisionUse,
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
  /** The image half (mmproj) of a model of two files. Two picked files may come in either order. */
  vision?: ModelSource;
  precision: Precision;
  /** Upper bound for the KV cache; the model's own limit if smaller. */
  contextTokens?: number;
}

/** What a load would be asked for. */
export type PlanModelRequest = Omit<LoadModelRequest, 'operation'>;

/** An image that a message refers to. */
export interface ImageInput {
  /** SHA-256 (hex) of the file's bytes. */
  id: string;
  blob: Blob;
  /** Upright size in pixels, as `inspectImage` reported it: what fits is known before anything is decoded. */
  width: number;
  height: number;
}

export interface GenerateRequest extends AnswerRequest {
  operation: number;
  /** Every image that `messages` refer to, each once. */
  images?: ImageInput[];
  tiling?: TilingSettings;
}

/** What a file shows to be, after it was decoded whole. */
export interface ImageReport {
  /** SHA-256 (hex) of the file's bytes. */
  id: string;
  format: 'png' | 'jpeg' | 'webp' | 'bmp' | 'gif';
  /** Upright, as it is shown and as the model sees it. */
  width: number;
  height: number;
  /** Only the first frame of an animation is used. */
  isAnimated: boolean;
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
  /** Of questions with images. */
  vision?: VisionUse;
}

/** `image` counts from 1. Before the prompt is read, each image in turn: its pixels, then its tiles; then what compression keeps. */
export type VisionProgress =
  | { phase: 'decoding'; image: number; images: number }
  | { phase: 'tiles'; image: number; images: number; done: number; total: number }
  | { phase: 'compressing'; done: number; total: number };

/** What travels over the MessagePort of one operation. */
export type OperationEvent =
  | { kind: 'load'; progress: LoadProgress }
  | { kind: 'vision'; progress: VisionProgress }
  | { kind: 'prefill'; done: number; total: number }
  /** `text` and its `ids` are what is new; `tokens` counts those of the whole answer so far. */
  | { kind: 'text'; text: string; tokens: number; ids: number[] }
  /** The last one. The result travels on another port and may arrive before the events do. */
  | { kind: 'end' };

/** The surface that comlink exposes. */
export interface WorkerApi {
  ping(): Promise<number>;
  probeDevice(): Promise<Result<DeviceReport>>;
  loadModel(request: LoadModelRequest, events: MessagePort): Promise<Result<ModelInfo>>;
  /**
   * What loading a model would take of the device's memory, from the headers of its files alone. Beside whatever else goes
   * on; of a model that is not stored, the beginning is fetched.
   */
  planModel(request: PlanModelRequest): Promise<Result<ModelPlan>>;
  /** Downloads a model into the weight store for later, beside whatever else goes on; nothing where it is there. */
  storeModel(source: Extract<ModelSource, { kind: 'url' }>): Promise<Result<null>>;
  /** The model that can answer now; it stays through a load whose file turns out not to be a model. */
  loadedModel(): Promise<Result<ModelInfo | null>>;
  unloadModel(): Promise<Result<null>>;
  /** Decodes an image whole, so that what is wrong with it shows before a question is asked about it. */
  inspectImage(file: Blob): Promise<Result<ImageReport>>;
  generate(request: GenerateRequest, events: MessagePort): Promise<Result<GenerateOutcome>>;
  /** Ends the operation at the next step; its call then settles (generate: with `aborted`). */
  abort(operation: number): Promise<void>;
  /** Ids of models held complete in the weight store, with their size in bytes. */
  listStoredModels(): Promise<Result<{ id: string; bytes: number }[]>>;
  deleteStoredModel(id: string): Promise<Result<null>>;
}
