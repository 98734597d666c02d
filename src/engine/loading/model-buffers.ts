import { heldBytes, type MemoryLimits, type PlannedBuffer } from '../device/memory.ts';
import type { GgufTensor } from '../formats/gguf.ts';
import type { AttentionShape } from '../kernels/attention.ts';
import { arrayShape, type BufferShape, type Shapes } from '../kernels/buffer-shape.ts';
import { pagePositions } from '../kernels/cache-format.ts';
import { draftReadback, draftShapes } from '../models/draft-choice.ts';
import { positionTable } from '../models/encoder/encoder-tensors.ts';
import { keyScorerShapes } from '../models/llama/key-scorer.ts';
import { cacheShapeOf, llamaShapes } from '../models/llama/llama.ts';
import type { LlamaConfig } from '../models/llama/llama-config.ts';
import { joinedTensors } from '../models/llama/llama-tensors.ts';
import { kvCacheShapes, windowStepShapes } from '../models/tensors/kv-cache.ts';
import { layOutWeights, unitBuffers } from '../models/tensors/weight-layout.ts';
import { choiceShapes, readbacks } from '../models/token-choice.ts';
import { visionShapes } from '../models/vision/vision-encoder.ts';
import type { VisionFile } from '../models/vision/vision-file.ts';
import type { MemoryPlan } from '../types/memory.ts';

/** One buffer that a model holds as long as it is loaded. */
export interface ModelBuffer extends PlannedBuffer {
  readonly part: Exclude<keyof MemoryPlan, 'total' | 'upload' | 'features' | 'answers'>;
  readonly name: string;
  /** What of it has to be bound at once. */
  readonly boundBytes: number;
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
  const cacheShape = cacheShapeOf(config, shape, chunkTokens);
  const buffers = [
    ...ofWeights('weights', device, tensors, joinedTensors(config)),
    ...ofShapes('cache', kvCacheShapes(cacheShape)),
    ...ofShapes('activations', windowStepShapes(cacheShape)),
    ...ofShapes('activations', llamaShapes(config, shape, chunkTokens)),
    ...ofShapes('activations', choiceShapes(config, shape.pages * pagePositions)),
    ...ofShapes('activations', draftShapes(config)),
    ...[...readbacks(config.vocabulary), draftReadback].flatMap(({ bytes, slots }) =>
      Array.from({ length: slots }, (_, slot) =>
        ofShape('readback', arrayShape(`readback ${slot}`, bytes, 1)),
      ),
    ),
  ];
  if (!vision) return buffers;
  // The position table is read, brought to size and kept among the activations.
  const others = [...vision.tensors.values()].filter(({ name }) => name !== positionTable);
  return [
    ...buffers,
    ...ofWeights('visionWeights', device, others, []),
    ...ofShapes('visionActivations', visionShapes(vision.config)),
    ...ofShapes('visionActivations', scorerShapes(config, shape, chunkTokens, vision) ?? {}),
  ];
}

/** Of models whose visual tokens may be compressed. */
export function scorerShapes(
  config: LlamaConfig,
  shape: AttentionShape,
  chunkTokens: number,
  { config: encoder }: VisionFile,
): ReturnType<typeof keyScorerShapes> {
  return encoder.showsWhole ? undefined : keyScorerShapes(config, shape, chunkTokens, encoder.tokensPerTile);
}

function ofWeights(
  part: ModelBuffer['part'],
  device: MemoryLimits,
  tensors: Iterable<GgufTensor>,
  together: Iterable<readonly string[]>,
): ModelBuffer[] {
  return layOutWeights(device, tensors, together)
    .flatMap(unit => unitBuffers(device, unit))
    .map(({ name, label, group, bytes, boundBytes }) => ({
      part,
      kind: 'storage',
      name,
      label,
      group,
      bytes: heldBytes(bytes),
      boundBytes,
    }));
}

function ofShapes(part: ModelBuffer['part'], shapes: Shapes): ModelBuffer[] {
  return Object.values(shapes).map(shape => ofShape(part, shape));
}

function ofShape(part: ModelBuffer['part'], shape: BufferShape): ModelBuffer {
  const { label, bytes } = shape;
  const rowBytes = shape.kind === 'rows' ? 4 * shape.stride : undefined;
  const kind = part === 'readback' ? part : shape.kind === 'uniform' ? shape.kind : 'storage';
  const group = shape.kind === 'rows' ? undefined : shape.group;
  return { part, kind, name: label, label, group, rowBytes, bytes: heldBytes(bytes), boundBytes: bytes };
}
