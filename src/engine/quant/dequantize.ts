import { BedsideError } from '../errors.ts';
import { sentence } from '../sentence.ts';
import { dequantizeBF16 } from './bf16.ts';
import { findBlockFormat, GgmlType } from './block-formats.ts';
import { dequantizeF16 } from './f16.ts';
import { dequantizeF32 } from './f32.ts';
import { dequantizeIQ4_NL } from './iq4-nl.ts';
import { dequantizeIQ4_XS } from './iq4-xs.ts';
import { dequantizeQ2_K } from './q2-k.ts';
import { dequantizeQ3_K } from './q3-k.ts';
import { dequantizeQ4_0 } from './q4-0.ts';
import { dequantizeQ4_1 } from './q4-1.ts';
import { dequantizeQ4_K } from './q4-k.ts';
import { dequantizeQ5_0 } from './q5-0.ts';
import { dequantizeQ5_1 } from './q5-1.ts';
import { dequantizeQ5_K } from './q5-k.ts';
import { dequantizeQ6_K } from './q6-k.ts';
import { dequantizeQ8_0 } from './q8-0.ts';

/** Whole blocks in, one float32 a weight out; the caller has checked both lengths. */
export type Dequantize = (bytes: Uint8Array, out: Float32Array) => void;

// A half times a few small integers is exact in float32, so in each of these only the last operation rounds, and
// it rounds where the number is stored into `out`: the result is ggml's bit for bit, with or without fused
// multiply-adds.
const dequantizers: ReadonlyMap<number, Dequantize> = new Map<number, Dequantize>([
  [GgmlType.F32, dequantizeF32],
  [GgmlType.F16, dequantizeF16],
  [GgmlType.BF16, dequantizeBF16],
  [GgmlType.Q4_0, dequantizeQ4_0],
  [GgmlType.Q4_1, dequantizeQ4_1],
  [GgmlType.Q5_0, dequantizeQ5_0],
  [GgmlType.Q5_1, dequantizeQ5_1],
  [GgmlType.Q8_0, dequantizeQ8_0],
  [GgmlType.Q2_K, dequantizeQ2_K],
  [GgmlType.Q3_K, dequantizeQ3_K],
  [GgmlType.Q4_K, dequantizeQ4_K],
  [GgmlType.Q5_K, dequantizeQ5_K],
  [GgmlType.Q6_K, dequantizeQ6_K],
  [GgmlType.IQ4_NL, dequantizeIQ4_NL],
  [GgmlType.IQ4_XS, dequantizeIQ4_XS],
]);

/** Whether tensors of this type can be read as weights at all. */
export function canDequantize(type: number): boolean {
  return dequantizers.has(type);
}

/**
 * The float32 weights of a run of whole blocks, in file order.
 * @param out filled and returned where given; must hold exactly one number a weight
 * @throws BedsideError `unsupported-type` for a format without weights we can read, `invalid-request` where
 *   the lengths do not match
 */
export function dequantizeTensor(type: number, bytes: Uint8Array, out?: Float32Array): Float32Array {
  const format = findBlockFormat(type);
  const dequantize = dequantizers.get(type);
  if (format === undefined || dequantize === undefined) {
    throw new BedsideError(
      'unsupported-type',
      sentence`format-cannot-be-read: Weights in the format ${{ format: format?.name ?? `number ${type}` }} cannot be read.`,
      'Use a copy of the model in Q4_K_M, Q8_0 or F16.',
    );
  }
  const blocks = bytes.length / format.blockBytes;
  const elements = blocks * format.blockElements;
  if (!Number.isInteger(blocks) || (out !== undefined && out.length !== elements)) {
    throw new BedsideError(
      'invalid-request',
      sentence`bytes-do-not-fill-weights: ${{ heldBytes: bytes.length }} bytes of ${{ format: format.name }} do not fill ${{ weights: out?.length ?? 'whole blocks of' }} weights.`,
      'This is a fault in Bedside, not in your model. Please report it.',
    );
  }
  const weights = out ?? new Float32Array(elements);
  dequantize(bytes, weights);
  return weights;
}
