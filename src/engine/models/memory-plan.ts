import type { GgufTensor } from '../formats/gguf.ts';
import type { AttentionShape } from '../kernels/attention.ts';
import { cacheBytes, pagePositions } from '../kernels/cache-format.ts';
import { joinedRows } from '../kernels/joined-matrix.ts';
import { keyScorePartialBytes } from '../kernels/key-scores.ts';
import { paddedColumns, placements } from '../quant/gpu-formats.ts';
import type { MemoryPlan } from '../types.ts';
import { mostScoredTokens, scoringLayer } from './key-scorer.ts';
import { readbackBytes } from './language-model.ts';
import { mostHalfNormedFloats, qkvWidths } from './llama.ts';
import type { LlamaConfig } from './llama-config.ts';
import { joinedTensors } from './llama-tensors.ts';
import type { VisionConfig } from './vision-config.ts';
import { tilesPerBatch } from './vision-encoder.ts';
import type { VisionFile } from './vision-file.ts';
import { positionTable } from './vision-tensors.ts';
import { runsOfOneFormat, uploadWindowBytes } from './weights.ts';

/** Small buffers (parameters of kernels, alignment) are not counted: they stay well under one percent. */
export function planMemory(
  config: LlamaConfig,
  tensors: Iterable<GgufTensor>,
  shape: AttentionShape,
  chunkTokens: number,
  vision?: VisionFile,
): MemoryPlan {
  const held = {
    weights: weightBytes(tensors) + joinBytes(config, tensors),
    cache: 2 * config.layers * cacheBytes(shape),
    activations: 4 * activationFloats(config, shape, chunkTokens),
    // The position table is read, brought to size and kept among the activations.
    visionWeights: vision
      ? weightBytes([...vision.tensors.values()].filter(({ name }) => name !== positionTable))
      : 0,
    visionActivations: vision
      ? visionActivationBytes(vision.config) + scorerBytes(config, shape, chunkTokens, vision.config)
      : 0,
    readback: readbackBytes(config.vocabulary),
  };
  const total = Object.values(held).reduce((sum, bytes) => sum + bytes, 0);
  return { ...held, total, upload: Math.min(uploadWindowBytes, held.weights + held.visionWeights) };
}

function weightBytes(tensors: Iterable<GgufTensor>): number {
  let bytes = 0;
  for (const tensor of tensors) {
    const [, rows] = tensor.shape;
    bytes += rows === undefined ? 4 * tensor.elements : rows * rowBytes(tensor);
  }
  return bytes;
}

function rowBytes({ shape, typeName }: GgufTensor): number {
  const planes = placements[typeName]!.format.planeBytes(paddedColumns(shape[0]!));
  return planes.reduce((sum, plane) => sum + plane, 0);
}

/** Of the zeros between joined matrices. */
function joinBytes(config: LlamaConfig, tensors: Iterable<GgufTensor>): number {
  const byName = new Map([...tensors].map(tensor => [tensor.name, tensor]));
  let bytes = 0;
  for (const names of joinedTensors(config)) {
    for (const run of runsOfOneFormat(names.map(name => byName.get(name)!))) {
      const rows = run.map(({ shape }) => shape[1]!);
      const zeros = joinedRows(rows) - rows.reduce((sum, count) => sum + count, 0);
      bytes += zeros * rowBytes(run[0]!);
    }
  }
  return bytes;
}

function activationFloats(c: LlamaConfig, shape: AttentionShape, tokens: number): number {
  const hidden = paddedColumns(c.hidden);
  const wide = paddedColumns(c.feedForward);
  const heads = 2 * c.heads + 2 * c.kvHeads;
  const step = 2 * hidden + heads * c.headDim + 2 * wide;
  const rotations = shape.pages * pagePositions * c.ropeDimensions;
  const partials = shape.heads * shape.pages * (shape.headDim + 2);
  return (
    tokens * step +
    joinedRows(qkvWidths(c)) +
    hidden +
    mostHalfNormedFloats(c) +
    c.vocabulary +
    rotations +
    partials
  );
}

function visionActivationBytes(c: VisionConfig): number {
  const tiles = tilesPerBatch(c);
  const encoder = paddedColumns(3 * c.patchSize ** 2) + 2 * paddedColumns(c.hidden) + 4 * c.hidden;
  const projector = 2 * paddedColumns(4 * c.hidden) + 2 * paddedColumns(c.projected);
  const floats =
    tiles * c.positions * (encoder + paddedColumns(c.feedForward)) +
    tiles * c.tokensPerTile * projector +
    c.positions * c.hidden;
  return 4 * floats + tiles * c.tileSize ** 2 * 3;
}

function scorerBytes(
  { layers }: LlamaConfig,
  shape: AttentionShape,
  chunkTokens: number,
  { tokensPerTile }: VisionConfig,
): number {
  if (layers <= scoringLayer) return 0;
  const maxBlock = mostScoredTokens(shape.pages * pagePositions, tokensPerTile);
  return keyScorePartialBytes(shape, chunkTokens, maxBlock) + 4 * maxBlock;
}

/** Bytes of the visual tokens of so many tiles: what an image takes as long as it is remembered. */
export function featureBytes(
  { projected, tokensPerTile }: Pick<VisionConfig, 'projected' | 'tokensPerTile'>,
  tiles: number,
): number {
  return 4 * tiles * tokensPerTile * paddedColumns(projected);
}
