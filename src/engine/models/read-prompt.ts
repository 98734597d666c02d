import type { PictureSpan } from './picture-span.ts';
import type { FeatureRun } from './tensors/image-features.ts';

/** What a model reads of a prompt. */
export interface ReadPrompt {
  ids: readonly number[];
  /** What identifies each position in the cache; those that are in it already are not read again. */
  keys: readonly number[];
  /** The rows of images among so many tokens from a position on, which take the place of their embeddings. */
  runs: (start: number, tokens: number) => readonly FeatureRun[];
  /** Pictures whose tokens see each other in both directions, in order: each is a step of its own. */
  pictures?: readonly PictureSpan[] | undefined;
}
