/** What the engine's worker is asked with, and what it answers. Types only: both worlds read this file. */
import type { ErrorData } from '../../engine/errors.ts';
import type { AnswerRequest } from '../../engine/generation/answer-request.ts';
import type { SampledAnswer } from '../../engine/generation/answer-samples.ts';
import type { Tempo } from '../../engine/loading/estimate-pace.ts';
import type { TemplateId } from '../../engine/templates/template-ids.ts';
import type { StopReason, Usage } from '../../engine/types/answer.ts';
import type { ComputedOn } from '../../engine/types/computed-on.ts';
import type { DeviceReport } from '../../engine/types/device.ts';
import type { DeviceKind } from '../../engine/types/device-choice.ts';
import type { DeviceTestScope, KernelRow } from '../../engine/types/device-test.ts';
import type { LetterLikelihood, ScoredToken } from '../../engine/types/likelihood.ts';
import type { ModelPlan } from '../../engine/types/memory.ts';
import type { ModelIdentity } from '../../engine/types/model-identity.ts';
import type { Precision } from '../../engine/types/precision.ts';
import type { ImagePresentation } from '../../engine/types/presentation.ts';
import type { ReadPrompt } from '../../engine/types/prompt-text.ts';
import type { TemplateSummary } from '../../engine/types/template-summary.ts';
import type { TilingSettings } from '../../engine/types/tiling.ts';
import type { TuningUse } from '../../engine/types/tuning.ts';
import type { VisionUse } from '../../engine/types/vision-use.ts';
import type { DescribedSource, ModelSource } from './model-source.ts';

export interface LoadModelRequest {
  source: ModelSource;
  /** The image half (mmproj) of a model of two files. Two picked files may come in either order. */
  vision?: ModelSource;
  precision: Precision;
  /** Upper bound for the KV cache; the model's own limit if smaller. */
  contextTokens?: number;
  /** The slowest pace, of models on a processor, that the reader wants it at; by default a comfortable one. */
  accepts?: Tempo;
  /** Of its kernels; by default those that were found fastest. `anew`: what was found before is forgotten. */
  forms?: KernelForms;
}

export type KernelForms = TuningUse | 'anew';

/** What a load would be asked for. */
export type PlanModelRequest = Omit<LoadModelRequest, 'accepts' | 'forms'>;

export interface PlanHeadsRequest extends Omit<PlanModelRequest, 'source' | 'vision'> {
  source: DescribedSource;
  vision?: DescribedSource;
}

/** What a model is asked about before it is loaded; `precision` and `contextTokens` are those of its plan. */
export interface DescribeModelRequest extends PlanModelRequest {
  /** Sizes in bytes of files that are known by their hash: only a picked file of such a size is hashed. */
  knownSizes?: readonly number[];
}

export interface DescribeHeadsRequest extends PlanHeadsRequest, Pick<DescribeModelRequest, 'knownSizes'> {}

/** What the files of a model show before it is loaded. */
export interface DescribedModel {
  /** Of the language half; with `sha256` where it is known. */
  identity: ModelIdentity;
  /** Of the image half, where there is one. */
  vision?: ModelIdentity;
  /** Of two files, the second proved to be the language half. */
  isSwapped: boolean;
  /** Whether it can be loaded here as far as its headers tell, and if not why. */
  runs: true | ErrorData;
  /** Null of a model that does not run. */
  plan: ModelPlan | null;
  /** Null of one that Bedside does not have, or that cannot be used. */
  tokenizer: TokenizerFacts | null;
  /** Of the template in the file; null of a file without one. */
  template: TemplateSummary | null;
  /** The pinned template that has places for images, of models of this architecture; null where there is none. */
  imageTemplate: TemplateId | null;
}

/** Pieces as they can be shown. */
export interface TokenizerFacts {
  startPiece: string | null;
  /** Whether a prompt begins with it where a template does not say. */
  addsStart: boolean;
  /** What ends an answer, the file's own first. */
  endPieces: string[];
}

/** An image that a message refers to, by `imageKey` of its file and presentation. */
export interface ImageInput {
  /** SHA-256 (hex) of the file's bytes. */
  id: string;
  blob: Blob;
  /** For what is said of it. */
  name?: string;
  /** Upright size in pixels, as `inspectImage` reported it: what fits is known before anything is decoded. */
  width: number;
  height: number;
  /** How it is shown; absent: as the file shows itself. */
  presentation?: ImagePresentation;
}

export interface GenerateRequest extends AnswerRequest {
  /** Every image that `messages` refer to, each once; a file that is shown in two ways is two images. */
  images?: ImageInput[];
  tiling?: TilingSettings;
}

export type ImageFileFormat = 'png' | 'jpeg' | 'webp' | 'bmp' | 'gif' | 'tiff' | 'heic' | 'avif' | 'dicom';

/** What a file shows to be, after it was decoded whole; of several frames, the first. */
export interface ImageReport {
  /** SHA-256 (hex) of the file's bytes. */
  id: string;
  format: ImageFileFormat;
  /** Upright, as it is shown and as the model sees it. */
  width: number;
  height: number;
  /** Only the first frame of an animation is used. */
  isAnimated: boolean;
  /** Where the file would look black and is brightened: how many bits its values have. */
  stretchedBits?: number;
  /** More than one: which one is asked about is part of the presentation. */
  frames?: number;
}

/** An image that can be asked about. */
export interface InspectedImage {
  report: ImageReport;
  /** The bytes that were looked at: what becomes of the file on the disk does not matter from then on. */
  blob: Blob;
  /**
   * How the file itself shows its first frame, with its window in numbers, so that an answer can say what was seen; absent where it
   * has none to choose.
   */
  presentation?: ImagePresentation;
}

export interface GenerateOutcome {
  text: string;
  /** Its token ids, without the stop token; of an answer that went on, with those that were begun. */
  ids: number[];
  /** What the model has read before it. */
  prompt: ReadPrompt;
  stopReason: StopReason;
  usage: Usage;
  /** Earlier messages that did not fit and were left out of the prompt, oldest first. */
  droppedMessages: number;
  contextTokens: number;
  /** Positions used after the answer. */
  usedTokens: number;
  model: string;
  computedOn: ComputedOn;
  /** Of questions with images. */
  vision?: VisionUse;
}

/** Without what those know who keep model and device. */
export type ModelAnswer = Omit<GenerateOutcome, 'model' | 'computedOn'>;
export type ModelSamples = Omit<SampleOutcome, 'model' | 'computedOn'>;

/** Several answers to one question, at once: `request.sampling` with a seed each. */
export interface SampleRequest {
  request: GenerateRequest;
  seeds: readonly number[];
}

export interface SampleOutcome extends Omit<GenerateOutcome, 'text' | 'ids' | 'stopReason' | 'usedTokens'> {
  /** In the order of the seeds. */
  samples: SampledAnswer[];
}

/** What was answered, to be read once more: each of `ids`, which followed the prompt of `request`. */
export interface ScoreTokensRequest {
  request: GenerateRequest;
  /** What the model has read then: a prompt that comes out otherwise is refused. */
  promptIds: readonly number[];
  ids: readonly number[];
}

export interface TokenScores {
  tokens: ScoredToken[];
}

/** How likely the answer is to begin with each of these letters. */
export interface ScoreLettersRequest {
  request: GenerateRequest;
  /** As above; absent where the prompt is not one of an answer. */
  promptIds?: readonly number[];
  letters: readonly string[];
}

export interface LetterScores {
  /** In their order. */
  letters: LetterLikelihood[];
}

/** `image` counts from 1. Before the prompt is read, each image in turn: its pixels, then its tiles; then what compression keeps. */
export type VisionProgress =
  | { phase: 'decoding'; image: number; images: number }
  | { phase: 'tiles'; image: number; images: number; done: number; total: number }
  | { phase: 'compressing'; done: number; total: number };

/** Of each kind the device that would compute, or why none can. */
export type DeviceSurvey = Readonly<Record<DeviceKind, { report: DeviceReport } | { error: ErrorData }>>;

export interface TestDeviceRequest {
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
