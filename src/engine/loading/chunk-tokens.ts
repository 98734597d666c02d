import type { MemoryLimits } from '../device/memory.ts';

/** Tokens of a prompt that are read at once, at most: the longest first. */
export const chunkLengths = [512, 256, 128] as const;

export type ChunkTokens = (typeof chunkLengths)[number];

/** What every device does, and a processor hears a stop within. */
const shortest: ChunkTokens = 128;

export function isChunkTokens(tokens: number): tokens is ChunkTokens {
  return chunkLengths.some(each => each === tokens);
}

/** The longest that a device reads at once in good time, where there is memory for it; the wish, where there is one. */
export function chunkTokensOf({ longChunks }: MemoryLimits, wanted?: ChunkTokens): ChunkTokens {
  return wanted ?? (longChunks ? chunkLengths[0] : shortest);
}

/** What is tried where there is no room for the longest; a wish alone is no choice. */
export function chunksToTry(device: MemoryLimits, wanted?: ChunkTokens): readonly ChunkTokens[] {
  const longest = chunkTokensOf(device, wanted);
  return wanted === undefined ? chunkLengths.filter(each => each <= longest) : [wanted];
}
