// The kernels of the processor, and how threads go through launches. README.md has the rules; record.ts says what a launch is.
//
// A kernel has up to three functions: into how many chunks a launch falls, which every thread works out alike from the record
// and from what lies in memory; what a thread prepares in its own scratch before its first chunk; and the chunks.
import { ATTENTION_SCRATCH } from './attention/scratch';
import { decodeChunks, decodeRun, reduceRun } from './attention/decode';
import { encoderChunks, encoderRun } from './attention/encoder';
import { keyScoresChunks, keyScoresRun, reduceScoresChunks, reduceScoresRun } from './attention/key-scores';
import { prefillChunks, prefillRun } from './attention/prefill';
import { ropeAppendRun } from './attention/rope-append';
import { copyChunks, copyRun } from './bench/copy';
import { multiplyAddChunks, multiplyAddRun } from './bench/multiply-add';
import { gatherRun } from './embed/gather';
import { addBiasRun } from './linear/add-bias';
import { geluMulRun } from './linear/gelu-mul';
import { matmulChunks, matmulRun } from './linear/matmul';
import { matvecBegin, matvecChunks, matvecRun } from './linear/matvec';
import { packChunks, packRun } from './linear/pack-activations';
import { roundedMatmulChunks, roundedMatmulRun } from './linear/rounded/matmul';
import { roundedMatvecBegin, roundedMatvecRun } from './linear/rounded/matvec';
import { packRoundedChunks, packRoundedRun } from './linear/rounded/pack';
import { siluMulRun } from './linear/silu-mul';
import { headNormRun } from './norm/head-norm';
import { halfNormRun } from './norm/half-norm';
import { layerNormRun } from './norm/layer-norm';
import { rmsNormChunks, rmsNormRun } from './norm/rms-norm';
import { constant, kernelOf, stepTokens } from './record';
import { argmaxJoinChunks, argmaxJoinRun, argmaxPartsChunks, argmaxPartsRun } from './sample/argmax';
import { drawChunks, drawRun } from './sample/draw';
import { topKChunks, topKRun } from './sample/top-k';
import { patchPoolRun } from './vision/patch-pool';
import { patchesRun } from './vision/patches';
import { pixelShuffleRun } from './vision/pixel-shuffle';
import { positionsRun } from './vision/positions';

// What the host reads here instead of repeating it: the numbers of records, kernels and forms.
export { PACKED_BINDING, RECORD_BINDINGS, RECORD_BYTES, RECORD_CONSTANTS } from './record';
export {
  FORMAT_BF16,
  FORMAT_F16,
  FORMAT_F32,
  FORMAT_IQ4_NL,
  FORMAT_IQ4_XS,
  FORMAT_Q2_K,
  FORMAT_Q3_K,
  FORMAT_Q4_0,
  FORMAT_Q4_1,
  FORMAT_Q4_K,
  FORMAT_Q5_0,
  FORMAT_Q5_1,
  FORMAT_Q5_K,
  FORMAT_Q6_K,
  FORMAT_Q8_0,
} from './linear/formats/names';
export { MATVEC_ADD, MATVEC_ADD_NORM, MATVEC_STORE, matvecScratch } from './linear/matvec';
export {
  MATMUL_ADD,
  MATMUL_BIAS,
  MATMUL_BIAS_ADD,
  MATMUL_BIAS_GELU,
  MATMUL_BIAS_GELU_TANH,
  MATMUL_BIAS_SCALE_ADD,
  MATMUL_STORE,
} from './linear/matmul';
export { BLOCK_TOKENS } from './linear/pack-activations';
export { CACHE_F16, CACHE_F32, CACHE_Q4, CACHE_Q8 } from './attention/cache';
export { ATTENTION_SCRATCH, MOST_DIMENSIONS } from './attention/scratch';
export { abandon, CONTROL_BYTES, proceed, walk } from './threads';

export const MATVEC: i32 = 0;
export const PACK_ACTIVATIONS: i32 = 1;
export const MATMUL: i32 = 2;
export const GATHER: i32 = 3;
export const HALF_NORM: i32 = 4;
export const RMS_NORM: i32 = 5;
export const LAYER_NORM: i32 = 6;
export const SILU_MUL: i32 = 7;
export const ROPE_APPEND: i32 = 8;
export const ATTENTION_DECODE: i32 = 9;
export const ATTENTION_REDUCE: i32 = 10;
export const ATTENTION_PREFILL: i32 = 11;
export const ATTENTION_ENCODER: i32 = 12;
export const KEY_SCORES: i32 = 13;
export const KEY_SCORES_REDUCE: i32 = 14;
export const ARGMAX_PARTS: i32 = 15;
export const TOP_K: i32 = 16;
export const PATCHES: i32 = 17;
export const POSITIONS: i32 = 18;
export const PIXEL_SHUFFLE: i32 = 19;
export const ROUNDED_MATVEC: i32 = 20;
export const PACK_ROUNDED: i32 = 21;
export const ROUNDED_MATMUL: i32 = 22;
export const BENCH_COPY: i32 = 23;
export const BENCH_MULTIPLY_ADD: i32 = 24;
export const ARGMAX_JOIN: i32 = 25;
export const DRAW: i32 = 26;
export const GELU_MUL: i32 = 27;
export const ADD_BIAS: i32 = 28;
export const HEAD_NORM: i32 = 29;
export const PATCH_POOL: i32 = 30;

/** Chunks of a launch; `tokens`: of the step, for kernels without a state. */
export function chunksOf(record: usize, tokens: i32): i32 {
  switch (kernelOf(record)) {
    case MATVEC:
    case ROUNDED_MATVEC:
      return matvecChunks(record);
    case PACK_ACTIVATIONS:
      return packChunks(record);
    case MATMUL:
      return matmulChunks(record);
    case PACK_ROUNDED:
      return packRoundedChunks(record);
    case ROUNDED_MATMUL:
      return roundedMatmulChunks(record);
    case GATHER:
    case SILU_MUL:
    case GELU_MUL:
      return tokens;
    case HALF_NORM:
      return 1;
    case RMS_NORM:
      return rmsNormChunks(record);
    case LAYER_NORM:
    case HEAD_NORM:
    case ADD_BIAS:
    case ROPE_APPEND:
    case PATCHES:
    case POSITIONS:
    case PIXEL_SHUFFLE:
    case PATCH_POOL:
      return stepTokens(record);
    case ATTENTION_DECODE:
      return decodeChunks(record);
    case ATTENTION_REDUCE:
      return constant(record, 0);
    case ATTENTION_PREFILL:
      return prefillChunks(record);
    case ATTENTION_ENCODER:
      return encoderChunks(record);
    case KEY_SCORES:
      return keyScoresChunks(record);
    case KEY_SCORES_REDUCE:
      return reduceScoresChunks(record);
    case ARGMAX_PARTS:
      return argmaxPartsChunks(record);
    case ARGMAX_JOIN:
      return argmaxJoinChunks(record);
    case TOP_K:
      return topKChunks(record);
    case DRAW:
      return drawChunks(record);
    case BENCH_COPY:
      return copyChunks(record);
    case BENCH_MULTIPLY_ADD:
      return multiplyAddChunks(record);
    default:
      return unreachable();
  }
}

/** What a thread does once, before its first chunk of a launch. */
export function begin(record: usize, scratch: usize): void {
  const kernel = kernelOf(record);
  if (kernel == MATVEC) matvecBegin(record, scratch);
  if (kernel == ROUNDED_MATVEC) roundedMatvecBegin(record, scratch);
}

/** Computes `count` chunks from `first` on. */
export function run(record: usize, scratch: usize, first: i32, count: i32): void {
  switch (kernelOf(record)) {
    case MATVEC:
      return matvecRun(record, scratch, first, count);
    case ROUNDED_MATVEC:
      return roundedMatvecRun(record, scratch, first, count);
    case PACK_ACTIVATIONS:
      return packRun(record, first, count);
    case MATMUL:
      return matmulRun(record, scratch, first, count);
    case PACK_ROUNDED:
      return packRoundedRun(record, first, count);
    case ROUNDED_MATMUL:
      return roundedMatmulRun(record, scratch, first, count);
    case GATHER:
      return gatherRun(record, scratch, first, count);
    case HALF_NORM:
      return halfNormRun(record);
    case RMS_NORM:
      return rmsNormRun(record, first, count);
    case LAYER_NORM:
      return layerNormRun(record, first, count);
    case SILU_MUL:
      return siluMulRun(record, first, count);
    case GELU_MUL:
      return geluMulRun(record, first, count);
    case ADD_BIAS:
      return addBiasRun(record, first, count);
    case HEAD_NORM:
      return headNormRun(record, first, count);
    case ROPE_APPEND:
      return ropeAppendRun(record, scratch, first, count);
    case ATTENTION_DECODE:
      return decodeRun(record, scratch, first, count);
    case ATTENTION_REDUCE:
      return reduceRun(record, first, count);
    case ATTENTION_PREFILL:
      return prefillRun(record, scratch, first, count);
    case ATTENTION_ENCODER:
      return encoderRun(record, scratch, first, count);
    case KEY_SCORES:
      return keyScoresRun(record, scratch, first, count);
    case KEY_SCORES_REDUCE:
      return reduceScoresRun(record, first, count);
    case ARGMAX_PARTS:
      return argmaxPartsRun(record, first, count);
    case ARGMAX_JOIN:
      return argmaxJoinRun(record, first, count);
    case TOP_K:
      return topKRun(record, scratch, first, count);
    case DRAW:
      return drawRun(record, scratch, first, count);
    case PATCHES:
      return patchesRun(record, first, count);
    case POSITIONS:
      return positionsRun(record, first, count);
    case PIXEL_SHUFFLE:
      return pixelShuffleRun(record, first, count);
    case PATCH_POOL:
      return patchPoolRun(record, first, count);
    case BENCH_COPY:
      return copyRun(record, first, count);
    case BENCH_MULTIPLY_ADD:
      return multiplyAddRun(record, first, count);
    default:
      unreachable();
  }
}
