import f16Shader from '../../../shaders/attention/cache/f16.wgsl?raw';
import f16AppendShader from '../../../shaders/attention/cache/f16-append.wgsl?raw';
import f16LayoutShader from '../../../shaders/attention/cache/f16-layout.wgsl?raw';
import f32Shader from '../../../shaders/attention/cache/f32.wgsl?raw';
import f32AppendShader from '../../../shaders/attention/cache/f32-append.wgsl?raw';
import q4Shader from '../../../shaders/attention/cache/q4.wgsl?raw';
import q4AppendShader from '../../../shaders/attention/cache/q4-append.wgsl?raw';
import q8Shader from '../../../shaders/attention/cache/q8.wgsl?raw';
import q8AppendShader from '../../../shaders/attention/cache/q8-append.wgsl?raw';
import type { Precision } from '../types/precision.ts';

/** Positions a page of the KV cache holds. */
export const pagePositions = 64;

/** The WGSL through which kernels read a cache, and that through which rope-append writes it. */
export const cacheShaders: Readonly<Record<Precision, { read: string; append: string }>> = {
  f32: { read: f32Shader, append: f32Shader + f32AppendShader },
  // Written by halves of what is read at once: the two are other types of the same bytes.
  f16: { read: f16LayoutShader + f16Shader, append: f16LayoutShader + f16AppendShader },
  q8: { read: q8Shader, append: q8Shader + q8AppendShader },
  q4: { read: q4Shader, append: q4Shader + q4AppendShader },
};

/** What a kernel reads at once: words of a head, and quads of four dimensions that a word holds. */
export function cacheWords({ headDim, cache }: { headDim: number; cache: Precision }): {
  words: number;
  quads: number;
} {
  return cache === 'f16' || cache === 'q4'
    ? { words: Math.ceil(headDim / 8), quads: 2 }
    : { words: headDim / 4, quads: 1 };
}

/** Bytes of the keys of one layer, and as many again of its values. The layouts: shaders/attention/cache. */
export function cacheBytes(shape: {
  pages: number;
  kvHeads: number;
  headDim: number;
  cache: Precision;
}): number {
  const { pages, kvHeads, headDim, cache } = shape;
  const vector = {
    f32: 4 * headDim,
    f16: 16 * Math.ceil(headDim / 8),
    q8: headDim + 4 * Math.ceil(headDim / 64),
    q4: 4 * Math.ceil(headDim / 8) + 4 * Math.ceil(headDim / 32),
  }[cache];
  return pages * pagePositions * kvHeads * vector;
}
