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
  /** Of `memory.cache`, what a further token takes: layers that see a window keep nothing for it. */
  tokenBytes: number;
  /** Of a prompt that are read at once, at most. */
  chunkTokens: number;
  /** Of `memory.total` and `memory.upload`, where prompts are read in the shortest steps that loading tries. */
  leastBytes: number;
  largest: LargestPiece;
}
