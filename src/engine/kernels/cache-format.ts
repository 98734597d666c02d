import f16Shader from '../../../shaders/attention/cache/f16.wgsl?raw';
import f32Shader from '../../../shaders/attention/cache/f32.wgsl?raw';
import plainAppendShader from '../../../shaders/attention/cache/plain-append.wgsl?raw';
import q8Shader from '../../../shaders/attention/cache/q8.wgsl?raw';
import q8AppendShader from '../../../shaders/attention/cache/q8-append.wgsl?raw';
import type { Precision } from '../types/precision.ts';

/** Positions a page of the KV cache holds. */
export const pagePositions = 64;

/** The WGSL through which kernels read a cache, and the one that rope-append adds to write it. */
export const cacheShaders: Readonly<Record<Precision, { read: string; append: string }>> = {
  f32: { read: f32Shader, append: plainAppendShader },
  f16: { read: f16Shader, append: plainAppendShader },
  q8: { read: q8Shader, append: q8AppendShader },
};

/** Bytes of the keys of one layer, and as many again of its values. The layouts: shaders/attention/cache. */
export function cacheBytes(shape: {
  pages: number;
  kvHeads: number;
  headDim: number;
  cache: Precision;
}): number {
  const { pages, kvHeads, headDim, cache } = shape;
  const vector = { f32: 4 * headDim, f16: 2 * headDim, q8: headDim + 4 * Math.ceil(headDim / 64) }[cache];
  return pages * pagePositions * kvHeads * vector;
}
