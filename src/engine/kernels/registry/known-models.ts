import type { GgmlTypeName } from '../../quant/block-formats.ts';
import { placements } from '../../quant/gpu-formats.ts';
import { type Precision, precisions } from '../../types/precision.ts';
import type { AttentionShape } from '../attention.ts';
import type { EncoderAttentionShape } from '../encoder-attention.ts';
import type { KernelNeeds } from './kernel-entry.ts';

export type Heads = Pick<AttentionShape, 'heads' | 'kvHeads' | 'headDim' | 'ropeDimensions' | 'window'>;

/** Of PMC-LLaMA-13B and of InternLM2-1.8B, which is Mini-Monkey's language half. */
const knownHeads: readonly Heads[] = [
  { heads: 40, kvHeads: 40, headDim: 128, ropeDimensions: 128 },
  { heads: 16, kvHeads: 8, headDim: 128, ropeDimensions: 128 },
];

/** Keys that more heads share: decode attention takes four of them at once, or, where they are five, one. */
const otherHeads: readonly Heads[] = [
  { heads: 40, kvHeads: 10, headDim: 128, ropeDimensions: 128 },
  { heads: 40, kvHeads: 8, headDim: 128, ropeDimensions: 128 },
];

/** Of Gemma 3 with 4 billion weights, whose layers mostly see a window, and of Qwen 3 with as many. */
const modernHeads: readonly Heads[] = [
  { heads: 8, kvHeads: 4, headDim: 256, ropeDimensions: 256 },
  { heads: 8, kvHeads: 4, headDim: 256, ropeDimensions: 256, window: 1024 },
  { heads: 32, kvHeads: 8, headDim: 128, ropeDimensions: 128 },
];

/** InternViT-300M: 32 x 32 patches and the class token. */
const knownEncoder: EncoderAttentionShape = { heads: 16, headDim: 64, positions: 1025 };

/** As in a conversation of 2048 tokens. */
const pages = 32;

const allTypes = Object.keys(placements) as GgmlTypeName[];

/** What the known models need, in these formats of their matrices and of their caches. */
export function needsOfKnownModels(
  caches: readonly Precision[],
  types: readonly GgmlTypeName[] = allTypes,
  heads: readonly Heads[] = knownHeads,
): KernelNeeds {
  const attention = heads.flatMap(each => caches.map(cache => ({ ...each, pages, cache })));
  return {
    text: { types, embeddings: types, attention, parts: { qkvBias: true, headNorms: true, gelu: true } },
    vision: {
      kinds: ['intern-vit', 'siglip'],
      types,
      encoders: [knownEncoder],
      scored: attention.filter(({ headDim }) => headDim <= 128),
    },
  };
}

/** Everything that can be compiled differently. */
export function allNeeds(): KernelNeeds {
  return needsOfKnownModels(precisions, allTypes, [...knownHeads, ...otherHeads, ...modernHeads]);
}
