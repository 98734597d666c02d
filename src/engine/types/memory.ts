import type { ModelWork } from './model-work.ts';
import type { Precision } from './precision.ts';

/** Bytes of device memory that a model takes, known from its headers alone. */
export interface MemoryPlan {
  weights: number;
  cache: number;
  activations: number;
  visionWeights: number;
  visionActivations: number;
  /** What chosen tokens are read back through. */
  readback: number;
  /** Of all above: held as long as the model is loaded. */
  total: number;
  /** Weights on their way, in the driver's memory; only while the model is loaded. */
  upload: number;
  /** Visual tokens of as many images as a conversation has room for: at most so many are kept once it is asked about images. */
  features: number;
  /** What several answers at once take while they are written, where they were planned for. */
  answers: number;
}

/** The most that is held for a while beside the model: when it is loaded, weights on their way are gone. */
export function bytesBeside({ upload, features, answers }: MemoryPlan): number {
  return Math.max(upload, features + answers);
}

/** The most that a model takes at any time. */
export function mostBytes(memory: MemoryPlan): number {
  return memory.total + bytesBeside(memory);
}

/** Settings with which a model that found no room would find it. */
export interface LoadChoice {
  precision: Precision;
  contextTokens: number;
  /** What it would take while it is loaded. */
  totalBytes: number;
}

/** The largest array that has to lie in one piece. */
export interface LargestPiece {
  part: 'weights' | 'cache' | 'activations' | 'visionWeights' | 'visionActivations';
  /** E.g. the tensor's name. */
  name: string;
  bytes: number;
  /** What the device accepts in one piece. */
  limitBytes: number;
}

/** What loading a model would take, before it is loaded. */
export interface ModelPlan {
  memory: MemoryPlan;
  /** What it computes once it is loaded. */
  work: ModelWork;
  precision: Precision;
  /** Tokens that the conversation's memory has room for; fewer than were asked for where the device's limits are in the way. */
  contextTokens: number;
  wantedContextTokens: number;
  /** Where its file says more than is ever read here, as of LongRoPE the side of short sequences is: how much of how much. */
  heldTo?: { tokens: number; ofTokens: number };
  /** Of `memory.cache`, what a further token takes: layers that see a window keep nothing for it. */
  tokenBytes: number;
  /** Of a prompt that are read at once, at most. */
  chunkTokens: number;
  /** The most that is held at any time, where prompts are read in the shortest steps that loading tries. */
  leastBytes: number;
  largest: LargestPiece;
}
