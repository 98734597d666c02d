import type { MemoryRequest } from '../device/memory.ts';

/** Buffers below this are probed together: there are thousands, and drivers cut them from larger pieces anyway. */
const smallBytes = 1024 * 1024;
const remainderBytes = 32 * 1024 * 1024;

/**
 * Sizes with which the room for a model is tried: its large buffers as they are, all else, with the weights on their way, in a
 * few pieces. They add up to all of it.
 */
export function probeSizes({ buffers, besideBytes }: MemoryRequest): number[] {
  const sizes = buffers.map(({ bytes }) => bytes);
  const large = sizes.filter(bytes => bytes >= smallBytes);
  let rest = besideBytes + sizes.filter(bytes => bytes < smallBytes).reduce((sum, bytes) => sum + bytes, 0);
  for (; rest > 0; rest -= remainderBytes) large.push(Math.min(rest, remainderBytes));
  return large;
}

/** The biggest of these sizes that add up to all but `held` bytes. */
export function sizesBeyond(sizes: readonly number[], held: number): number[] {
  let needed = sizes.reduce((sum, size) => sum + size, 0) - held;
  const taken: number[] = [];
  for (const size of [...sizes].sort((a, b) => b - a)) {
    if (needed <= 0) break;
    taken.push(Math.min(size, needed));
    needed -= size;
  }
  return taken;
}
