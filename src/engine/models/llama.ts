import type { KvCache } from '../generation/kv-cache.ts';
import type { EngineDevice } from '../gpu/device.ts';
import type { Dispatch } from '../gpu/dispatch.ts';
import {
  type AttentionShape,
  allocateDecodeScratch,
  createAttentionDecode,
  createAttentionPrefill,
  createRopeAppend,
} from '../kernels/attention.ts';
import { createGather } from '../kernels/gather.ts';
import { createMatmul } from '../kernels/matmul.ts';
import type { Matrix } from '../kernels/matrix.ts';
import { createMatvec } from '../kernels/matvec.ts';
import { createRmsNorm } from '../kernels/rms-norm.ts';
import type { Rows } from '../kernels/rows.ts';
import { createSiluMul } from '../kernels/silu-mul.ts';
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
  const kvWidth = config.kvHeads * config.headDim;
  const qWidth = config.heads * config.headDim;
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

/** One decoder layer as launches with their bind groups, made once. */
export interface LlamaLayer {
  /** x -> q, k, v; keys and values into the cache. */
  projections: Dispatch[];
  /** Attention over the cache, and the feed-forward network. */
  rest: Dispatch[];
}

/**
 * A layer of the LLaMA decoder (Touvron et al. 2023):
 *   x += Wo attention(RoPE(Wq n), RoPE(Wk n), Wv n),   n = RMSNorm(x)
 *   x += Wdown (silu(Wgate n) * (Wup n)),              n = RMSNorm(x)
 */
export async function buildLlamaLayer(
  device: EngineDevice,
  config: LlamaConfig,
  weights: Weights,
  buffers: LlamaBuffers,
  cache: KvCache,
  shape: AttentionShape,
  kind: StepKind,
  layer: number,
): Promise<LlamaLayer> {
  const { state, x, normed, q, k, v, attended, gate, up, rotations, scratch } = buffers;
  const { hidden: columns, rmsEpsilon: epsilon } = config;
  const w = (name: string) => weights.matrix(`blk.${layer}.${name}.weight`);
  const n = (name: string) => weights.vector(`blk.${layer}.${name}.weight`);
  const add = (matrix: Matrix, from: Rows) =>
    kind === 'one'
      ? createMatvec(device, matrix, from.buffer, x.buffer, { accumulate: true })
      : createMatmul(device, matrix, from, x, state, { accumulate: true });
  // For one token each product norms x on the way; many tokens are normed once for all products.
  const fromNormed = async (norm: string, products: readonly (readonly [string, Rows])[]) => {
    const dispatches: Dispatch[] = [];
    if (kind === 'many')
      dispatches.push(await createRmsNorm(device, x, n(norm), normed, state, { columns, epsilon }));
    for (const [name, to] of products) {
      dispatches.push(
        ...(kind === 'one'
          ? await createMatvec(device, w(name), x.buffer, to.buffer, { norm: { weight: n(norm), epsilon } })
          : await createMatmul(device, w(name), normed, to, state)),
      );
    }
    return dispatches;
  };
  const layerCache = cache.layers[layer]!;
  const attention = { q: q.buffer, out: attended.buffer, pages: cache.pageTable, scratch };
  return {
    projections: [
      ...(await fromNormed('attn_norm', [
        ['attn_q', q],
        ['attn_k', k],
        ['attn_v', v],
      ])),
      await createRopeAppend(
        device,
        shape,
        { q: q.buffer, k: k.buffer, v: v.buffer, rotations, pages: cache.pageTable },
        layerCache,
        state,
      ),
    ],
    rest: [
      ...(kind === 'one'
        ? await createAttentionDecode(device, shape, attention, layerCache, state)
        : [await createAttentionPrefill(device, shape, attention, layerCache, state)]),
      ...(await add(w('attn_output'), attended)),

      ...(await fromNormed('ffn_norm', [
        ['ffn_gate', gate],
        ['ffn_up', up],
      ])),
      await createSiluMul(device, gate.buffer, up.buffer, gate.stride),
      ...(await add(w('ffn_down'), gate)),
    ],
  };
}

/** Logits of the step's last token: the final norm and the output matrix (the embedding itself where it is tied). */
export async function buildLlamaHead(
  device: EngineDevice,
  config: LlamaConfig,
  weights: Weights,
  buffers: LlamaBuffers,
  kind: StepKind,
): Promise<Dispatch[]> {
  const { state, x, last, logits } = buffers;
  const { hidden: columns, rmsEpsilon: epsilon } = config;
  const weight = weights.vector('output_norm.weight');
  const output = outputMatrix(weights);
  if (kind === 'one') return createMatvec(device, output, x.buffer, logits, { norm: { weight, epsilon } });
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
