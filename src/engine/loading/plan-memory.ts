import type { MemoryLimits } from '../device/memory.ts';
import type { LargestPiece, MemoryPlan } from '../types/memory.ts';
import type { ModelBuffer } from './model-buffers.ts';
import { uploadWindowBytes } from './upload-weights.ts';

/** What is held for a while beside the model, once it is loaded. */
type Asking = Pick<MemoryPlan, 'features' | 'answers'>;

/** Parameters of kernels are not counted: they stay well under one percent. */
export function planMemory(buffers: readonly ModelBuffer[], asking: Asking): MemoryPlan {
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
  const upload = Math.min(uploadWindowBytes, held.weights + held.visionWeights);
  return { ...held, total, upload, ...asking };
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
