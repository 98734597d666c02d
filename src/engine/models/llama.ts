import type { EngineDevice, Variant } from '../gpu/device.ts';
import type { Dispatch } from '../gpu/dispatch.ts';
import { type AttentionShape, allocateDecodeScratch } from '../kernels/attention.ts';
import { createGather } from '../kernels/gather.ts';
import { type HalfNormed, halfNormedFloats } from '../kernels/half-norm.ts';
import { joinedRows } from '../kernels/joined-matrix.ts';
import { createMatmul } from '../kernels/matmul.ts';
import type { Matrix } from '../kernels/matrix.ts';
import { createMatvec, fewestRowsPerWorkgroup, matvecRowsPerWorkgroup } from '../kernels/matvec.ts';
import { createRmsNorm } from '../kernels/rms-norm.ts';
import type { Rows } from '../kernels/rows.ts';
import { paddedColumns } from '../quant/gpu-formats.ts';
import type { LlamaConfig } from './llama-config.ts';
import type { Weights } from './weights.ts';

/** What the graph shares between steps. Shapes: T = most tokens a step may have. */
export interface LlamaBuffers {
  /** (position, tokens) u32, written before each submit. */
  state: GPUBuffer;
  /** [T] u32: the step's tokens; argmax writes the next one at 0. */
  ids: GPUBuffer;
  x: Rows; //      [T, hidden]          residual stream
  normed: Rows; // [T, hidden]
  /** One token's x, half normed for the product that follows: see `halfNormedOf`. */
  halfNormed: GPUBuffer;
  /** One token's q, k and v, each at its row of the joined matrix (see joined-matrix.ts). */
  qkv: GPUBuffer;
  q: Rows; //      [T, heads * headDim]
  k: Rows; //      [T, kvHeads * headDim]
  v: Rows; //      [T, kvHeads * headDim]
  attended: Rows; // [T, heads * headDim]
  gate: Rows; //   [T, feedForward]
  up: Rows; //     [T, feedForward]
  last: Rows; //   [1, hidden]          the last token, normed
  logits: GPUBuffer; //  [vocabulary] f32
  rotations: GPUBuffer;
  scratch: { outputs: GPUBuffer; stats: GPUBuffer };
}

export async function allocateLlamaBuffers(
  device: EngineDevice,
  config: LlamaConfig,
  shape: AttentionShape,
  maxTokens: number,
  rotations: Float32Array<ArrayBuffer>,
): Promise<LlamaBuffers> {
  const activation = async (label: string, columns: number, tokens = maxTokens): Promise<Rows> => {
    const stride = paddedColumns(columns);
    return { buffer: await device.memory.storage(label, tokens * stride * 4), stride };
  };
  const rotationBuffer = await device.memory.storage('rotations', rotations.byteLength);
  device.gpu.queue.writeBuffer(rotationBuffer, 0, rotations);
  const [qWidth, kvWidth] = qkvWidths(config);
  const tight = async (label: string, columns: number): Promise<Rows> => {
    // RoPE and attention address heads without padding; slack keeps a reader of whole units inside the buffer.
    const buffer = await device.memory.storage(label, (maxTokens * columns + 32) * 4);
    return { buffer, stride: columns };
  };
  return {
    state: await device.memory.uniform('state', new Uint32Array([0, 0])),
    ids: await device.memory.storage('ids', maxTokens * 4),
    x: await activation('x', config.hidden),
    normed: await activation('normed', config.hidden),
    halfNormed: await device.memory.storage('half normed', 4 * mostHalfNormedFloats(config)),
    qkv: await device.memory.storage('qkv', 4 * joinedRows(qkvWidths(config))),
    q: await tight('q', qWidth),
    k: await tight('k', kvWidth),
    v: await tight('v', kvWidth),
    attended: await tight('attended', qWidth),
    gate: await activation('gate', config.feedForward),
    up: await activation('up', config.feedForward),
    last: await activation('last', config.hidden, 1),
    logits: await device.memory.storage('logits', config.vocabulary * 4),
    rotations: rotationBuffer,
    scratch: await allocateDecodeScratch(device, shape),
  };
}

/** With room for the partial sums of any variant: the self-test may still change it. */
export function mostHalfNormedFloats({ hidden: columns }: LlamaConfig): number {
  return halfNormedFloats({ columns, sumVectors: Math.ceil(columns / fewestRowsPerWorkgroup / 4) });
}

/** The buffer as the kernels of this variant fill it: with a partial sum of each workgroup that adds to x. */
export function halfNormedOf(
  buffer: GPUBuffer,
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
  weights: Weights,
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
  weights: Weights,
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
  weights: Weights,
  buffers: LlamaBuffers,
  all: GPUBuffer,
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

function outputMatrix(weights: Weights): Matrix {
  return weights.matrices.get('output.weight') ?? weights.matrix('token_embd.weight');
}
