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
import { gatherRun } from './embed/gather';
import { matmulChunks, matmulRun } from './linear/matmul';
import { matvecBegin, matvecChunks, matvecRun } from './linear/matvec';
import { packChunks, packRun } from './linear/pack-activations';
import { siluMulRun } from './linear/silu-mul';
import { halfNormRun } from './norm/half-norm';
import { layerNormRun } from './norm/layer-norm';
import { rmsNormChunks, rmsNormRun } from './norm/rms-norm';
import { constant, kernelOf, stepTokens } from './record';
import { argmaxRun } from './sample/argmax';
import { topKChunks, topKRun } from './sample/top-k';
import { patchesRun } from './vision/patches';
import { pixelShuffleRun } from './vision/pixel-shuffle';
import { positionsRun } from './vision/positions';

// What the host reads here instead of repeating it: the numbers of records, kernels and forms.
export { PACKED_BINDING, RECORD_BINDINGS, RECORD_BYTES, RECORD_CONSTANTS } from './record';
export {
  FORMAT_AFFINE8,
  FORMAT_AFFINE8_16,
  FORMAT_F16,
  FORMAT_F32,
  FORMAT_Q4_0,
  FORMAT_Q4_K,
  FORMAT_Q6_K,
  FORMAT_Q8_0,
} from './linear/formats/formats';
export { MATVEC_ADD, MATVEC_ADD_NORM, MATVEC_STORE, matvecScratch } from './linear/matvec';
export {
  MATMUL_ADD,
  MATMUL_BIAS,
  MATMUL_BIAS_GELU,
  MATMUL_BIAS_SCALE_ADD,
  MATMUL_STORE,
} from './linear/matmul';
export { BLOCK_TOKENS } from './linear/pack-activations';
export { CACHE_F32, CACHE_Q8 } from './attention/cache';
export { ATTENTION_SCRATCH, MOST_DIMENSIONS } from './attention/scratch';
export { CONTROL_BYTES, submit, SUBMITTED, SUBMITTED_LIST, walk } from './threads';

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
export const ARGMAX: i32 = 15;
export const TOP_K: i32 = 16;
export const PATCHES: i32 = 17;
export const POSITIONS: i32 = 18;
export const PIXEL_SHUFFLE: i32 = 19;

/** Chunks of a launch; `tokens`: of the step, for kernels without a state. */
export function chunksOf(record: usize, tokens: i32): i32 {
  switch (kernelOf(record)) {
    case MATVEC:
      return matvecChunks(record);
    case PACK_ACTIVATIONS:
      return packChunks(record);
    case MATMUL:
      return matmulChunks(record);
    case GATHER:
    case SILU_MUL:
      return tokens;
    case HALF_NORM:
    case ARGMAX:
      return 1;
    case RMS_NORM:
      return rmsNormChunks(record);
    case LAYER_NORM:
    case ROPE_APPEND:
    case PATCHES:
    case POSITIONS:
    case PIXEL_SHUFFLE:
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
    case TOP_K:
      return topKChunks(record);
    default:
      return unreachable();
  }
}

/** What a thread does once, before its first chunk of a launch. */
export function begin(record: usize, scratch: usize): void {
  if (kernelOf(record) == MATVEC) matvecBegin(record, scratch);
}

/** Computes `count` chunks from `first` on. */
export function run(record: usize, scratch: usize, first: i32, count: i32): void {
  switch (kernelOf(record)) {
    case MATVEC:
      return matvecRun(record, scratch, first, count);
    case PACK_ACTIVATIONS:
      return packRun(record, first, count);
    case MATMUL:
      return matmulRun(record, scratch, first, count);
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
    case ARGMAX:
      return argmaxRun(record);
    case TOP_K:
      return topKRun(record, scratch, first, count);
    case PATCHES:
      return patchesRun(record, first, count);
    case POSITIONS:
      return positionsRun(record, first, count);
    case PIXEL_SHUFFLE:
      return pixelShuffleRun(record, first, count);
    default:
      unreachable();
  }
}
