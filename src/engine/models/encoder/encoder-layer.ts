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
import type { Gelu, MatmulEpilogue } from '../../kernels/matmul.ts';
import { createProduct } from '../../kernels/product.ts';
import type { Rows } from '../../kernels/rows.ts';
import type { DeviceWeights } from '../tensors/device-weights.ts';
import type { EncoderConfig } from './encoder-config.ts';

/** What every encoder keeps between layers: T = rows of the encoder, for `tiles` of one batch. */
export function encoderShapes(c: EncoderConfig, tiles: number) {
  const T = tiles * c.positions;
  return {
    /** (0, T) and (0, visual tokens) u32 of the batch at hand. */
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
    projected: rowsShape('projected', tiles * c.tokensPerTile, c.projected),
  };
}

export type EncoderBuffers = Allocated<ReturnType<typeof encoderShapes>>;

/** An encoder's launches with their bind groups, made once. */
export interface EncoderGraph {
  /** Pixels to x. */
  embedding: Dispatch[];
  layers: Dispatch[][];
  /** x to visual tokens; its step counts those. */
  projector: Dispatch[];
}

/** Makes launches of an encoder's tensors by their names. */
export class EncoderLaunches {
  readonly device: EngineDevice;
  readonly #weights: DeviceWeights;
  readonly #state: DeviceBuffer;

  /** `state`: of the step that is launched, unless one is named. */
  constructor(device: EngineDevice, weights: DeviceWeights, state: DeviceBuffer) {
    this.device = device;
    this.#weights = weights;
    this.#state = state;
  }

  linear(
    name: string,
    from: Rows,
    to: Rows,
    finish: Partial<MatmulEpilogue> = {},
    state = this.#state,
  ): Promise<Dispatch[]> {
    const epilogue = { bias: this.#weights.vector(`${name}.bias`), ...finish } as MatmulEpilogue;
    return createProduct(this.device, this.#weights.matrix(`${name}.weight`), from, to, state, { epilogue });
  }

  norm(
    name: string,
    from: Rows,
    to: Rows,
    options: { columns: number; epsilon: number },
    state = this.#state,
  ): Promise<Dispatch> {
    const [weight, bias] = [this.#weights.vector(`${name}.weight`), this.#weights.vector(`${name}.bias`)];
    return createLayerNorm(this.device, from, weight, bias, to, state, options);
  }
}

/**
 * A block of a vision transformer:
 *   x += add1(Wo attention(Wq n, Wk n, Wv n) + b),   n = LayerNorm(x), over all positions of a tile
 *   x += add2(Wdown gelu(Wup n + b) + b),            n = LayerNorm(x)
 * @param adds how the two branches are added to x: as they are, or each number scaled
 */
export async function buildEncoderLayer(
  make: EncoderLaunches,
  c: EncoderConfig,
  buffers: EncoderBuffers,
  layer: number,
  { gelu, adds }: { gelu: Gelu; adds: readonly [Partial<MatmulEpilogue>, Partial<MatmulEpilogue>] },
): Promise<Dispatch[]> {
  const { encoderState, x, normed, q, k, v, attended, mlp } = buffers;
  const at = (name: string) => `v.blk.${layer}.${name}`;
  const norm = { columns: c.hidden, epsilon: c.epsilon };
  const rows = { q: q.buffer, k: k.buffer, v: v.buffer, out: attended.buffer };
  return [
    await make.norm(at('ln1'), x, normed, norm),
    ...(await make.linear(at('attn_q'), normed, q)),
    ...(await make.linear(at('attn_k'), normed, k)),
    ...(await make.linear(at('attn_v'), normed, v)),
    await createEncoderAttention(make.device, c, rows, encoderState),
    ...(await make.linear(at('attn_out'), attended, x, adds[0])),

    await make.norm(at('ln2'), x, normed, norm),
    ...(await make.linear(at('ffn_up'), normed, mlp, { gelu })),
    ...(await make.linear(at('ffn_down'), mlp, x, adds[1])),
  ];
}
