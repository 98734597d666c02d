import type { ActivationBits, DeviceKind } from './device-choice.ts';

/** Of a graphics device of which the browser keeps everything to itself. */
export const unnamedAdapter = 'unnamed graphics device';

export interface DeviceReport {
  kind: DeviceKind;
  /** E.g. "nvidia ada-lovelace" or "SwiftShader"; browsers may hide it. */
  adapter: string;
  /** Computes on the machine's processor: one itself, or one that passes for a GPU. */
  isSoftware: boolean;
  shaderF16: boolean;
  subgroups: boolean;
  maxBufferBytes: number;
  maxBindingBytes: number;
  /** As `MemoryLimits` says. */
  interleavesRows?: boolean;
  longChunks?: boolean;
  /** What else the browser tells of it. */
  details?: AdapterDetails;
  /** Of a processor. */
  processor?: ProcessorFacts;
}

export interface ProcessorFacts {
  threads: number;
  /** Why only one thread computes; absent where more would not have been faster. */
  oneThreadBecause?: 'page-not-isolated' | 'helpers-not-started';
  /** Multiply-add that rounds once. */
  hasRelaxedSimd: boolean;
  activationBits: ActivationBits;
  /** Measured when the device was opened, with these threads. */
  rates: ProcessorRates;
}

export interface ProcessorRates {
  /** Weights that meet one token's activations: what an answer goes by. */
  weightsPerSecond: number;
  /** Multiply-adds of products with many tokens: what a prompt and an image go by. */
  multiplyAddsPerSecond: number;
}

/** Of WebGPU: `compatibility` promises less, for OpenGL ES 3.1 and Direct3D 11. */
export type FeatureLevel = 'core' | 'compatibility';

/** Empty strings where the browser keeps it to itself. */
export interface AdapterDetails {
  level: FeatureLevel;
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
