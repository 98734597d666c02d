import decodeShader from '../../../shaders/attention/decode.wgsl?raw';
import reduceShader from '../../../shaders/attention/decode-reduce.wgsl?raw';
import prefillShader from '../../../shaders/attention/prefill.wgsl?raw';
import ropeAppendShader from '../../../shaders/attention/rope-append.wgsl?raw';
import type { EngineDevice } from '../device/device.ts';
import type { Binding, Dispatch } from '../device/dispatch.ts';
import type { KernelSpec } from '../device/kernel-spec.ts';
import type { DeviceBuffer } from '../device/memory.ts';
import type { Precision } from '../types/precision.ts';
import { type Allocated, arrayShape } from './buffer-shape.ts';
import { cacheShaders, pagePositions } from './cache-format.ts';
import { composeKernel } from './compose.ts';

export interface AttentionShape {
  heads: number;
  kvHeads: number;
  headDim: number;
  /** Leading dimensions of a head that rotate; the rest pass through. */
  ropeDimensions: number;
  /** Pages in the cache. */
  pages: number;
  cache: Precision;
}

/** The KV cache of one layer: see shaders/attention/cache for the layouts. */
export interface LayerCache {
  keys: DeviceBuffer;
  values: DeviceBuffer;
}

export function ropeAppendSpec(shape: AttentionShape): KernelSpec {
  return {
    kernel: 'rope-append',
    form: { ...cachedHeads(shape), ropeDimensions: shape.ropeDimensions },
    label: `rope-append ${shape.cache}`,
    code: composeKernel([cacheShaders[shape.cache].append, ropeAppendShader], { cache: shape.cache }),
    entryPoint: 'rope_append',
    constants: {
      HEADS: shape.heads,
      KV_HEADS: shape.kvHeads,
      HEAD_DIM: shape.headDim,
      ROPE_DIMENSIONS: shape.ropeDimensions,
      PAGE: pagePositions,
      LANES: headLanes(shape),
    },
  };
}

/** What every kernel that reads or writes a cache is made for. */
export function cachedHeads({ heads, kvHeads, headDim, cache }: AttentionShape) {
  return { heads, kvHeads, headDim, page: pagePositions, cache };
}

/** Invocations of rope-append for a head: one for four dimensions, in whole pairs of blocks of 32. */
function headLanes({ headDim }: AttentionShape): number {
  return 16 * Math.ceil(headDim / 64);
}

/**
 * q rotated in place; k rotated and v as it is, into the cache. q [tokens, heads, headDim], k, v [tokens, kvHeads, headDim],
 * of one buffer or several, none overlapping another.
 */
export function createRopeAppend(
  device: EngineDevice,
  shape: AttentionShape,
  buffers: { q: Binding; k: Binding; v: Binding; rotations: DeviceBuffer; pages: DeviceBuffer },
  cache: LayerCache,
  state: DeviceBuffer,
): Promise<Dispatch> {
  const { q, k, v, rotations, pages } = buffers;
  const lanes = (shape.heads + 2 * shape.kvHeads) * headLanes(shape);
  return device.createDispatch(
    ropeAppendSpec(shape),
    { 1: q, 2: k, 3: v, 4: rotations, 5: cache.keys, 6: cache.values, 7: state, 8: pages },
    step => [Math.ceil(lanes / 64), step.tokens],
  );
}

/** How decode attention is cut into workgroups. */
interface DecodeGeometry {
  workgroupSize: number;
  /** Keys of a workgroup. */
  keys: number;
  /** Query heads of a workgroup, which share its keys. */
  group: number;
  /** Keys that an invocation takes on at once. */
  batch: number;
}

/**
 * A GPU is kept busy by many invocations with few keys each; a processor by few that need not wait for one another.
 */
function decodeGeometry(shape: AttentionShape, isSoftware: boolean): DecodeGeometry {
  const sharing = shape.heads / shape.kvHeads;
  const group = [4, 2].find(count => sharing % count === 0) ?? 1;
  // Workgroup memory holds group * keys scores, and weights as many times as a head has scales.
  return isSoftware
    ? { workgroupSize: 32, keys: group > 2 ? 128 : 256, group, batch: 4 / group }
    : { workgroupSize: 64, keys: 64, group, batch: 1 };
}

export function attentionDecodeSpecs(
  shape: AttentionShape,
  { isSoftware }: { isSoftware: boolean },
): [KernelSpec, KernelSpec] {
  const { workgroupSize, keys, group, batch } = decodeGeometry(shape, isSoftware);
  const { heads, kvHeads, headDim, pages } = shape;
  const split: KernelSpec = {
    kernel: 'attention-decode',
    form: { ...cachedHeads(shape), pages },
    label: `attention-decode ${shape.cache}`,
    code: composeKernel([decodeShader], { cache: shape.cache }),
    entryPoint: 'attention_decode',
    constants: {
      WORKGROUP_SIZE: workgroupSize,
      KEYS: keys,
      GROUP: group,
      BATCH: batch,
      HEADS: shape.heads,
      KV_HEADS: shape.kvHeads,
      HEAD_DIM: shape.headDim,
      PAGE: pagePositions,
      SPLITS: shape.pages,
    },
  };
  const reduce: KernelSpec = {
    kernel: 'attention-reduce',
    form: { heads, kvHeads, headDim, pages },
    label: 'attention-reduce',
    code: reduceShader,
    entryPoint: 'attention_reduce',
    constants: { HEAD_DIM: shape.headDim, SPLITS: shape.pages, KEYS: keys },
  };
  return [split, reduce];
}

/** Scratch of decode attention, which never splits finer than pages. */
export function decodeScratch({ heads, pages, headDim }: AttentionShape) {
  return {
    outputs: arrayShape('attention partial outputs', heads * pages * headDim), // [heads, pages, headDim] f32
    stats: arrayShape('attention partial stats', heads * pages * 2), //           [heads, pages, 2] f32
  };
}

export type DecodeScratch = Allocated<ReturnType<typeof decodeScratch>>;

/** out [heads, headDim] = attention of one token's q over everything in the cache up to its position. */
export async function createAttentionDecode(
  device: EngineDevice,
  shape: AttentionShape,
  buffers: {
    q: Binding;
    out: DeviceBuffer;
    pages: DeviceBuffer;
    scratch: DecodeScratch;
  },
  cache: LayerCache,
  state: DeviceBuffer,
): Promise<Dispatch[]> {
  const { q, out, pages, scratch } = buffers;
  const [split, reduce] = attentionDecodeSpecs(shape, device.report);
  const { keys, group } = decodeGeometry(shape, device.report.isSoftware);
  return [
    await device.createDispatch(
      split,
      { 1: q, 2: cache.keys, 3: cache.values, 4: pages, 5: scratch.outputs, 6: scratch.stats, 7: state },
      step => [shape.heads / group, Math.floor(step.position / keys) + 1],
    ),
    await device.createDispatch(reduce, { 1: scratch.outputs, 2: scratch.stats, 3: out, 7: state }, [
      shape.heads,
    ]),
  ];
}

export function attentionPrefillSpec(shape: AttentionShape): KernelSpec {
  return {
    kernel: 'attention-prefill',
    form: cachedHeads(shape),
    label: `attention-prefill ${shape.cache}`,
    code: composeKernel([prefillShader], { cache: shape.cache }),
    entryPoint: 'attention_prefill',
    constants: {
      HEADS: shape.heads,
      KV_HEADS: shape.kvHeads,
      HEAD_DIM: shape.headDim,
      PAGE: pagePositions,
    },
  };
}

/** out [tokens, heads, headDim] = causal attention of the step's tokens over the cache, themselves included. */
export function createAttentionPrefill(
  device: EngineDevice,
  shape: AttentionShape,
  buffers: { q: DeviceBuffer; out: DeviceBuffer; pages: DeviceBuffer },
  cache: LayerCache,
  state: DeviceBuffer,
): Promise<Dispatch> {
  return device.createDispatch(
    attentionPrefillSpec(shape),
    { 1: buffers.q, 2: cache.keys, 3: cache.values, 4: buffers.pages, 5: buffers.out, 7: state },
    step => [shape.heads, Math.ceil(step.tokens / 16)],
  );
}
