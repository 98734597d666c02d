import type { EngineDevice } from '../../device/device.ts';
import type { Binding, Dispatch } from '../../device/dispatch.ts';
import type { DeviceBuffer } from '../../device/memory.ts';
import { createAddBias } from '../../kernels/add-bias.ts';
import {
  type AttentionShape,
  createAttentionDecode,
  createRopeAppend,
  type LayerCache,
} from '../../kernels/attention.ts';
import { createAttentionPrefill } from '../../kernels/attention-prefill.ts';
import { createGeluMul } from '../../kernels/gelu-mul.ts';
import { createHalfNorm, type HalfNormed } from '../../kernels/half-norm.ts';
import { createHeadNorm } from '../../kernels/head-norm.ts';
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
import {
  attentionOf,
  halfNormedOf,
  type LlamaBuffers,
  qkvRowsOf,
  qkvWidths,
  type StepKind,
} from './llama.ts';
import type { LlamaConfig } from './llama-config.ts';
import {
  joinedLayerMatrices,
  type LayerBias,
  type LayerMatrix,
  type LayerNorm,
  layerBias,
  layerTensor,
} from './llama-tensors.ts';

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
 * or what the parts of another family make of it: biases of q, k and v, norms of their heads and of what is added, another gate.
 */
export function buildLlamaLayer(parts: LlamaParts, kind: StepKind, layer: number): Promise<LlamaLayer> {
  if (kind === 'one') return buildForOne(parts, layer);
  const { cache } = parts;
  const steps = kind === 'long' && cache.hasRing(layer) ? cache.windowSteps : undefined;
  return buildForMany(parts, layer, {
    layerCache: steps?.layerCache ?? cache.layers[layer]!,
    pages: steps?.table ?? cache.pagesOf(layer),
  });
}

/**
 * In seven launches: between two launches a GPU idles longer than a small product takes. A norm is begun by the launch
 * that makes its input (`next`) and ended by the product that reads it; only the first layer begins its own.
 */
async function buildForOne(parts: LlamaParts, layer: number): Promise<LlamaLayer> {
  const { device, config, weights, buffers, cache } = parts;
  const { state, x, normed, qkv, attended, gate, up, outputs, stats } = buffers;
  const { shape, rotations } = attentionOf(config, parts.shape, buffers, layer);
  const w = (name: LayerMatrix) => weights.matrix(layerTensor(layer, name));
  const halfNormedBy = (adding: Matrix | undefined) =>
    halfNormedOf(buffers.halfNormed, config, device.variant, adding);
  // A norm of what is added goes between: the product before it does not begin the next one.
  const { postNorms, gate: gateKind } = config.parts;
  const adding = (layer: number, name: LayerMatrix) =>
    halfNormedBy(postNorms || layer < 0 ? undefined : weights.matrix(layerTensor(layer, name)));
  const before = adding(layer - 1, 'ffn_down');
  const between = adding(layer, 'attn_output');
  const joined = (group: keyof typeof joinedLayerMatrices) =>
    weights.joined(joinedLayerMatrices[group].map(name => layerTensor(layer, name)));
  const isLast = layer === config.layers - 1;
  /** x += the product, and x half normed for what follows. */
  const add = async (
    name: 'attn_output' | 'ffn_down',
    from: DeviceBuffer,
    next: string,
    into: HalfNormed,
  ): Promise<Dispatch[]> => {
    const weight = weights.vector(next);
    if (!config.parts.postNorms) {
      return createMatvec(device, w(name), from, x.buffer, { accumulate: true, next: { weight, into } });
    }
    return [
      ...(await createMatvec(device, w(name), from, normed.buffer)),
      await buildPostNorm(parts, name, layer),
      await createHalfNorm(device, x.buffer, weight, into),
    ];
  };
  const layerCache = cache.layers[layer]!;
  const pages = cache.pagesOf(layer);

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
  if (gateUp && !apart && gateKind === 'silu') {
    const { whole, starts } = gateUp;
    swiglu.push(await createGatedMatvec(device, whole, starts[1]!, between, gate.buffer));
  } else {
    swiglu.push(
      ...(await createMatvec(device, w('ffn_gate'), between, gate.buffer)),
      ...(await createMatvec(device, w('ffn_up'), between, up.buffer)),
      await createGateMul(parts),
    );
  }

  const rope = { q: q!, k: k!, v: v!, rotations, pages };
  const attention = { q: q!, out: attended.buffer, pages, scratch: { outputs, stats } };
  const begin = weights.vector(layerTensor(layer, 'attn_norm'));
  const afterAll = isLast ? 'output_norm.weight' : layerTensor(layer + 1, 'attn_norm');
  return {
    projections: [
      ...(layer === 0 ? [await createHalfNorm(device, x.buffer, begin, before)] : []),
      ...qkvProducts,
      ...(await finishProjections(parts, layer, { q: q!, k: k!, v: v! }, state)),
      await createRopeAppend(device, shape, rope, layerCache, state),
    ],
    rest: [
      ...(await createAttentionDecode(device, shape, attention, layerCache, state)),
      ...(await add('attn_output', attended.buffer, layerTensor(layer, 'ffn_norm'), between)),
      ...swiglu,
      ...(await add('ffn_down', gate.buffer, afterAll, adding(layer, 'ffn_down'))),
    ],
  };
}

async function buildForMany(
  parts: LlamaParts,
  layer: number,
  { layerCache, pages }: { layerCache: LayerCache; pages: DeviceBuffer },
): Promise<LlamaLayer> {
  const { device, config, weights, buffers } = parts;
  const { state, x, normed, attended, gate } = buffers;
  const { shape, rotations } = attentionOf(config, parts.shape, buffers, layer);
  const options = { columns: config.hidden, epsilon: config.rmsEpsilon };
  const norm = (name: LayerNorm) =>
    createRmsNorm(device, x, weights.vector(layerTensor(layer, name)), normed, state, options);
  const rows = qkvRowsOf(buffers, config);
  const [q, k, v] = rows.map(({ buffer }) => buffer);
  const rope = { q: q!, k: k!, v: v!, rotations, pages };
  const attention = { q: q!, out: attended.buffer, pages };
  return {
    projections: [
      await norm('attn_norm'),
      ...(await buildQkvOfMany(parts, layer, { buffer: buffers.qkvRows, rows })),
      ...(await finishProjections(parts, layer, { q: q!, k: k!, v: v! }, state)),
      await createRopeAppend(device, shape, rope, layerCache, state),
    ],
    rest: [
      ...(await createAttentionPrefill(device, shape, attention, layerCache, state)),
      ...(await addProductOfMany(parts, layer, 'attn_output', attended)),

      await norm('ffn_norm'),
      ...(await buildSwigluOfMany(parts, layer)),
      ...(await addProductOfMany(parts, layer, 'ffn_down', gate)),
    ],
  };
}

/** x += the product of many tokens, normed before where the family does so. */
export async function addProductOfMany(
  parts: LlamaParts,
  layer: number,
  name: 'attn_output' | 'ffn_down',
  from: Rows,
): Promise<Dispatch[]> {
  const { device, config, weights, buffers } = parts;
  const { state, x, normed } = buffers;
  const matrix = weights.matrix(layerTensor(layer, name));
  if (!config.parts.postNorms) return createProduct(device, matrix, from, x, state, { accumulate: true });
  return [
    ...(await createProduct(device, matrix, from, normed, state)),
    await buildPostNorm(parts, name, layer),
  ];
}

const postNorms = { attn_output: 'post_attention_norm', ffn_down: 'post_ffw_norm' } as const;

/** x += RMSNorm(normed), which holds what this product gave. */
function buildPostNorm(
  { device, config, weights, buffers }: LlamaParts,
  product: keyof typeof postNorms,
  layer: number,
): Promise<Dispatch> {
  const { state, x, normed } = buffers;
  const weight = weights.vector(layerTensor(layer, postNorms[product]));
  const options = { columns: config.hidden, epsilon: config.rmsEpsilon, adds: true };
  return createRmsNorm(device, normed, weight, x, state, options);
}

/** What the family does with q, k and v before they rotate, in place. */
export async function finishProjections(
  { device, config, weights }: LlamaParts,
  layer: number,
  qkv: { q: Binding; k: Binding; v: Binding },
  state: DeviceBuffer,
): Promise<Dispatch[]> {
  const { parts, rmsEpsilon } = config;
  const [q, kv] = qkvWidths(config);
  const bias = (name: LayerBias) => weights.vector(layerBias(layer, name));
  const norm = (name: LayerNorm) => weights.vector(layerTensor(layer, name));
  const launches: Dispatch[] = [];
  if (parts.qkvBias) {
    const biases = { q: bias('attn_q'), k: bias('attn_k'), v: bias('attn_v') };
    launches.push(await createAddBias(device, { q, kv }, qkv, biases, state));
  }
  if (parts.headNorms) {
    const norms = { q: norm('attn_q_norm'), k: norm('attn_k_norm') };
    launches.push(await createHeadNorm(device, config, qkv, norms, state, rmsEpsilon));
  }
  return launches;
}

/** gate = what the family's gate makes of it, times up. */
function createGateMul({ device, config, buffers }: LlamaParts): Promise<Dispatch> {
  const { gate, up } = buffers;
  const create = config.parts.gate === 'gelu' ? createGeluMul : createSiluMul;
  return create(device, gate.buffer, up.buffer, gate.stride);
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
export async function buildSwigluOfMany(parts: LlamaParts, layer: number): Promise<Dispatch[]> {
  const { device, config, weights, buffers } = parts;
  const { normed, gate, up, state } = buffers;
  const [joined, apart] = weights.joined(joinedLayerMatrices.gateUp.map(name => layerTensor(layer, name)));
  if (joined && !apart && joinsProducts(device.variant) && config.parts.gate === 'silu') {
    return createGatedProduct(device, joined, normed, gate, state);
  }
  const linear = (name: LayerMatrix, to: Rows) =>
    createProduct(device, weights.matrix(layerTensor(layer, name)), normed, to, state);
  return [...(await linear('ffn_gate', gate)), ...(await linear('ffn_up', up)), await createGateMul(parts)];
}
