import type { GpuFormatName } from '../quant/gpu-formats.ts';
import type { Precision } from '../types/precision.ts';

interface CachedHeads {
  heads: number;
  kvHeads: number;
  headDim: number;
  /** Positions of a page. */
  page: number;
  cache: Precision;
}

/** Every kernel by its name, with all that its forms differ in, but for what a device builds differently for itself. */
export interface KernelForms {
  matvec: {
    format: GpuFormatName;
    epilogue: 'store' | 'add' | 'add-norm';
    /** x comes half normed. */
    normed: boolean;
    /** silu(gate) * up of two joined matrices. */
    gated: boolean;
  };
  matmul: { format: GpuFormatName; epilogue: 'store' | 'add' | 'bias' | 'bias-gelu' | 'bias-scale-add' };
  gather: { format: GpuFormatName };
  'half-norm': object;
  'rms-norm': { lastToken: boolean };
  'layer-norm': object;
  'silu-mul': object;
  'rope-append': CachedHeads & { ropeDimensions: number };
  /** `pages`: of the cache, and the most splits of the scratch. */
  'attention-decode': CachedHeads & { pages: number };
  'attention-reduce': { heads: number; kvHeads: number; headDim: number; pages: number };
  'attention-prefill': CachedHeads;
  'attention-encoder': { heads: number; headDim: number; positions: number };
  'key-scores': CachedHeads;
  'key-scores-reduce': { heads: number };
  argmax: object;
  /** `count`: candidates that are kept of `sortedAtOnce` each. */
  'top-k': { source: 'logits' | 'candidates'; count: number; sortedAtOnce: number };
  patches: object;
  positions: object;
  'pixel-shuffle': object;
  /** What the benchmark measures a device's own rates with. */
  'bench-copy': object;
  'bench-multiply-add': object;
}

export type KernelName = keyof KernelForms;

/** A kernel and its form: what an implementation without WGSL finds its own by. */
export type NamedKernel = {
  [Name in KernelName]: { readonly kernel: Name; readonly form: Readonly<KernelForms[Name]> };
}[KernelName];

/** The composed WGSL of a kernel in one form on one kind of device, its entry point and its override constants. */
export interface ShaderSource {
  label: string;
  code: string;
  entryPoint: string;
  constants?: Record<string, number>;
}

/** A kernel, fully described. Its code is no name: two devices have different code for the same form. */
export type KernelSpec = NamedKernel & ShaderSource;
