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
import { createMatmul } from '../../kernels/matmul.ts';
import type { Matrix } from '../../kernels/matrix.ts';
import { createMatvec, fewestRowsPerWorkgroup, matvecRowsPerWorkgroup } from '../../kernels/matvec.ts';
import { createRmsNorm } from '../../kernels/rms-norm.ts';
import type { DeviceWeights } from '../tensors/device-weights.ts';
import type { LlamaConfig } from './llama-config.ts';

/**
 * What the graph shares between steps, for the plan and for allocation.
 * @param T most tokens a step may have
 */
export function llamaShapes(config: LlamaConfig, shape: AttentionShape, T: number) {
  const [qWidth, kvWidth] = qkvWidths(config);
  const { hidden, feedForward, vocabulary, ropeDimensions } = config;
  return {
    /** (position, tokens) u32, written before each submit. */
    state: uniformShape('state', 2),
    /** The step's tokens, u32; argmax writes the next one at 0. */
    ids: arrayShape('ids', T),
    /** The residual stream. */
    x: rowsShape('x', T, hidden),
    normed: rowsShape('normed', T, hidden),
    /** One token's x, half normed for the product that follows: see `halfNormedOf`. */
    halfNormed: arrayShape('half normed', mostHalfNormedFloats(config)),
    /** One token's q, k and v, each at its row of the joined matrix (see joined-matrix.ts). */
    qkv: arrayShape('qkv', joinedRows(qkvWidths(config))),
    q: tightRowsShape('q', T, qWidth),
    k: tightRowsShape('k', T, kvWidth),
    v: tightRowsShape('v', T, kvWidth),
    attended: tightRowsShape('attended', T, qWidth),
    gate: rowsShape('gate', T, feedForward),
    up: rowsShape('up', T, feedForward),
    /** The last token, normed. */
    last: rowsShape('last', 1, hidden),
    logits: arrayShape('logits', vocabulary),
    /** As `rotationTable` makes them. */
    rotations: arrayShape('rotations', shape.pages * pagePositions * ropeDimensions),
    ...decodeScratch(shape),
  };
}

export type LlamaBuffers = Allocated<ReturnType<typeof llamaShapes>>;

/** With room for the partial sums of any variant: the self-test may still change it. */
function mostHalfNormedFloats({ hidden: columns }: LlamaConfig): number {
  return halfNormedFloats({ columns, sumVectors: Math.ceil(columns / fewestRowsPerWorkgroup / 4) });
}

/** The buffer as the kernels of this variant fill it: with a partial sum of each workgroup that adds to x. */
export function halfNormedOf(
  buffer: DeviceBuffer,
  { hidden: columns, rmsEpsilon: epsilon }: LlamaConfig,
  variant: Variant,
): HalfNormed {
  return { buffer, columns, epsilon, sumVectors: Math.ceil(columns / matvecRowsPerWorkgroup(variant) / 4) };
}

/** Floats of a token's q, k and v. */
export function qkvWidths({
  heads,
  kvHeads,
  headDim,
}: LlamaConfig): readonly [q: number, k: number, v: number] {
  return [heads * headDim, kvHeads * headDim, kvHeads * headDim];
}

/** One token or many: the same network, with matrix-vector or matrix-matrix products and the matching attention. */
export type StepKind = 'one' | 'many';

/** Token embeddings of the step into x. */
export function buildLlamaEmbedding(
  device: EngineDevice,
  weights: DeviceWeights,
  buffers: LlamaBuffers,
): Promise<Dispatch[]> {
  return createGather(device, weights.matrix('token_embd.weight'), buffers.ids, buffers.x);
}

/**
 * Logits of the step's last token: the final norm and the output matrix (the embedding itself where it is tied). Of a
 * step of one token, the last layer has begun the norm.
 */
export async function buildLlamaHead(
  device: EngineDevice,
  config: LlamaConfig,
  weights: DeviceWeights,
  buffers: LlamaBuffers,
  kind: StepKind,
): Promise<Dispatch[]> {
  const { state, x, halfNormed, last, logits } = buffers;
  const { hidden: columns, rmsEpsilon: epsilon } = config;
  const weight = weights.vector('output_norm.weight');
  const output = outputMatrix(weights);
  if (kind === 'one') {
    return createMatvec(device, output, halfNormedOf(halfNormed, config, device.variant), logits);
  }
  return [
    await createRmsNorm(device, x, weight, last, state, { columns, epsilon, lastToken: true }),
    ...(await createMatvec(device, output, last.buffer, logits)),
  ];
}

/** Logits of every token of a step, into `all` [T, vocabulary]. For the command line and tests. */
export async function buildLlamaHeadForAll(
  device: EngineDevice,
  config: LlamaConfig,
  weights: DeviceWeights,
  buffers: LlamaBuffers,
  all: DeviceBuffer,
): Promise<Dispatch[]> {
  const { state, x, normed } = buffers;
  const norm = { columns: config.hidden, epsilon: config.rmsEpsilon };
  return [
    await createRmsNorm(device, x, weights.vector('output_norm.weight'), normed, state, norm),
    ...(await createMatmul(
      device,
      outputMatrix(weights),
      normed,
      { buffer: all, stride: config.vocabulary },
      state,
    )),
  ];
}

function outputMatrix(weights: DeviceWeights): Matrix {
  return weights.matrices.get('output.weight') ?? weights.matrix('token_embd.weight');
}
