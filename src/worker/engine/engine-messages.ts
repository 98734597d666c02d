/** What the engine's worker is asked with, and what it answers. Types only: both worlds read this file. */
import type { AnswerRequest } from '../../engine/generation/answer-request.ts';
import type { StopReason, Usage } from '../../engine/types/answer.ts';
import type { DeviceTestScope, KernelRow } from '../../engine/types/device-test.ts';
import type { Precision } from '../../engine/types/precision.ts';
import type { TilingSettings } from '../../engine/types/tiling.ts';
import type { VisionUse } from '../../engine/types/vision-use.ts';
import type { DescribedSource, ModelSource } from './model-source.ts';

export interface LoadModelRequest {
  source: ModelSource;
  /** The image half (mmproj) of a model of two files. Two picked files may come in either order. */
  vision?: ModelSource;
  precision: Precision;
  /** Upper bound for the KV cache; the model's own limit if smaller. */
  contextTokens?: number;
}

/** What a load would be asked for. */
export type PlanModelRequest = LoadModelRequest;

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
