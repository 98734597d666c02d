import keyScoresShader from '../../../shaders/attention/key-scores.wgsl?raw';
import reduceShader from '../../../shaders/attention/key-scores-reduce.wgsl?raw';
import type { EngineDevice } from '../device/device.ts';
import type { Binding, Dispatch } from '../device/dispatch.ts';
import type { KernelSpec } from '../device/kernel-spec.ts';
import type { DeviceBuffer } from '../device/memory.ts';
import { type AttentionShape, cachedHeads, type LayerCache } from './attention.ts';
import { arrayShape, uniformShape } from './buffer-shape.ts';
import { pagePositions } from './cache-format.ts';
import { composeKernel } from './compose.ts';

/** QUERIES of the shaders. */
export const keyScoreQueries = 16;

export function keyScoresSpecs(shape: AttentionShape): [KernelSpec, KernelSpec] {
  const partial: KernelSpec = {
    kernel: 'key-scores',
    form: cachedHeads(shape),
    label: `key-scores ${shape.cache}`,
    code: composeKernel([keyScoresShader], { cache: shape.cache }),
    entryPoint: 'key_scores',
    constants: {
      HEADS: shape.heads,
      KV_HEADS: shape.kvHeads,
      HEAD_DIM: shape.headDim,
      PAGE: pagePositions,
    },
  };
  const reduce: KernelSpec = {
    kernel: 'key-scores-reduce',
    form: { heads: shape.heads },
    label: 'key-scores-reduce',
    code: reduceShader,
    entryPoint: 'key_scores_reduce',
    constants: { HEADS: shape.heads },
  };
  return [partial, reduce];
}

/** What scoring blocks of up to `maxBlock` keys takes, in steps of up to `maxTokens`. */
export function keyScoreShapes({ heads }: AttentionShape, maxTokens: number, maxBlock: number) {
  return {
    scores: arrayShape('key scores', maxBlock), //    [maxBlock] f32
    block: uniformShape('scored block', 3), //        (firstQuery, blockStart, blockCount) u32
    partials: arrayShape('key score partials', Math.ceil(maxTokens / keyScoreQueries) * heads * maxBlock), // [ceil(maxTokens / 16), heads, maxBlock] f32
  };
}

/**
 * scores[j] += the attention probability of key `blockStart + j`, summed over heads and over the step's queries at
 * `firstQuery` and after; j < blockCount. A step without such queries leaves the scores as they are.
 * (Mini-Monkey's scale compression: Huang et al. 2024, "Mini-Monkey: Alleviating the Semantic Sawtooth Effect".)
 *
 * q: [tokens, heads, headDim] f32, already rotated; the cache holds the step's own keys too. `block`: uniform
 * (firstQuery, blockStart, blockCount) u32, absolute positions. scores: [maxBlock] f32, zeroed by the host before the
 * first step; its size sets the largest blockCount. All three as `keyScoreShapes` says.
 */
export async function createKeyScores(
  device: EngineDevice,
  shape: AttentionShape,
  buffers: {
    q: Binding;
    pages: DeviceBuffer;
    partials: DeviceBuffer;
    scores: DeviceBuffer;
    block: DeviceBuffer;
  },
  cache: LayerCache,
  state: DeviceBuffer,
): Promise<Dispatch[]> {
  const { q, pages, partials, scores, block } = buffers;
  const [partial, reduce] = keyScoresSpecs(shape);
  const maxBlock = scores.size / 4;
  return [
    await device.createDispatch(
      partial,
      { 1: q, 2: cache.keys, 4: pages, 5: partials, 7: state, 8: block },
      step => [shape.heads, Math.ceil(step.tokens / keyScoreQueries)],
    ),
    await device.createDispatch(reduce, { 1: partials, 2: scores, 7: state, 8: block }, [
      Math.ceil(maxBlock / 64),
    ]),
  ];
}
