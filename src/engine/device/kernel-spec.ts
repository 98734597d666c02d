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
  matmul: {
    format: GpuFormatName;
    epilogue: 'store' | 'add' | 'bias' | 'bias-gelu' | 'bias-gelu-tanh' | 'bias-scale-add' | 'bias-add';
    /** Of joined matrices: silu(gate) * up, or each to an output of its own. Absent: one output. */
    joined?: 'gated' | 'members';
    /** What a workgroup computes, where that is a choice. */
    tile?: string;
  };
  /** `tokens`: the most that it computes at once. `joined`: as of a matmul. */
  columns: {
    format: GpuFormatName;
    epilogue: 'store' | 'add';
    tokens: 2 | 4 | 8;
    joined?: 'gated' | 'members';
  };
  gather: { format: GpuFormatName };
  'half-norm': object;
  'rms-norm': { lastToken: boolean; adds: boolean };
  'head-norm': { heads: number; kvHeads: number; headDim: number };
  /** Numbers of a token's queries, and of its keys and values each. */
  'add-bias': { q: number; kv: number };
  'layer-norm': object;
  'silu-mul': object;
  'gelu-mul': object;
  'rope-append': CachedHeads & { ropeDimensions: number };
  /** `pages`: of the cache, and the most splits of the scratch. `window`: keys that a position sees, its own included; 0: all. */
  'attention-decode': CachedHeads & { pages: number; window: number };
  'attention-reduce': { heads: number; kvHeads: number; headDim: number; pages: number; window: number };
  /** `tokens`: of the step. */
  'attention-prefill': CachedHeads & { tokens: 'few' | 'many'; window: number };
  'attention-encoder': { heads: number; headDim: number; positions: number };
  'key-scores': CachedHeads;
  'key-scores-reduce': { heads: number };
  /** The best of each part of a row of logits, and then of the row. */
  argmax: { pass: 'parts' | 'join' };
  /** `count`: candidates that are kept of `sortedAtOnce` each. */
  'top-k': { source: 'logits' | 'candidates'; count: number; sortedAtOnce: number };
  /** From `count` candidates. */
  draw: { count: number };
  patches: object;
  positions: object;
  'pixel-shuffle': object;
  'patch-pool': object;
  /** What the benchmark measures a device's own rates with. */
  'bench-copy': object;
  /** What the tuner measures with how fast memory can be read. */
  'bench-read': object;
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
