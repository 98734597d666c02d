import type { GgufTensor } from '../formats/gguf.ts';
import { kvCacheShapes } from '../generation/kv-cache.ts';
import type { MemoryLimits } from '../gpu/device.ts';
import { heldBytes } from '../gpu/memory.ts';
import type { AttentionShape } from '../kernels/attention.ts';
import type { Shapes } from '../kernels/buffer-shape.ts';
import type { MemoryPlan } from '../types.ts';
import { visionShapes } from './intern-vit.ts';
import { keyScorerShapes } from './key-scorer.ts';
import { choiceShapes, readbacks } from './language-model.ts';
import { llamaShapes } from './llama.ts';
import type { LlamaConfig } from './llama-config.ts';
import { joinedTensors } from './llama-tensors.ts';
import { tilesPerBatch } from './vision-encoder.ts';
import type { VisionFile } from './vision-file.ts';
import { positionTable } from './vision-tensors.ts';
import { layOutWeights, unitBuffers } from './weight-layout.ts';

/** One buffer that a model holds as long as it is loaded. */
export interface ModelBuffer {
  part: Exclude<keyof MemoryPlan, 'total' | 'upload'>;
  name: string;
  bytes: number;
  /** What of it has to be bound at once. */
  boundBytes: number;
}

/**
 * Every buffer that loading makes, but for parameters of kernels. Each is declared beside the graph that uses it and allocated
 * from the same declaration.
 */
export function modelBuffers(
  device: MemoryLimits,
  config: LlamaConfig,
  tensors: Iterable<GgufTensor>,
  shape: AttentionShape,
  chunkTokens: number,
  vision?: VisionFile,
): ModelBuffer[] {
  const buffers = [
    ...ofWeights('weights', device, tensors, joinedTensors(config)),
    ...ofShapes('cache', kvCacheShapes({ layers: config.layers, ...shape })),
    ...ofShapes('activations', llamaShapes(config, shape, chunkTokens)),
    ...ofShapes('activations', choiceShapes(config)),
    ...readbacks(config.vocabulary).flatMap(({ bytes, slots }) =>
      new Array<ModelBuffer>(slots).fill(ofBytes('readback', 'readback', bytes)),
    ),
  ];
  if (!vision) return buffers;
  // The position table is read, brought to size and kept among the activations.
  const others = [...vision.tensors.values()].filter(({ name }) => name !== positionTable);
  return [
    ...buffers,
    ...ofWeights('visionWeights', device, others, []),
    ...ofShapes('visionActivations', visionShapes(vision.config, tilesPerBatch(vision.config))),
    ...ofShapes('visionActivations', keyScorerShapes(config, shape, chunkTokens, vision.config) ?? {}),
  ];
}

function ofWeights(
  part: ModelBuffer['part'],
  device: MemoryLimits,
  tensors: Iterable<GgufTensor>,
  together: Iterable<readonly string[]>,
): ModelBuffer[] {
  return layOutWeights(device, tensors, together)
    .flatMap(unit => unitBuffers(device, unit))
    .map(({ name, bytes, boundBytes }) => ({ part, name, bytes: heldBytes(bytes), boundBytes }));
}

function ofShapes(part: ModelBuffer['part'], shapes: Shapes): ModelBuffer[] {
  return Object.values(shapes).map(({ label, bytes }) => ofBytes(part, label, bytes));
}

function ofBytes(part: ModelBuffer['part'], name: string, bytes: number): ModelBuffer {
  return { part, name, bytes: heldBytes(bytes), boundBytes: bytes };
}
