/** Plain data shared by every room above the engine. No code, no globals: page and worker both read it. */

/** How the KV cache is stored: 32 bits a number, 16 (needs the feature shader-f16), or 8 with a scale for 32 of them. */
export type Precision = 'f32' | 'f16' | 'q8';

export const precisions: readonly Precision[] = ['f32', 'f16', 'q8'];

export type TemplateId = 'pmc-llama' | 'internlm2-chat' | 'internvl2-chat' | 'raw';

export interface ChatMessage {
  role: 'user' | 'assistant';
  text: string;
  /** Of user messages: ids of the images it asks about, in order. */
  images?: string[];
}

/** Columns and rows of tiles. */
export type Grid = readonly [columns: number, rows: number];

/** How an image is cut: Mini-Monkey's two grids and overview, InternVL2's one grid and overview, or the overview alone. */
export type TilingMode = 'msac' | 'dynamic' | 'single';

/** Ranges of tile numbers that Mini-Monkey uses, by task; see imaging/grids.ts. */
export type TilingPreset =
  | 'demo'
  | 'default_eval'
  | 'ocrbench'
  | 'docvqa'
  | 'infovqa'
  | 'chartqa'
  | 'ccbench'
  | 'realworldqa'
  | 'mme';

export interface TilingSettings {
  mode: TilingMode;
  preset: TilingPreset;
}

export const defaultTiling: TilingSettings = { mode: 'msac', preset: 'demo' };

/** How an image becomes tiles, known from its size alone. */
export interface TilePlan {
  /** The first tiles: the grid of details. [1, 1] without one. */
  detailed: Grid;
  /** Mini-Monkey's second grid; [1, 1] means that there is none. */
  adaptive: Grid;
  /** Tiles in all, the overview included. */
  tiles: number;
}

/** What a model was shown of one image. */
export interface ImageUse extends TilePlan {
  id: string;
  /** Prompt positions before compression. */
  visualTokens: number;
  /** Prompt positions after it; the same where nothing was dropped. */
  keptTokens: number;
  /** The features were still there from an earlier question. */
  cached: boolean;
}

export interface VisionUse {
  images: ImageUse[];
  /** From bytes to tiles. */
  decodeMs: number;
  /** From tiles to features. */
  encodeMs: number;
  compressed: boolean;
  /** A tile's side in pixels. Missing in what earlier versions stored. */
  tileSize?: number;
}

/** The image half of a model that has one. */
export interface VisionInfo {
  name: string;
  parameterCount: number;
  /** Side of a tile in pixels. */
  tileSize: number;
  tokensPerTile: number;
  fileBytes: number;
  tensorTypes: string[];
}

export interface SamplingSettings {
  /** 0 is greedy: the most likely token every time, ties to the lowest id. */
  temperature: number;
  /** Keep the k most likely tokens; 0 keeps all. */
  topK: number;
  /** Keep the smallest set whose probability reaches p; 1 keeps all. */
  topP: number;
  /** Drop tokens less likely than this fraction of the most likely one; 0 keeps all. */
  minP: number;
  /** Divide (or multiply, when negative) the logits of tokens seen recently; 1 does nothing. */
  repetitionPenalty: number;
  /** Same seed, same model, same device: same answer. */
  seed: number;
}

export const greedySampling: SamplingSettings = {
  temperature: 0,
  topK: 0,
  topP: 1,
  minP: 0,
  repetitionPenalty: 1,
  seed: 0,
};

/** A question with what came before it, and how to answer. */
export interface AnswerRequest {
  template: TemplateId;
  /** Whether earlier turns are part of the prompt (models trained on single questions: false). */
  includeHistory: boolean;
  system?: string;
  /** Alternating, oldest first, the last one from the user. */
  messages: ChatMessage[];
  sampling: SamplingSettings;
  maxTokens: number;
  stopStrings?: string[];
  /** An answer that was cut off and is to go on; `maxTokens` then counts what comes after it. */
  begun?: BegunAnswer;
  /** Drop the half of each image's detailed tokens that the model attends to least (Mini-Monkey's scale compression). */
  compressImages?: boolean;
}

/** What was written of an answer before it was cut off. */
export interface BegunAnswer {
  text: string;
  /** The tokens it was made of: with them the answer goes on exactly. Those of another model are noticed and not used. */
  tokenIds: number[];
}

/** Why an answer ended. */
export type StopReason = 'end' | 'stop-string' | 'max-tokens' | 'context-full' | 'aborted';

export interface Usage {
  promptTokens: number;
  /** Prompt tokens that were still in the KV cache from the turn before. */
  cachedTokens: number;
  generatedTokens: number;
  prefillMs: number;
  timeToFirstTokenMs: number;
  decodeMs: number;
  /** Decode speed over the tokens after the first; 0 when fewer than two were generated. */
  tokensPerSecond: number;
}

export interface DeviceReport {
  /** E.g. "nvidia ada-lovelace" or "SwiftShader"; browsers may hide it. */
  adapter: string;
  isSoftware: boolean;
  shaderF16: boolean;
  subgroups: boolean;
  maxBufferBytes: number;
  maxBindingBytes: number;
  /** What else the browser tells of it. */
  details?: AdapterDetails;
}

/** Empty strings where the browser keeps it to itself. */
export interface AdapterDetails {
  vendor: string;
  architecture: string;
  description: string;
  /** Invocations of a subgroup, from and to; null where there are none or the browser does not say. */
  subgroupSizes: readonly [number, number] | null;
  timestampQuery: boolean;
  /** Of one workgroup. */
  maxSharedBytes: number;
  maxInvocations: number;
}

/** What a kernel computed on this device beside its scalar twin, and how long it took. */
export interface KernelRow {
  group: 'products' | 'language' | 'attention' | 'vision';
  kernel: string;
  /** The form that was tested, e.g. "8-bit cache, heads 16 to 8, width 128"; empty where there is one. */
  form: string;
  /** Of how the kernel was built: "for a processor", "with subgroups", "without subgroups". */
  build: string;
  /** `not-compiled`: the driver refused it. `no-room`: the device had no memory left to try it. */
  outcome: 'passed' | 'wrong' | 'not-compiled' | 'no-room';
  /** Of the number that was furthest off for what it may be off; null where nothing was computed or it is not a number. */
  largestError: number | null;
  bound: number | null;
  /** Median of a few launches; null where it was not timed. */
  ms: number | null;
  GBps: number | null;
  gflops: number | null;
  /** The size that was timed, where it is a model's and not that of the small problem. */
  timedOn: string;
  /** The driver's words, where there are any. */
  cause: string;
}

/** `model`: what the loaded model uses. `all`: every kernel in every form. */
export type DeviceTestScope = 'model' | 'all';

export interface DeviceTestReport {
  device: DeviceReport;
  scope: DeviceTestScope;
  rows: KernelRow[];
  /** By the GPU's clock, or by the browser's with launch and waiting in it. */
  clock: 'timestamp-query' | 'submit-to-done';
  /** Memory that could be allocated at once, what the loaded model holds included; null where that was not tried. */
  memory: { wantedBytes: number; foundBytes: number } | null;
}

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
  precision: Precision;
  /** Tokens that the conversation's memory has room for; fewer than were asked for where the device's limits are in the way. */
  contextTokens: number;
  wantedContextTokens: number;
  largest: LargestPiece;
}

export interface ModelInfo {
  name: string;
  architecture: string;
  parameterCount: number;
  contextTokens: number;
  fileBytes: number;
  /** Bytes of GPU memory this model holds: weights, KV cache, activations. */
  deviceBytes: number;
  /** What it was to hold. */
  plan: ModelPlan;
  precision: Precision;
  /** Block formats in the file, most common first, e.g. ["Q4_K", "Q6_K", "F32"]. */
  tensorTypes: string[];
  /** Tensors stored on the GPU in another, at least as precise format, e.g. "Q5_K as 8-bit affine". */
  repacked: string[];
  /** The GPU variant in use, e.g. "subgroups, 8-bit KV cache". */
  variant: string;
  /** Absent where the model reads text alone. */
  vision?: VisionInfo;
}

/**
 * In this order. The self-test runs beside the upload, so that it is named only where it takes longer; without it there is
 * no model.
 */
export type LoadPhase =
  | 'device'
  | 'download'
  | 'verify'
  | 'header'
  | 'allocate'
  | 'upload'
  | 'self-test'
  | 'prepare';

export interface LoadProgress {
  phase: LoadPhase;
  /** Bytes (download, verify, upload) or steps (allocate, self-test, prepare) done and in all; total 0 when unknown. */
  done: number;
  total: number;
  /** True while bytes come from this machine's own store, not from the network. */
  fromStore: boolean;
}

/** A question that is not sent yet. */
export interface QuestionText {
  template: TemplateId;
  system?: string | undefined;
  text: string;
}

/** How much of a model's limit it takes. */
export interface QuestionMeasure {
  tokens: number;
  /** False where only a part of a very long text was counted. */
  isExact: boolean;
  contextTokens: number;
}
