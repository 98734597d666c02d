/**
 * How matrices lie on the GPU: in planes, each an array of one kind of word, so that every load is aligned and a row never
 * straddles a binding. A plane holds bytes of the file as they are, so a matrix takes what its tensor takes. See
 * shaders/linear/formats for what each plane holds.
 */
import {
  repackAsF16,
  repackAsF32,
  repackIq4Xs,
  repackQ2K,
  repackQ3K,
  repackQ4K,
  repackQ5K,
  repackQ6K,
  repackQ40,
  repackQ41,
  repackQ50,
  repackQ51,
  repackQ80,
} from './repack.ts';

export type GpuFormatName =
  | 'f32'
  | 'f16'
  | 'bf16'
  | 'q4_0'
  | 'q4_1'
  | 'q5_0'
  | 'q5_1'
  | 'q8_0'
  | 'q2_k'
  | 'q3_k'
  | 'q4_k'
  | 'q5_k'
  | 'q6_k'
  | 'iq4_nl'
  | 'iq4_xs';

export interface GpuFormat {
  /** Also by which its shader files are found: kernels/linear-formats.ts. */
  name: GpuFormatName;
  /** Override constants of those files. */
  constants: Record<string, number>;
  /** Weights that one call of the shader's dot_unit consumes; rows are whole units. */
  unit: 32 | 64;
  /** Bytes of each plane for `weights` consecutive weights of a row (a multiple of the block length). */
  planeBytes(weights: number): number[];
  /**
   * Bytes of each plane that belong together where rows lie interleaved (`interleaveRows`). Absent where they never do: numbers as
   * they are, whose products are never rounded.
   */
  granules?: readonly (2 | 4)[];
}

/** A plane: so many bytes for so many weights. */
type Plane = readonly [bytes: number, weights: number];

/** In the order of the shader's bindings. */
function ofBlocks(
  name: GpuFormatName,
  unit: 32 | 64,
  planes: readonly Plane[],
  constants: Record<string, number> = {},
): GpuFormat {
  return {
    name,
    constants,
    unit,
    planeBytes: n => planes.map(([bytes, weights]) => (n / weights) * bytes),
    // A lone f16 is all that is no whole word.
    granules: planes.map(([bytes]) => (bytes === 2 ? 2 : 4)),
  };
}

const ofNumbers = (name: GpuFormatName, bytes: number): GpuFormat => ({
  name,
  constants: {},
  unit: 32,
  planeBytes: n => [bytes * n],
});

export const gpuFormats: Readonly<Record<GpuFormatName, GpuFormat>> = {
  f32: ofNumbers('f32', 4),
  f16: ofNumbers('f16', 2),
  bf16: ofNumbers('bf16', 2),
  q4_0: ofBlocks('q4_0', 32, [
    [16, 32],
    [2, 32],
  ]),
  q4_1: ofBlocks('q4_1', 32, [
    [16, 32],
    [4, 32],
  ]),
  q5_0: ofBlocks(
    'q5_0',
    32,
    [
      [16, 32],
      [2, 32],
      [4, 32],
    ],
    { MIDDLE: 16 },
  ),
  q5_1: ofBlocks('q5_1', 32, [
    [16, 32],
    [4, 32],
    [4, 32],
  ]),
  q8_0: ofBlocks('q8_0', 32, [
    [32, 32],
    [2, 32],
  ]),
  q2_k: ofBlocks('q2_k', 64, [
    [64, 256],
    [16, 256],
    [4, 256],
  ]),
  q3_k: ofBlocks('q3_k', 64, [
    [64, 256],
    [32, 256],
    [12, 256],
    [2, 256],
  ]),
  q4_k: ofBlocks('q4_k', 64, [
    [128, 256],
    [16, 256],
  ]),
  q5_k: ofBlocks('q5_k', 64, [
    [128, 256],
    [16, 256],
    [32, 256],
  ]),
  q6_k: ofBlocks('q6_k', 64, [
    [128, 256],
    [64, 256],
    [16, 256],
    [2, 256],
  ]),
  iq4_nl: ofBlocks('iq4_nl', 32, [
    [16, 32],
    [2, 32],
  ]),
  iq4_xs: ofBlocks('iq4_xs', 32, [
    [128, 256],
    [8, 256],
  ]),
};

/**
 * Moves `rows` rows of a file's block format into planes; no byte of it is changed.
 * `source`: rows * columns weights as in the file. `planes[i]`: rows * planeBytes(paddedColumns)[i] bytes, zeroed.
 */
export type Repack = (source: Uint8Array, rows: number, columns: number, planes: Uint8Array[]) => void;

export interface Placement {
  format: GpuFormat;
  repack: Repack;
}

/** Where each ggml type goes. Keys are ggml type names. */
export const placements: Record<string, Placement> = {
  F32: { format: gpuFormats.f32, repack: repackAsF32 },
  F16: { format: gpuFormats.f16, repack: repackAsF16 },
  BF16: { format: gpuFormats.bf16, repack: repackAsF16 },
  Q4_0: { format: gpuFormats.q4_0, repack: repackQ40 },
  Q4_1: { format: gpuFormats.q4_1, repack: repackQ41 },
  Q5_0: { format: gpuFormats.q5_0, repack: repackQ50 },
  Q5_1: { format: gpuFormats.q5_1, repack: repackQ51 },
  Q8_0: { format: gpuFormats.q8_0, repack: repackQ80 },
  Q2_K: { format: gpuFormats.q2_k, repack: repackQ2K },
  Q3_K: { format: gpuFormats.q3_k, repack: repackQ3K },
  Q4_K: { format: gpuFormats.q4_k, repack: repackQ4K },
  Q5_K: { format: gpuFormats.q5_k, repack: repackQ5K },
  Q6_K: { format: gpuFormats.q6_k, repack: repackQ6K },
  IQ4_NL: { format: gpuFormats.iq4_nl, repack: repackQ40 },
  IQ4_XS: { format: gpuFormats.iq4_xs, repack: repackIq4Xs },
};

/** Columns on the GPU: rows of F32, F16 and BF16 are padded with zeros to whole units; quantised rows are whole. */
export function paddedColumns(columns: number): number {
  return Math.ceil(columns / 32) * 32;
}
