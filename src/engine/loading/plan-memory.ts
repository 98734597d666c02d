import type { MemoryLimits } from '../device/memory.ts';
import type { LargestPiece, MemoryPlan } from '../types/memory.ts';
import type { ModelBuffer } from './model-buffers.ts';
import { uploadWindowBytes } from './upload-weights.ts';

/** Parameters of kernels are not counted: they stay well under one percent. */
export function planMemory(buffers: readonly ModelBuffer[]): MemoryPlan {
  const held = {
    weights: 0,
    cache: 0,
    activations: 0,
    visionWeights: 0,
    visionActivations: 0,
    readback: 0,
  };
  for (const { part, bytes } of buffers) held[part] += bytes;
  const total = Object.values(held).reduce((sum, bytes) => sum + bytes, 0);
  return { ...held, total, upload: Math.min(uploadWindowBytes, held.weights + held.visionWeights) };
}

/**
 * The largest array of a model that has to be bound in one piece. Matrices are divided by rows and the cache has as many
 * pages as one piece can hold, so only on a very small device does it exceed the limit.
 */
export function largestPiece(
  { maxBufferBytes, maxBindingBytes }: MemoryLimits,
  buffers: readonly ModelBuffer[],
): LargestPiece {
  let largest: LargestPiece = {
    part: 'weights',
    name: '',
    bytes: 0,
    limitBytes: Math.min(maxBufferBytes, maxBindingBytes),
  };
  for (const { part, name, boundBytes: bytes } of buffers) {
    // What is read back is copied, not bound.
    if (part !== 'readback' && bytes > largest.bytes) largest = { ...largest, part, name, bytes };
  }
  return largest;
}

/** Buffers below this are probed together: there are thousands, and drivers cut them from larger pieces anyway. */
const smallBytes = 1024 * 1024;
const remainderBytes = 32 * 1024 * 1024;

/**
 * Sizes with which the room for a model is tried: its large buffers as they are, all else, with the weights on their way, in a
 * few pieces. They add up to `memory.total` and `memory.upload`.
 */
export function probeSizes(buffers: readonly ModelBuffer[], memory: MemoryPlan): number[] {
  const large = buffers.map(({ bytes }) => bytes).filter(bytes => bytes >= smallBytes);
  let rest = memory.total + memory.upload - large.reduce((sum, bytes) => sum + bytes, 0);
  for (; rest > 0; rest -= remainderBytes) large.push(Math.min(rest, remainderBytes));
  return large;
}
