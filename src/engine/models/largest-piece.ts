import type { GgufTensor } from '../formats/gguf.ts';
import type { MemoryLimits } from '../gpu/device.ts';
import type { AttentionShape } from '../kernels/attention.ts';
import { rowsPerPart } from '../kernels/matrix.ts';
import { paddedColumns, placements } from '../quant/gpu-formats.ts';
import type { LargestPiece } from '../types.ts';
import type { LlamaConfig } from './llama-config.ts';
import { planMemory } from './memory-plan.ts';
import { tilesPerBatch } from './vision-encoder.ts';
import type { VisionFile } from './vision-file.ts';
import { positionTable } from './vision-tensors.ts';

/**
 * The largest array of a model that has to be bound in one piece. Matrices are divided by rows and the cache has as many
 * pages as one piece can hold, so only on a very small device does it exceed the limit.
 */
export function largestPiece(
  device: MemoryLimits,
  config: LlamaConfig,
  tensors: readonly GgufTensor[],
  shape: AttentionShape,
  chunkTokens: number,
  vision?: VisionFile,
): LargestPiece {
  const { maxBufferSize, maxStorageBufferBindingSize } = device.gpu.limits;
  const limitBytes = Math.min(maxBufferSize, maxStorageBufferBindingSize);
  const pieces: Omit<LargestPiece, 'limitBytes'>[] = [
    ...tensors.map(tensor => ({
      part: 'weights' as const,
      name: tensor.name,
      bytes: planeBytes(device, tensor),
    })),
    {
      part: 'cache',
      name: 'keys of a layer',
      bytes: planMemory(config, tensors, shape, chunkTokens).cache / (2 * config.layers),
    },
    {
      part: 'activations',
      name: 'activations of a layer',
      bytes: 4 * chunkTokens * paddedColumns(Math.max(config.feedForward, config.hidden)),
    },
    { part: 'activations', name: 'logits', bytes: 4 * config.vocabulary },
  ];
  if (vision) {
    const { feedForward, hidden, positions } = vision.config;
    for (const tensor of vision.tensors.values()) {
      if (tensor.name === positionTable) continue;
      pieces.push({ part: 'visionWeights', name: tensor.name, bytes: planeBytes(device, tensor) });
    }
    pieces.push({
      part: 'visionActivations',
      name: 'activations of a layer',
      bytes: 4 * tilesPerBatch(vision.config) * positions * paddedColumns(Math.max(feedForward, hidden)),
    });
  }
  const largest = pieces.reduce((most, piece) => (piece.bytes > most.bytes ? piece : most));
  return { ...largest, limitBytes };
}

/** Of the largest plane of one part of a matrix, or of a vector. */
function planeBytes(device: MemoryLimits, { shape, elements, typeName }: GgufTensor): number {
  const [columns, rows] = shape;
  if (rows === undefined) return 4 * paddedColumns(elements);
  const { format } = placements[typeName]!;
  const partRows = Math.min(rows, rowsPerPart(device, columns!, format));
  return partRows * Math.max(...format.planeBytes(paddedColumns(columns!)));
}
