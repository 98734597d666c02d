import { type LlamaSizes, llamaWork } from '../../engine/models/llama/llama-work.ts';
import type { ModelShape } from '../../engine/types/model-identity.ts';
import type { ModelWork } from '../../engine/types/model-work.ts';
import type { CatalogueEntry } from './catalogue.ts';
import { bytesOfEntry } from './entry-files.ts';

/** Of a file in Q4_K_M, the format that most are published in: about 4.85 bits a weight. */
const usualBytesPerWeight = 4.85 / 8;

/**
 * About what a model computes whose headers were not read: by the sizes that are stated of it, by its parameters, or where
 * neither is known by the size of its files. Without the work of its image half.
 */
export function workOfEntry(entry: CatalogueEntry): ModelWork {
  const { states, identity } = entry;
  const known = identity ?? states;
  const sizes = known && sizesOf(known.shape, known.vocabulary?.pieces, states?.headDim);
  const bytes = bytesOfEntry(languageHalf(entry));
  const weights = known?.parameterCount ?? bytes / usualBytesPerWeight;
  const bytesPerWeight = bytes / weights;
  if (sizes) return llamaWork(sizes, bytesPerWeight);
  return { layerWeights: weights, headWeights: 0, bytesPerWeight, attention: 0, cached: 0 };
}

/** Without what sees images, for its bytes. */
export function languageHalf({
  vision: _,
  visionIdentity: __,
  expects,
  ...entry
}: CatalogueEntry): CatalogueEntry {
  if (!expects) return entry;
  const { vision: ___, ...expected } = expects;
  return { ...entry, expects: expected };
}

/** Heads are taken to share the width among them where nothing else is known, as almost everywhere. */
function sizesOf(shape: ModelShape, vocabulary: number | undefined, headDim?: number): LlamaSizes | null {
  const { layers, embedding: hidden, feedForward, heads, kvHeads } = shape;
  if (!layers || !hidden || !feedForward || !heads || !kvHeads || !vocabulary) return null;
  return { layers, hidden, feedForward, heads, kvHeads, headDim: headDim ?? hidden / heads, vocabulary };
}
