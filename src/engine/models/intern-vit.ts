import type { EngineDevice } from '../gpu/device.ts';
import type { Dispatch } from '../gpu/dispatch.ts';
import { createEncoderAttention } from '../kernels/encoder-attention.ts';
import { createLayerNorm } from '../kernels/layer-norm.ts';
import { createMatmul } from '../kernels/matmul.ts';
import type { Rows } from '../kernels/rows.ts';
import { createPatches, createPixelShuffle, createPositions } from '../kernels/vision.ts';
import { paddedColumns } from '../quant/gpu-formats.ts';
import { projectorEpsilon, type VisionConfig } from './vision-config.ts';
import { classEmbedding, patchEmbedding } from './vision-tensors.ts';
import type { Weights } from './weights.ts';

/** Shapes: B = tiles of one batch, T = B * positions, V = B * tokensPerTile. */
export interface VisionBuffers {
  /** (0, T) and (0, V) u32 of the batch at hand. */
  encoderState: GPUBuffer;
  projectorState: GPUBuffer;
  pixels: GPUBuffer; //  [B, tile, tile, 3]   u8
  positions: GPUBuffer; // [positions, hidden] f32
  patches: Rows; //      [T, 3 * patch * patch]
  x: Rows; //            [T, hidden]          residual stream
  normed: Rows; //       [T, hidden]
  q: Rows; //            [T, heads * headDim]
  k: Rows; //            [T, heads * headDim]
  v: Rows; //            [T, heads * headDim]
  attended: Rows; //     [T, heads * headDim]
  mlp: Rows; //          [T, feedForward]
  shuffled: Rows; //     [V, 4 * hidden]
  shuffledNormed: Rows; // [V, 4 * hidden]
  wide: Rows; //         [V, projected]
  projected: Rows; //    [V, projected]
}

export async function allocateVisionBuffers(
  device: EngineDevice,
  c: VisionConfig,
  tiles: number,
): Promise<VisionBuffers> {
  const { memory } = device;
  const rows = async (label: string, count: number, columns: number): Promise<Rows> => {
    const stride = paddedColumns(columns);
    return { buffer: await memory.storage(label, count * stride * 4), stride };
  };
  // Attention addresses heads without padding; slack keeps a reader of whole units inside the buffer.
  const tight = async (label: string, count: number): Promise<Rows> => ({
    buffer: await memory.storage(label, (count * c.hidden + 32) * 4),
    stride: c.hidden,
  });
  const T = tiles * c.positions;
  const V = tiles * c.tokensPerTile;
  return {
    encoderState: await memory.uniform('encoder state', new Uint32Array([0, 0])),
    projectorState: await memory.uniform('projector state', new Uint32Array([0, 0])),
    pixels: await memory.storage('pixels', tiles * c.tileSize * c.tileSize * 3),
    positions: await memory.storage('position table', c.positions * c.hidden * 4),
    patches: await rows('patches', T, 3 * c.patchSize ** 2),
    x: await rows('vision x', T, c.hidden),
    normed: await rows('vision normed', T, c.hidden),
    q: await tight('vision q', T),
    k: await tight('vision k', T),
    v: await tight('vision v', T),
    attended: await tight('vision attended', T),
    mlp: await rows('vision mlp', T, c.feedForward),
    shuffled: await rows('shuffled', V, 4 * c.hidden),
    shuffledNormed: await rows('shuffled, normed', V, 4 * c.hidden),
    wide: await rows('projector hidden', V, c.projected),
    projected: await rows('projected', V, c.projected),
  };
}

export interface InternVit {
  /** Pixels to x. */
  embedding: Dispatch[];
  layers: Dispatch[][];
  /** x to visual tokens; its step counts those. */
  projector: Dispatch[];
}

/**
 * InternViT (Chen et al. 2023) as launches with their bind groups, made once:
 *   x = [class; patches W + b] + positions
 *   x += ls1 * (Wo attention(Wq n, Wk n, Wv n) + b),   n = LayerNorm(x), over all positions of a tile
 *   x += ls2 * (Wdown gelu(Wup n + b) + b),            n = LayerNorm(x)
 * and InternVL's projector: 2 x 2 patches side by side, LayerNorm, then W3 gelu(W1 n + b) + b.
 */
export async function buildInternVit(
  device: EngineDevice,
  c: VisionConfig,
  weights: Weights,
  buffers: VisionBuffers,
): Promise<InternVit> {
  const { encoderState, projectorState, pixels, positions, patches, x, normed, q, k, v, attended, mlp } =
    buffers;
  const linear = (
    name: string,
    from: Rows,
    to: Rows,
    finish: { gelu: true } | { layerScale: GPUBuffer } | object = {},
    state = encoderState,
  ) =>
    createMatmul(device, weights.matrix(`${name}.weight`), from, to, state, {
      epilogue: { bias: weights.vector(`${name}.bias`), ...finish },
    });
  const norm = (name: string, from: Rows, to: Rows, columns: number, epsilon: number, state = encoderState) =>
    createLayerNorm(
      device,
      from,
      weights.vector(`${name}.weight`),
      weights.vector(`${name}.bias`),
      to,
      state,
      {
        columns,
        epsilon,
      },
    );

  const embedding = [
    await createPatches(device, pixels, patches, encoderState, {
      tile: c.tileSize,
      patch: c.patchSize,
      mean: c.mean,
      std: c.std,
    }),
    ...(await linear(patchEmbedding.replace('.weight', ''), patches, x)),
    await createPositions(device, x, weights.vector(classEmbedding), positions, encoderState, c),
  ];

  const layers: Dispatch[][] = [];
  for (let layer = 0; layer < c.layers; layer++) {
    const at = (name: string) => `v.blk.${layer}.${name}`;
    layers.push([
      await norm(at('ln1'), x, normed, c.hidden, c.epsilon),
      ...(await linear(at('attn_q'), normed, q)),
      ...(await linear(at('attn_k'), normed, k)),
      ...(await linear(at('attn_v'), normed, v)),
      await createEncoderAttention(
        device,
        c,
        { q: q.buffer, k: k.buffer, v: v.buffer, out: attended.buffer },
        encoderState,
      ),
      ...(await linear(at('attn_out'), attended, x, { layerScale: weights.vector(at('ls1.weight')) })),

      await norm(at('ln2'), x, normed, c.hidden, c.epsilon),
      ...(await linear(at('ffn_up'), normed, mlp, { gelu: true })),
      ...(await linear(at('ffn_down'), mlp, x, { layerScale: weights.vector(at('ls2.weight')) })),
    ]);
  }

  const { shuffled, shuffledNormed, wide, projected } = buffers;
  const state = projectorState;
  const projector = [
    await createPixelShuffle(device, x, shuffled, state, c),
    await norm('mm.model.mlp.0', shuffled, shuffledNormed, 4 * c.hidden, projectorEpsilon, state),
    ...(await linear('mm.model.mlp.1', shuffledNormed, wide, { gelu: true }, state)),
    ...(await linear('mm.model.mlp.3', wide, projected, {}, state)),
  ];
  return { embedding, layers, projector };
}
