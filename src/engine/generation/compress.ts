import { abortedError } from '../errors.ts';
import type { LanguageModel } from '../models/language-model.ts';
import { featureRuns, type PlacedImage, type Prompt } from './prompt.ts';

/** The part of an image's detailed tokens that is kept. */
const keepRatio = 0.5;

export interface CompressOptions {
  signal?: AbortSignal;
  /** Prompt tokens scored so far and in all. */
  onProgress?: (done: number, total: number) => void;
  /** The reference drops one token more, the first after the detailed ones. For comparison with it. */
  dropsOneMore?: boolean;
}

/** How many tokens of an image are left. */
export function keptCount(tokens: number, detailedTokens: number): number {
  return tokens - detailedTokens + Math.floor(detailedTokens * keepRatio);
}

/**
 * Mini-Monkey's scale compression (Huang et al. 2024, section 3.3): of an image's detailed tokens, the half that everything
 * after them attends to most in decoder layer 1. Their embeddings then go through the model from layer 0 as if the others
 * had never been there.
 * @param prompt ends with the question; the image is whole in it
 * @returns rows of the image's features to keep, ascending
 */
export async function chooseRows(
  model: LanguageModel,
  prompt: Prompt,
  image: PlacedImage,
  { signal, onProgress, dropsOneMore = false }: CompressOptions = {},
): Promise<Uint32Array> {
  const { detailedTokens } = image.features;
  const total = prompt.ids.length;
  const scorer = model.keyScorer;
  if (!scorer || detailedTokens < 2 || detailedTokens > scorer.maxBlock) return image.rows;

  const block = {
    firstQuery: image.first + detailedTokens,
    blockStart: image.first,
    blockCount: detailedTokens,
  };
  // Every query must be seen, also those whose keys are still in the cache.
  const start = Math.min(model.cache.sharedPrefix(prompt.keys), block.firstQuery);
  model.cache.truncate(start);
  scorer.begin(block);
  for (let at = start; at < total; at += model.chunkTokens) {
    if (signal?.aborted) throw abortedError();
    onProgress?.(at - start, total - start);
    const chunk = prompt.ids.slice(at, at + model.chunkTokens);
    model.submitScoring(chunk, at, featureRuns(prompt, at, chunk.length));
    await model.settle();
  }
  onProgress?.(total - start, total - start);
  if (signal?.aborted) throw abortedError();
  const kept = largest(await scorer.read(detailedTokens), Math.floor(detailedTokens * keepRatio));
  const rest = detailedTokens + Number(dropsOneMore);
  return Uint32Array.from([...kept, ...image.rows.subarray(rest)]);
}

/** Indices of the `count` largest scores, ascending; of equal scores the earlier one. */
export function largest(scores: Float32Array, count: number): number[] {
  return Array.from(scores.keys())
    .sort((a, b) => scores[b]! - scores[a]! || a - b)
    .slice(0, count)
    .sort((a, b) => a - b);
}
