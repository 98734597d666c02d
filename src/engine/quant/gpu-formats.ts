/**
 * How quantised matrices lie on the GPU: in planes, each an array of one kind of number, so that every load is aligned
 * and a row never straddles a binding. See shaders/linear/formats/<shader>.wgsl for what each plane holds.
 */
import {
  repackAsF16,
  repackAsF32,
  repackBf16AsF32,
  repackQ4K,
  repackQ6K,
  repackQ40,
  repackQ80,
} from './repack.ts';
import {
  repackIq4NlAsQ80,
  repackIq4XsAsAffine8,
  repackQ2KAsAffine8,
  repackQ3KAsQ6K,
  repackQ5KAsAffine8,
  repackQ41AsAffine8,
  repackQ50AsQ80,
  repackQ51AsAffine8,
} from './repack-lossless.ts';

export type GpuFormatName = 'f32' | 'f16' | 'q4_0' | 'q8_0' | 'q4_k' | 'q6_k' | 'affine8' | 'affine8-16';

export interface GpuFormat {
  name: GpuFormatName;
  /** Basename of this format's shader files. */
  shader: string;
  /** Override constants of those files. */
  constants: Record<string, number>;
  /** Weights that one call of the shader's dot_unit consumes; rows are whole units. */
  unit: 32 | 64;
  /** Bytes of each plane for `weights` consecutive weights of a row (a multiple of the block length). */
  planeBytes(weights: number): number[];
  describe: string;
}

const half = (blocks: number) => 2 * blocks;

export const gpuFormats: Record<GpuFormatName, GpuFormat> = {
  f32: { name: 'f32', shader: 'f32', constants: {}, unit: 32, planeBytes: n => [4 * n], describe: 'F32' },
  f16: { name: 'f16', shader: 'f16', constants: {}, unit: 32, planeBytes: n => [2 * n], describe: 'F16' },
  q4_0: {
    name: 'q4_0',
    shader: 'q4_0',
    constants: {},
    unit: 32,
    planeBytes: n => [n / 2, half(n / 32)],
    describe: 'Q4_0',
  },
  q8_0: {
    name: 'q8_0',
    shader: 'q8_0',
    constants: {},
    unit: 32,
    planeBytes: n => [n, half(n / 32)],
    describe: 'Q8_0',
  },
  q4_k: {
    name: 'q4_k',
    shader: 'q4_k',
    constants: {},
    unit: 64,
    planeBytes: n => [n / 2, n / 16],
    describe: 'Q4_K',
  },
  q6_k: {
    name: 'q6_k',
    shader: 'q6_k',
    constants: {},
    unit: 64,
    planeBytes: n => [n / 2, n / 4, n / 16, half(n / 256)],
    describe: 'Q6_K',
  },
  affine8: {
    name: 'affine8',
    shader: 'affine8',
    constants: { AFFINE_GROUP: 32 },
    unit: 32,
    planeBytes: n => [n, n / 4],
    describe: '8-bit affine (groups of 32)',
  },
  'affine8-16': {
    name: 'affine8-16',
    shader: 'affine8',
    constants: { AFFINE_GROUP: 16 },
    unit: 32,
    planeBytes: n => [n, n / 2],
    describe: '8-bit affine (groups of 16)',
  },
};

/**
 * Rewrites `rows` rows of a file's block format into planes.
 * `source`: rows * columns weights as in the file. `planes[i]`: rows * planeBytes(paddedColumns)[i] bytes, zeroed.
 */
export type Repack = (source: Uint8Array, rows: number, columns: number, planes: Uint8Array[]) => void;

export interface Placement {
  format: GpuFormat;
  repack: Repack;
  /** Whether the GPU holds another format than the file: said in the model info. */
  repacked: boolean;
}

const native = (format: GpuFormat, repack: Repack): Placement => ({ format, repack, repacked: false });
const changed = (format: GpuFormat, repack: Repack): Placement => ({ format, repack, repacked: true });

/** Where each ggml type goes. Every change of format is exact: no weight is rounded. Keys are ggml type names. */
export const placements: Record<string, Placement> = {
  F32: native(gpuFormats.f32, repackAsF32),
  F16: native(gpuFormats.f16, repackAsF16),
  Q4_0: native(gpuFormats.q4_0, repackQ40),
  Q8_0: native(gpuFormats.q8_0, repackQ80),
  Q4_K: native(gpuFormats.q4_k, repackQ4K),
  Q6_K: native(gpuFormats.q6_k, repackQ6K),
  BF16: changed(gpuFormats.f32, repackBf16AsF32),
  Q4_1: changed(gpuFormats.affine8, repackQ41AsAffine8),
  Q5_0: changed(gpuFormats.q8_0, repackQ50AsQ80),
  Q5_1: changed(gpuFormats.affine8, repackQ51AsAffine8),
  Q2_K: changed(gpuFormats['affine8-16'], repackQ2KAsAffine8),
  Q3_K: changed(gpuFormats.q6_k, repackQ3KAsQ6K),
  Q5_K: changed(gpuFormats.affine8, repackQ5KAsAffine8),
  IQ4_NL: changed(gpuFormats.q8_0, repackIq4NlAsQ80),
  IQ4_XS: changed(gpuFormats.affine8, repackIq4XsAsAffine8),
};

/** Columns on the GPU: rows of F32, F16 and BF16 are padded with zeros to whole units; quantised rows are whole. */
export function paddedColumns(columns: number): number {
  return Math.ceil(columns / 32) * 32;
}
