import type { EngineDevice } from '../../device/device.ts';
import type { Dispatch } from '../../device/dispatch.ts';
import type { DeviceBuffer } from '../../device/memory.ts';
import { type AttentionShape, createAttentionDecode, createRopeAppend } from '../../kernels/attention.ts';
import { createAttentionPrefill } from '../../kernels/attention-prefill.ts';
import { createHalfNorm, type HalfNormed } from '../../kernels/half-norm.ts';
import { joinedStarts } from '../../kernels/joined-matrix.ts';
import { joinsProducts, type OutputRows } from '../../kernels/matmul.ts';
import type { Matrix } from '../../kernels/matrix.ts';
import { createGatedMatvec, createMatvec } from '../../kernels/matvec.ts';
import { createGatedProduct, createMembersProduct, createProduct } from '../../kernels/product.ts';
import { createRmsNorm } from '../../kernels/rms-norm.ts';
import type { Rows } from '../../kernels/rows.ts';
import { createSiluMul } from '../../kernels/silu-mul.ts';
import type { DeviceWeights } from '../tensors/device-weights.ts';
import type { KvCache } from '../tensors/kv-cache.ts';
import { halfNormedOf, type LlamaBuffers, qkvRowsOf, qkvWidths, type StepKind } from './llama.ts';
import type { LlamaConfig } from './llama-config.ts';
import { joinedLayerMatrices, type LayerMatrix, type LayerNorm, layerTensor } from './llama-tensors.ts';

/** What all layers share. */
export interface LlamaParts {
  device: EngineDevice;
  config: LlamaConfig;
  weights: DeviceWeights;
  buffers: LlamaBuffers;
  cache: KvCache;
  shape: AttentionShape;
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
export function buildLlamaLayer(parts: LlamaParts, kind: StepKind, layer: number): Promise<LlamaLayer> {
  return kind === 'one' ? buildForOne(parts, layer) : buildForMany(parts, layer);
}

/**
 * In seven launches: between two launches a GPU idles longer than a small product takes. A norm is begun by the launch
 * that makes its input (`next`) and ended by the product that reads it; only the first layer begins its own.
 */
async function buildForOne(parts: LlamaParts, layer: number): Promise<LlamaLayer> {
  const { device, config, weights, buffers, cache, shape } = parts;
  const { state, x, qkv, attended, gate, up, rotations, outputs, stats } = buffers;
  const w = (name: LayerMatrix) => weights.matrix(layerTensor(layer, name));
  const halfNormedBy = (adding: Matrix | undefined) =>
    halfNormedOf(buffers.halfNormed, config, device.variant, adding);
  const before = halfNormedBy(layer === 0 ? undefined : weights.matrix(layerTensor(layer - 1, 'ffn_down')));
  const between = halfNormedBy(w('attn_output'));
  const joined = (group: keyof typeof joinedLayerMatrices) =>
    weights.joined(joinedLayerMatrices[group].map(name => layerTensor(layer, name)));
  const isLast = layer === config.layers - 1;
  const addTo = (weight: string, into: HalfNormed) => ({
    accumulate: true,
    next: { weight: weights.vector(weight), into },
  });
  const layerCache = cache.layers[layer]!;
  const pages = cache.pageTable;

  const widths = qkvWidths(config);
  const starts = joinedStarts(widths);
  const [q, k, v] = starts.map((start, i) => ({ buffer: qkv, offset: 4 * start, size: 4 * widths[i]! }));
  const qkvProducts: Dispatch[] = [];
  let done = 0;
  for (const { whole, members } of joined('qkv')) {
    const y = { buffer: qkv, offset: 4 * starts[done]!, size: 4 * whole.rows };
    qkvProducts.push(...(await createMatvec(device, whole, before, y)));
    done += members.length;
  }

  const [gateUp, apart] = joined('gateUp');
  const swiglu: Dispatch[] = [];
  if (gateUp && !apart) {
    const { whole, starts } = gateUp;
    swiglu.push(await createGatedMatvec(device, whole, starts[1]!, between, gate.buffer));
  } else {
    swiglu.push(
      ...(await createMatvec(device, w('ffn_gate'), between, gate.buffer)),
      ...(await createMatvec(device, w('ffn_up'), between, up.buffer)),
      await createSiluMul(device, gate.buffer, up.buffer, gate.stride),
    );
  }

  const rope = { q: q!, k: k!, v: v!, rotations, pages };
  const attention = { q: q!, out: attended.buffer, pages, scratch: { outputs, stats } };
  const begin = weights.vector(layerTensor(layer, 'attn_norm'));
  const afterAttention = addTo(layerTensor(layer, 'ffn_norm'), between);
  const afterAll = addTo(
    isLast ? 'output_norm.weight' : layerTensor(layer + 1, 'attn_norm'),
    halfNormedBy(w('ffn_down')),
  );
  return {
    projections: [
      ...(layer === 0 ? [await createHalfNorm(device, x.buffer, begin, before)] : []),
      ...qkvProducts,
      await createRopeAppend(device, shape, rope, layerCache, state),
    ],
    rest: [
      ...(await createAttentionDecode(device, shape, attention, layerCache, state)),
      ...(await createMatvec(device, w('attn_output'), attended.buffer, x.buffer, afterAttention)),
      ...swiglu,
      ...(await createMatvec(device, w('ffn_down'), gate.buffer, x.buffer, afterAll)),
    ],
  };
}

async function buildForMany(parts: LlamaParts, layer: number): Promise<LlamaLayer> {
  const { device, config, weights, buffers, cache, shape } = parts;
  const { state, x, normed, attended, gate, rotations } = buffers;
  const options = { columns: config.hidden, epsilon: config.rmsEpsilon };
  const norm = (name: LayerNorm) =>
    createRmsNorm(device, x, weights.vector(layerTensor(layer, name)), normed, state, options);
  const linear = (name: LayerMatrix, from: Rows, to: Rows, accumulate = false) =>
    createProduct(device, weights.matrix(layerTensor(layer, name)), from, to, state, { accumulate });
  const layerCache = cache.layers[layer]!;
  const pages = cache.pageTable;
  const rows = qkvRowsOf(buffers, config);
  const [q, k, v] = rows.map(({ buffer }) => buffer);
  const rope = { q: q!, k: k!, v: v!, rotations, pages };
  const attention = { q: q!, out: attended.buffer, pages };
  return {
    projections: [
      await norm('attn_norm'),
      ...(await buildQkvOfMany(parts, layer, { buffer: buffers.qkvRows, rows })),
      await createRopeAppend(device, shape, rope, layerCache, state),
    ],
    rest: [
      ...(await createAttentionPrefill(device, shape, attention, layerCache, state)),
      ...(await linear('attn_output', attended, x, true)),

      await norm('ffn_norm'),
      ...(await buildSwigluOfMany(parts, layer)),
      ...(await linear('ffn_down', gate, x, true)),
    ],
  };
}

/** Many tokens' q, k and v in one buffer, each from a float of it on. */
export interface QkvRows {
  buffer: DeviceBuffer;
  rows: readonly (OutputRows & { start: number })[];
}

/** normed -> q, k, v: in one launch where the device gains by it and the matrices are joined. */
export async function buildQkvOfMany(
  { device, weights, buffers }: LlamaParts,
  layer: number,
  { buffer, rows }: QkvRows,
): Promise<Dispatch[]> {
  const { normed, state } = buffers;
  const groups = weights.joined(joinedLayerMatrices.qkv.map(name => layerTensor(layer, name)));
  const launches: Dispatch[] = [];
  let done = 0;
  for (const joined of groups) {
    const { members } = joined;
    if (members.length > 1 && joinsProducts(device.variant)) {
      const outputs = { buffer, rows: rows.slice(done, done + members.length) };
      launches.push(...(await createMembersProduct(device, joined, normed, outputs, state)));
    } else {
      for (const [i, matrix] of members.entries()) {
        launches.push(...(await createProduct(device, matrix, normed, rows[done + i]!, state)));
      }
    }
    done += members.length;
  }
  return launches;
}

/** normed -> gate, what the two products of SwiGLU become. */
export async function buildSwigluOfMany(
  { device, weights, buffers }: LlamaParts,
  layer: number,
): Promise<Dispatch[]> {
  const { normed, gate, up, state } = buffers;
  const [joined, apart] = weights.joined(joinedLayerMatrices.gateUp.map(name => layerTensor(layer, name)));
  if (joined && !apart && joinsProducts(device.variant)) {
    return createGatedProduct(device, joined, normed, gate, state);
  }
  const linear = (name: LayerMatrix, to: Rows) =>
    createProduct(device, weights.matrix(layerTensor(layer, name)), normed, to, state);
  return [
    ...(await linear('ffn_gate', gate)),
    ...(await linear('ffn_up', up)),
    await createSiluMul(device, gate.buffer, up.buffer, gate.stride),
  ];
}
