import type { EngineDevice } from '../../device/device.ts';
import type { Dispatch } from '../../device/dispatch.ts';
import { type Allocated, rowsShape } from '../../kernels/buffer-shape.ts';
import { createPatches, createPixelShuffle, createPositions } from '../../kernels/vision.ts';
import {
  buildEncoderLayer,
  type EncoderGraph,
  EncoderLaunches,
  encoderShapes,
} from '../encoder/encoder-layer.ts';
import type { DeviceWeights } from '../tensors/device-weights.ts';
import { type InternVitConfig, projectorEpsilon } from './intern-vit-config.ts';
import { classEmbedding } from './intern-vit-tensors.ts';

/**
 * What the graph keeps between layers, for the plan and for allocation: V = visual tokens of a batch.
 * @param tiles of one batch
 */
export function internVitShapes(c: InternVitConfig, tiles: number) {
  const V = tiles * c.tokensPerTile;
  return {
    ...encoderShapes(c, tiles),
    /** 2 x 2 patches side by side. */
    shuffled: rowsShape('shuffled', V, 4 * c.hidden),
    shuffledNormed: rowsShape('shuffled, normed', V, 4 * c.hidden),
    wide: rowsShape('projector hidden', V, c.projected),
  };
}

export type InternVitBuffers = Allocated<ReturnType<typeof internVitShapes>>;

/**
 * InternViT (Chen et al. 2023) as launches: x = [class; patches W + b] + positions, blocks with layer scale and the exact GELU; and
 * InternVL's projector: 2 x 2 patches side by side, LayerNorm, then W3 gelu(W1 n + b) + b.
 */
export async function buildInternVit(
  device: EngineDevice,
  c: InternVitConfig,
  weights: DeviceWeights,
  buffers: InternVitBuffers,
): Promise<EncoderGraph> {
  const { encoderState, projectorState, pixels, positions, patches, x } = buffers;
  const make = new EncoderLaunches(device, weights, encoderState);
  const cut = { tile: c.tileSize, patch: c.patchSize, mean: c.mean, std: c.std, hasClass: true };
  const embedding = [
    await createPatches(device, pixels, patches, encoderState, cut),
    ...(await make.linear('v.patch_embd', patches, x)),
    await createPositions(device, x, weights.vector(classEmbedding), positions, encoderState, c),
  ];

  const layers: Dispatch[][] = [];
  for (let layer = 0; layer < c.layers; layer++) {
    const scale = (name: string) => ({ layerScale: weights.vector(`v.blk.${layer}.${name}.weight`) });
    const adds = [scale('ls1'), scale('ls2')] as const;
    layers.push(await buildEncoderLayer(make, c, buffers, layer, { gelu: 'erf', adds }));
  }

  const { shuffled, shuffledNormed, wide, projected } = buffers;
  const state = projectorState;
  const norm = { columns: 4 * c.hidden, epsilon: projectorEpsilon };
  const projector = [
    await createPixelShuffle(device, x, shuffled, state, c),
    await make.norm('mm.model.mlp.0', shuffled, shuffledNormed, norm, state),
    ...(await make.linear('mm.model.mlp.1', shuffledNormed, wide, { gelu: 'erf' }, state)),
    ...(await make.linear('mm.model.mlp.3', wide, projected, {}, state)),
  ];
  return { embedding, layers, projector };
}
