import { quantizeBf16 } from '../quant/bf16.ts';
import { quantizeF16 } from '../quant/f16.ts';
import type { GroupSearch } from '../quant/group-search.ts';
import { quantizeQ2_K } from '../quant/q2-k.ts';
import { quantizeQ3_K } from '../quant/q3-k.ts';
import { quantizeQ4_0 } from '../quant/q4-0.ts';
import { quantizeQ4_K } from '../quant/q4-k.ts';
import { quantizeQ5_0 } from '../quant/q5-0.ts';
import { quantizeQ5_1 } from '../quant/q5-1.ts';
import { quantizeQ5_K } from '../quant/q5-k.ts';
import { quantizeQ6_K } from '../quant/q6-k.ts';
import { quantizeQ8_0 } from '../quant/q8-0.ts';
import type { WrittenType } from './choose-type.ts';

/** Weights [rows, columns] as a type's blocks; bytes of their own. The same bytes wherever it is done. */
export type WeightEncoder = (type: WrittenType, weights: Float32Array) => Uint8Array | Promise<Uint8Array>;

const encoders: Record<WrittenType, (weights: Float32Array, search?: GroupSearch) => Uint8Array> = {
  F32: weights => new Uint8Array(weights.slice().buffer),
  F16: quantizeF16,
  BF16: quantizeBf16,
  Q8_0: quantizeQ8_0,
  Q6_K: quantizeQ6_K,
  Q5_K: quantizeQ5_K,
  Q5_1: quantizeQ5_1,
  Q5_0: quantizeQ5_0,
  Q4_K: quantizeQ4_K,
  Q4_0: quantizeQ4_0,
  Q3_K: quantizeQ3_K,
  Q2_K: quantizeQ2_K,
};

/** @param search for the scales of K formats; the scalar one where none is given. Throws where a type cannot store the weights. */
export function encodeWeights(type: WrittenType, weights: Float32Array, search?: GroupSearch): Uint8Array {
  return encoders[type](weights, search);
}

/** The types whose scales are searched for, which is most of the work of a conversion to them. */
export const searchedTypes: ReadonlySet<WrittenType> = new Set(['Q6_K', 'Q5_K', 'Q4_K', 'Q3_K', 'Q2_K']);
