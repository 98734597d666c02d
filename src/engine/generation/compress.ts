import { abortedError } from '../errors.ts';
import type { LanguageModel } from '../models/language-model.ts';
import { type ImageView, keptPart } from '../types/image-views.ts';
import { featureRuns, type PlacedImage, type Prompt } from './prompt.ts';

export interface CompressOptions {
  signal?: AbortSignal;
  /** Prompt tokens scored so far and in all. */
  onProgress?: (done: number, total: number) => void;
  /** The reference drops one token more, the first after the compressed ones. For comparison with it. */
  dropsOneMore?: boolean;
}

/** How many tokens of an image are left. */
export function keptCount(views: readonly ImageView[]): number {
  return views.reduce(
    (sum, { tokens, isCompressible }) => sum + (isCompressible ? Math.floor(tokens * keptPart) : tokens),
    0,
  );
}

/**
 * Mini-Monkey's scale compression (Huang et al. 2024, section 3.3): of a compressible view's tokens, the half that everything
 * after them attends to most in decoder layer 1. Their embeddings then go through the model from layer 0 as if the others
 * had never been there.
 * @param prompt ends with the question; the image is whole in it
 * @returns rows of the image's features to keep, ascending
 */
export async function chooseRows(
  model: LanguageModel,
  prompt: Prompt,
  image: PlacedImage,
  options: CompressOptions = {},
): Promise<Uint32Array> {
  const chosen: number[] = [];
  let first = 0;
  let dropped = 0;
  for (const { tokens, isCompressible } of image.views) {
    const rows = image.rows.subarray(first, first + tokens);
    const best = isCompressible
      ? await mostAttended(model, prompt, image.first + first, tokens, options)
      : undefined;
    chosen.push(...(best ? best.map(index => rows[index]!) : rows.subarray(dropped)));
    dropped = best && options.dropsOneMore ? 1 : 0;
    first += tokens;
  }
  return Uint32Array.from(chosen);
}

/** Of a block of the prompt: indices of the half to keep, ascending. Undefined where it cannot be scored, and stays whole. */
async function mostAttended(
  model: LanguageModel,
  prompt: Prompt,
  blockStart: number,
  blockCount: number,
  { signal, onProgress }: CompressOptions,
): Promise<number[] | undefined> {
  const total = prompt.ids.length;
  const scorer = model.keyScorer;
  if (!scorer || blockCount < 2 || blockCount > scorer.maxBlock) return undefined;

  const firstQuery = blockStart + blockCount;
  // Every query must be seen, also those whose keys are still in the cache.
  const start = model.cache.truncate(Math.min(model.cache.sharedPrefix(prompt.keys), firstQuery));
  scorer.begin({ firstQuery, blockStart, blockCount });
  const runs = (at: number, tokens: number) => featureRuns(prompt, at, tokens);
  const onDone = (until: number) => onProgress?.(until - start, total - start);
  const isScored = await model.scoreKeys({ ...prompt, runs }, start, { signal, onDone });
  if (!isScored || signal?.aborted) throw abortedError();
  onProgress?.(total - start, total - start);
  return largest(await scorer.read(blockCount), Math.floor(blockCount * keptPart));
}

/** Indices of the `count` largest scores, ascending; of equal scores the earlier one. */
export function largest(scores: Float32Array, count: number): number[] {
  return Array.from(scores.keys())
    .sort((a, b) => scores[b]! - scores[a]! || a - b)
    .slice(0, count)
    .sort((a, b) => a - b);
}
