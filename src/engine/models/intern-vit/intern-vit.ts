import type { EngineDevice } from '../../device/device.ts';
import type { Dispatch } from '../../device/dispatch.ts';
import type { DeviceBuffer } from '../../device/memory.ts';
import {
  type Allocated,
  arrayShape,
  rowsShape,
  tightRowsShape,
  uniformShape,
} from '../../kernels/buffer-shape.ts';
import { createEncoderAttention } from '../../kernels/encoder-attention.ts';
import { createLayerNorm } from '../../kernels/layer-norm.ts';
import { createProduct } from '../../kernels/product.ts';
import type { Rows } from '../../kernels/rows.ts';
import { createPatches, createPixelShuffle, createPositions } from '../../kernels/vision.ts';
import type { DeviceWeights } from '../tensors/device-weights.ts';
import { classEmbedding, patchEmbedding } from './intern-vit-tensors.ts';
import { projectorEpsilon, type VisionConfig } from './vision-config.ts';

/**
 * What the graph keeps between layers, for the plan and for allocation: T = rows of the encoder, V = visual tokens of a batch.
 * @param tiles of one batch
 */
export function visionShapes(c: VisionConfig, tiles: number) {
  const T = tiles * c.positions;
  const V = tiles * c.tokensPerTile;
  return {
    /** (0, T) and (0, V) u32 of the batch at hand. */
    encoderState: uniformShape('encoder state', 2),
    projectorState: uniformShape('projector state', 2),
    pixels: arrayShape('pixels', tiles * c.tileSize ** 2 * 3, 1),
    positions: arrayShape('position table', c.positions * c.hidden),
    patches: rowsShape('patches', T, 3 * c.patchSize ** 2),
    /** The residual stream. */
    x: rowsShape('vision x', T, c.hidden),
    normed: rowsShape('vision normed', T, c.hidden),
    q: tightRowsShape('vision q', T, c.hidden),
    k: tightRowsShape('vision k', T, c.hidden),
    v: tightRowsShape('vision v', T, c.hidden),
    attended: tightRowsShape('vision attended', T, c.hidden),
    mlp: rowsShape('vision mlp', T, c.feedForward),
    /** 2 x 2 patches side by side. */
    shuffled: rowsShape('shuffled', V, 4 * c.hidden),
    shuffledNormed: rowsShape('shuffled, normed', V, 4 * c.hidden),
    wide: rowsShape('projector hidden', V, c.projected),
    projected: rowsShape('projected', V, c.projected),
  };
}

export type VisionBuffers = Allocated<ReturnType<typeof visionShapes>>;

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
  weights: DeviceWeights,
  buffers: VisionBuffers,
): Promise<InternVit> {
  const { encoderState, projectorState, pixels, positions, patches, x, normed, q, k, v, attended, mlp } =
    buffers;
  const linear = (
    name: string,
    from: Rows,
    to: Rows,
    finish: { gelu: true } | { layerScale: DeviceBuffer } | object = {},
    state = encoderState,
  ) =>
    createProduct(device, weights.matrix(`${name}.weight`), from, to, state, {
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
