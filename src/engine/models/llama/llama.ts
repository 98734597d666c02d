import type { EngineDevice, Variant } from '../../device/device.ts';
import type { Dispatch } from '../../device/dispatch.ts';
import type { DeviceBuffer } from '../../device/memory.ts';
import { type AttentionShape, decodeScratch } from '../../kernels/attention.ts';
import {
  type Allocated,
  arrayShape,
  rowsShape,
  tightRowsShape,
  uniformShape,
} from '../../kernels/buffer-shape.ts';
import { pagePositions } from '../../kernels/cache-format.ts';
import { createGather } from '../../kernels/gather.ts';
import { type HalfNormed, halfNormedFloats } from '../../kernels/half-norm.ts';
import { joinedRows } from '../../kernels/joined-matrix.ts';
import type { Matrix } from '../../kernels/matrix.ts';
import { createMatvec, matvecSumVectors, mostSumVectors } from '../../kernels/matvec.ts';
import { createProduct } from '../../kernels/product.ts';
import { createRmsNorm } from '../../kernels/rms-norm.ts';
import type { Rows } from '../../kernels/rows.ts';
import type { DeviceWeights } from '../tensors/device-weights.ts';
import type { KvCacheShape } from '../tensors/kv-cache.ts';
import { mostRingTokens, windowPages } from '../tensors/window-ring.ts';
import { hasWindow, type LlamaConfig } from './llama-config.ts';
import { layerTensor } from './llama-tensors.ts';

/**
 * What the graph shares between steps, for the plan and for allocation.
 * @param T most tokens a step may have
 */
export function llamaShapes(config: LlamaConfig, shape: AttentionShape, T: number) {
  const [qWidth] = qkvWidths(config);
  const { hidden, feedForward, vocabulary, ropeDimensions } = config;
  return {
    /** (position, tokens, whether they are one picture) u32, written before each submit. */
    state: uniformShape('state', 3),
    /** The same of the last token alone. */
    lastState: uniformShape('last state', 3),
    /** The step's tokens, u32; argmax writes the next one at 0. */
    ids: arrayShape('ids', T),
    /** The residual stream. */
    x: rowsShape('x', T, hidden),
    normed: rowsShape('normed', T, hidden),
    /** One token's x, half normed for the product that follows: see `halfNormedOf`. */
    halfNormed: arrayShape('half normed', mostHalfNormedFloats(config)),
    /** One token's q, k and v, each at its row of the joined matrix (see joined-matrix.ts). */
    qkv: arrayShape('qkv', joinedRows(qkvWidths(config))),
    /** Many tokens' q, k and v, one behind the other: see `qkvRowsOf`. */
    qkvRows: arrayShape('q, k and v', qkvRowStarts(config, T).at(-1)!),
    attended: tightRowsShape('attended', T, qWidth),
    gate: rowsShape('gate', T, feedForward),
    up: rowsShape('up', T, feedForward),
    /** The last token's x, on its way to the first row. */
    last: rowsShape('last', 1, hidden),
    logits: arrayShape('logits', vocabulary),
    /** As `rotationTable` makes them. */
    rotations: arrayShape('rotations', shape.pages * pagePositions * ropeDimensions),
    /** The same of layers with a window, where they rotate otherwise. */
    ...(hasWindowRotations(config)
      ? { windowRotations: arrayShape('rotations in a window', shape.pages * pagePositions * ropeDimensions) }
      : {}),
    ...decodeScratch(shape),
  };
}

function hasWindowRotations({ window, windowTheta }: LlamaConfig): boolean {
  return window !== undefined && windowTheta !== undefined;
}

/** How layers attend: those that see everything and those that see a window, as far as there are such. */
export function attentionShapes(config: LlamaConfig, shape: AttentionShape): AttentionShape[] {
  const kinds = new Set(Array.from({ length: config.layers }, (_, layer) => hasWindow(config, layer)));
  return [...kinds].sort().map(has => (has ? { ...shape, window: config.window!.tokens } : shape));
}

/**
 * What layers keep of a sequence: those with a window a ring of it, where that is less than every page.
 * @param T most tokens a step may have
 */
export function cacheShapeOf(
  { layers, window }: LlamaConfig,
  shape: AttentionShape,
  T: number,
): KvCacheShape {
  const cache = { layers, ...shape };
  if (!window) return cache;
  const pages = windowPages(window.tokens, mostRingTokens);
  if (pages >= shape.pages) return cache;
  const stepPages = Math.min(windowPages(window.tokens, T), shape.pages);
  return { ...cache, ring: { layers: window.layers, window: window.tokens, pages, stepPages } };
}

/** How a layer attends, and the table by which it rotates. */
export function attentionOf(
  config: LlamaConfig,
  shape: AttentionShape,
  { rotations, windowRotations }: LlamaBuffers,
  layer: number,
): { shape: AttentionShape; rotations: DeviceBuffer } {
  if (!hasWindow(config, layer)) return { shape, rotations };
  return {
    shape: { ...shape, window: config.window!.tokens },
    rotations: windowRotations ?? rotations,
  };
}

export type LlamaBuffers = Allocated<ReturnType<typeof llamaShapes>>;

/** With room for the partial sums of any variant and choice: the self-test and the tuner may still change them. */
function mostHalfNormedFloats({ hidden: columns }: LlamaConfig): number {
  return halfNormedFloats({ columns, sumVectors: mostSumVectors(columns) });
}

/**
 * The buffer as its last writer fills it: with a partial sum of each workgroup of the product with `adding`, or with one alone
 * where none was added yet.
 */
export function halfNormedOf(
  buffer: DeviceBuffer,
  { hidden: columns, rmsEpsilon: epsilon }: LlamaConfig,
  variant: Variant,
  adding: Matrix | undefined,
): HalfNormed {
  return { buffer, columns, epsilon, sumVectors: adding ? matvecSumVectors(adding, variant) : 1 };
}

/** Floats of a token's q, k and v. */
export function qkvWidths({
  heads,
  kvHeads,
  headDim,
}: LlamaConfig): readonly [q: number, k: number, v: number] {
  return [heads * headDim, kvHeads * headDim, kvHeads * headDim];
}

/** The float at which the q, k and v of up to T tokens start, and the end: each can be bound on its own. */
function qkvRowStarts(config: LlamaConfig, T: number): number[] {
  const floats = 64; // minStorageBufferOffsetAlignment
  const starts = [0];
  for (const width of qkvWidths(config)) {
    starts.push(starts.at(-1)! + Math.ceil((T * width) / floats) * floats);
  }
  return starts;
}

/** Many tokens' q, k and v, [tokens, width] f32 each. */
export function qkvRowsOf({ qkvRows: buffer, x }: LlamaBuffers, config: LlamaConfig) {
  const most = x.buffer.size / (4 * x.stride);
  const starts = qkvRowStarts(config, most);
  return qkvWidths(config).map((width, i) => ({
    start: starts[i]!,
    buffer: { buffer, offset: 4 * starts[i]!, size: 4 * most * width },
    stride: width,
  }));
}

/**
 * One token or many: the same network, with matrix-vector or matrix-matrix products and the matching attention. Many that are too
 * many for a ring are `long`: see WindowSteps.
 */
export type StepKind = 'one' | 'many' | 'long';

/** Token embeddings of the step into x. */
export function buildLlamaEmbedding(
  device: EngineDevice,
  config: LlamaConfig,
  weights: DeviceWeights,
  buffers: LlamaBuffers,
): Promise<Dispatch[]> {
  const { parts, hidden } = config;
  const scale = parts.embeddingScale === 'root-of-width' ? Math.sqrt(hidden) : 1;
  return createGather(device, weights.matrix('token_embd.weight'), buffers.ids, buffers.x, scale);
}

/** Logits of a step of one token: the output matrix (the embedding itself where it is tied). The last layer has begun the norm. */
export function buildLlamaHead(
  device: EngineDevice,
  config: LlamaConfig,
  weights: DeviceWeights,
  { halfNormed, logits }: LlamaBuffers,
): Promise<Dispatch[]> {
  const adding = config.parts.postNorms
    ? undefined
    : weights.matrix(layerTensor(config.layers - 1, 'ffn_down'));
  return createMatvec(
    device,
    outputMatrix(weights),
    halfNormedOf(halfNormed, config, device.variant, adding),
    logits,
  );
}

/** Logits of every token of a step, into `all` [T, stride] f32. */
export async function buildLlamaHeadForAll(
  device: EngineDevice,
  config: LlamaConfig,
  weights: DeviceWeights,
  buffers: LlamaBuffers,
  all: Rows,
): Promise<Dispatch[]> {
  const { state, normed } = buffers;
  return [
    await buildLlamaOutputNorm(device, config, weights, buffers),
    ...(await createProduct(device, outputMatrix(weights), normed, all, state)),
  ];
}

/** What the output matrix reads of every token of a step, into `normed`. */
export function buildLlamaOutputNorm(
  device: EngineDevice,
  { hidden: columns, rmsEpsilon: epsilon }: LlamaConfig,
  weights: DeviceWeights,
  { state, x, normed }: LlamaBuffers,
): Promise<Dispatch> {
  return createRmsNorm(device, x, weights.vector('output_norm.weight'), normed, state, { columns, epsilon });
}

function outputMatrix(weights: DeviceWeights): Matrix {
  return weights.matrices.get('output.weight') ?? weights.matrix('token_embd.weight');
}
