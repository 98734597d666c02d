import type { MemoryLimits } from '../device/memory.ts';

/** Tokens of a prompt that are read at once, at most: the longest first. */
export const chunkLengths = [512, 256, 128] as const;

export type ChunkTokens = (typeof chunkLengths)[number];

/** What every device does, and a processor hears a stop within. */
const shortest: ChunkTokens = 128;

export function isChunkTokens(tokens: number): tokens is ChunkTokens {
  return chunkLengths.some(each => each === tokens);
}

/**
 * The longest that a device reads at once in good time, where there is memory for it; the wish, where there is one.
 * @param least what has to be read at once
 */
export function chunkTokensOf(
  { longChunks }: MemoryLimits,
  wanted?: ChunkTokens,
  least: ChunkTokens = shortest,
): ChunkTokens {
  const chosen = wanted ?? (longChunks ? chunkLengths[0] : shortest);
  return chosen < least ? least : chosen;
}

/** What is tried where there is no room for the longest; a wish alone is no choice. */
export function chunksToTry(
  device: MemoryLimits,
  wanted?: ChunkTokens,
  least: ChunkTokens = shortest,
): readonly ChunkTokens[] {
  const longest = chunkTokensOf(device, wanted, least);
  return wanted === undefined ? chunkLengths.filter(each => each <= longest && each >= least) : [longest];
}

/** The shortest in which so many tokens can be read at once; undefined where none is long enough. */
export function shortestChunkFor(tokens: number): ChunkTokens | undefined {
  return chunkLengths.findLast(each => each >= tokens);
}
