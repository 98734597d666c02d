import type { DeviceReport } from './device.ts';
import type { ModelPlan } from './memory.ts';
import type { ModelIdentity } from './model-identity.ts';
import type { Precision } from './precision.ts';
import type { FileSampling } from './sampling.ts';
import type { TemplateSummary } from './template-summary.ts';
import type { ModelTuning } from './tuning.ts';

/** Image encoders by what they compute: InternVL's, and Gemma 3's. */
export type EncoderKind = 'intern-vit' | 'siglip';

/** The filter with which a picture is brought to another size. */
export type Resampling = 'bicubic' | 'bilinear';

/** The image half of a model that has one. */
export interface VisionInfo {
  name: string;
  parameterCount: number;
  /** Side of a tile in pixels. */
  tileSize: number;
  tokensPerTile: number;
  /** A picture is one tile: how it is cut and compressed is no choice. */
  showsWhole?: boolean;
  /** Images may stand among the words of a question: see image-marks.ts. */
  isAmongText?: boolean;
  fileBytes: number;
  tensorTypes: string[];
}

export interface ModelInfo {
  /** Its identity's. */
  name: string;
  /** What its file says; of a model of two files, that of its language half. */
  identity: ModelIdentity;
  /** How its file recommends to choose words, where it does. */
  sampling?: FileSampling;
  architecture: string;
  parameterCount: number;
  contextTokens: number;
  fileBytes: number;
  /** What computes it. */
  device: DeviceReport;
  /** Bytes of the device's memory that this model holds: weights, KV cache, activations. */
  deviceBytes: number;
  /** What it was to hold. */
  plan: ModelPlan;
  precision: Precision;
  /** Block formats in the file, most common first, e.g. ["Q4_K", "Q6_K", "F32"]. */
  tensorTypes: string[];
  /** The kernels in use, e.g. "subgroups, 8-bit KV cache". */
  variant: string;
  /** The forms of its kernels, where it was loaded so that they are chosen. */
  tuning?: ModelTuning;
  /** The chat template that its file brings. */
  template?: TemplateSummary;
  /** Absent where the model reads text alone. */
  vision?: VisionInfo;
}
