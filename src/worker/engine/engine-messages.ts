/** Every message between the page and the worker. Types only: both worlds read this file. */
import type { AnswerRequest, QuestionText } from '../../engine/generation/answer-request.ts';
import type { QuestionMeasure, StopReason, Usage } from '../../engine/types/answer.ts';
import type { DeviceReport } from '../../engine/types/device.ts';
import type { DeviceTestReport, DeviceTestScope, KernelRow } from '../../engine/types/device-test.ts';
import type { LoadProgress } from '../../engine/types/load-progress.ts';
import type { ModelPlan } from '../../engine/types/memory.ts';
import type { ModelInfo } from '../../engine/types/model.ts';
import type { Precision } from '../../engine/types/precision.ts';
import type { TilingSettings } from '../../engine/types/tiling.ts';
import type { VisionUse } from '../../engine/types/vision-use.ts';
import type { Result } from '../verbs/result.ts';
import type { DescribedSource, ModelSource } from './model-source.ts';

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

export interface PlanHeadsRequest extends Omit<PlanModelRequest, 'source' | 'vision'> {
  source: DescribedSource;
  vision?: DescribedSource;
}

/** An image that a message refers to. */
export interface ImageInput {
  /** SHA-256 (hex) of the file's bytes. */
  id: string;
  blob: Blob;
  /** For what is said of it. */
  name?: string;
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
  /** Where the file would look black and was brightened: how many bits its values had. */
  stretchedBits?: number;
}

/** An image that can be asked about. */
export interface InspectedImage {
  report: ImageReport;
  /** The bytes that were looked at: what becomes of the file on the disk does not matter from then on. */
  blob: Blob;
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

export interface TestDeviceRequest {
  operation: number;
  /** Without a loaded model, `model` is `all`. */
  scope: DeviceTestScope;
  /** Find out whether so much memory can be had at once; 0 leaves it. */
  memoryBytes: number;
}

/** `rows`: of the kernels that were tested since the last one; `next`: what is being tested now. */
export interface DeviceTestProgress {
  done: number;
  total: number;
  next: string;
  rows: KernelRow[];
}

/** What travels over the MessagePort of one operation. */
export type OperationEvent =
  | { kind: 'load'; progress: LoadProgress }
  | { kind: 'vision'; progress: VisionProgress }
  | { kind: 'prefill'; done: number; total: number }
  | { kind: 'test'; progress: DeviceTestProgress }
  /** `text` and its `ids` are what is new; `tokens` counts those of the whole answer so far. */
  | { kind: 'text'; text: string; tokens: number; ids: number[] }
  /** The last one. The result travels on another port and may arrive before the events do. */
  | { kind: 'end' };

/** The surface that comlink exposes. */
export interface WorkerApi {
  ping(): Promise<number>;
  probeDevice(): Promise<Result<DeviceReport>>;
  /** Of files of this device alone: what is not stored yet is refused with 'no-model'. */
  loadModel(request: LoadModelRequest, events: MessagePort): Promise<Result<ModelInfo>>;
  /** What loading a model would take of the device's memory, from the headers of its files alone. Beside whatever else goes on. */
  planModel(request: PlanHeadsRequest): Promise<Result<ModelPlan>>;
  /** The model that can answer now; it stays through a load whose file turns out not to be a model. */
  loadedModel(): Promise<Result<ModelInfo | null>>;
  /** Posts the error to `losses`, as data, each time that the loaded model is gone because its device was lost. */
  watchModel(losses: MessagePort): Promise<void>;
  unloadModel(): Promise<Result<null>>;
  /** Decodes an image whole, so that what is wrong with it shows before a question is asked about it. */
  inspectImage(file: Blob): Promise<Result<InspectedImage>>;
  /** How long a question is for the loaded model, null without one; beside whatever else goes on. */
  measureQuestion(question: QuestionText): Promise<Result<QuestionMeasure | null>>;
  generate(request: GenerateRequest, events: MessagePort): Promise<Result<GenerateOutcome>>;
  /** Compares the kernels with their scalar twins on the device, beside the loaded model; 'busy' while anything else runs. */
  testDevice(request: TestDeviceRequest, events: MessagePort): Promise<Result<DeviceTestReport>>;
  /** Ends the operation at the next step; its call then settles (generate: with `aborted`). */
  abort(operation: number): Promise<void>;
}
