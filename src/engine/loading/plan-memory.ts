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
