import type { EngineDevice } from '../../device/device.ts';
import type { Dispatch } from '../../device/dispatch.ts';
import { type Allocated, rowsShape } from '../../kernels/buffer-shape.ts';
import { createProduct } from '../../kernels/product.ts';
import { createRmsNorm } from '../../kernels/rms-norm.ts';
import { createPatches, createPatchPool, createPositions } from '../../kernels/vision.ts';
import {
  buildEncoderLayer,
  type EncoderGraph,
  EncoderLaunches,
  encoderShapes,
} from '../encoder/encoder-layer.ts';
import type { DeviceWeights } from '../tensors/device-weights.ts';
import type { SiglipConfig } from './siglip-config.ts';
import { projection, softNorm } from './siglip-tensors.ts';

/**
 * What the graph keeps between layers, for the plan and for allocation: V = visual tokens of a batch.
 * @param tiles of one batch
 */
export function siglipShapes(c: SiglipConfig, tiles: number) {
  const V = tiles * c.tokensPerTile;
  return {
    ...encoderShapes(c, tiles),
    pooled: rowsShape('pooled', V, c.hidden),
    pooledNormed: rowsShape('pooled, normed', V, c.hidden),
  };
}

export type SiglipBuffers = Allocated<ReturnType<typeof siglipShapes>>;

/**
 * SigLIP (Zhai et al. 2023) as Gemma 3 has it, as launches: x = patches W + b + positions, without a class token; blocks with the
 * tangent formula of GELU; LayerNorm; then Gemma 3's projector: means of neighbouring patches, RMSNorm with the same epsilon, and a
 * product without bias. What comes out is read as it is: it is not multiplied as embeddings of words are.
 */
export async function buildSiglip(
  device: EngineDevice,
  c: SiglipConfig,
  weights: DeviceWeights,
  buffers: SiglipBuffers,
): Promise<EncoderGraph> {
  const { encoderState, projectorState, pixels, positions, patches, x, normed } = buffers;
  const make = new EncoderLaunches(device, weights, encoderState);
  const cut = { tile: c.tileSize, patch: c.patchSize, mean: c.mean, std: c.std, hasClass: false };
  const embedding = [
    await createPatches(device, pixels, patches, encoderState, cut),
    ...(await make.linear('v.patch_embd', patches, x)),
    await createPositions(device, x, undefined, positions, encoderState, c),
  ];

  const norm = { columns: c.hidden, epsilon: c.epsilon };
  const adds = [{ accumulate: true }, { accumulate: true }] as const;
  const layers: Dispatch[][] = [];
  for (let layer = 0; layer < c.layers; layer++) {
    layers.push(await buildEncoderLayer(make, c, buffers, layer, { gelu: 'tanh', adds }));
  }
  // Its step counts patches.
  layers.at(-1)!.push(await make.norm('v.post_ln', x, normed, norm));

  const { pooled, pooledNormed, projected } = buffers;
  const state = projectorState;
  const projector = [
    await createPatchPool(device, normed, pooled, state, c),
    await createRmsNorm(device, pooled, weights.vector(softNorm), pooledNormed, state, norm),
    ...(await createProduct(device, weights.matrix(projection), pooledNormed, projected, state)),
  ];
  return { embedding, layers, projector };
}
