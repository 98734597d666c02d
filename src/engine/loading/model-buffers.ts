import type { MemoryLimits } from '../device/memory.ts';
import { heldBytes } from '../device/memory.ts';
import type { GgufTensor } from '../formats/gguf.ts';
import type { AttentionShape } from '../kernels/attention.ts';
import type { Shapes } from '../kernels/buffer-shape.ts';
import { visionShapes } from '../models/intern-vit/intern-vit.ts';
import { positionTable } from '../models/intern-vit/intern-vit-tensors.ts';
import { tilesPerBatch } from '../models/intern-vit/vision-encoder.ts';
import type { VisionFile } from '../models/intern-vit/vision-file.ts';
import { choiceShapes, readbacks } from '../models/language-model.ts';
import { keyScorerShapes } from '../models/llama/key-scorer.ts';
import { llamaShapes } from '../models/llama/llama.ts';
import type { LlamaConfig } from '../models/llama/llama-config.ts';
import { joinedTensors } from '../models/llama/llama-tensors.ts';
import { kvCacheShapes } from '../models/tensors/kv-cache.ts';
import { layOutWeights, unitBuffers } from '../models/tensors/weight-layout.ts';
import type { MemoryPlan } from '../types/memory.ts';

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
    ...ofShapes(
      'visionActivations',
      keyScorerShapes(config, shape, chunkTokens, vision.config.tokensPerTile) ?? {},
    ),
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
