import decodeShader from '../../../shaders/attention/decode.wgsl?raw';
import reduceShader from '../../../shaders/attention/decode-reduce.wgsl?raw';
import ropeAppendShader from '../../../shaders/attention/rope-append.wgsl?raw';
import softwareDecodeShader from '../../../shaders/attention/software/decode.wgsl?raw';
import softwareReduceShader from '../../../shaders/attention/software/decode-reduce.wgsl?raw';
import type { EngineDevice, Variant } from '../device/device.ts';
import { type Binding, type Dispatch, inClass, type Step } from '../device/dispatch.ts';
import type { KernelSpec } from '../device/kernel-spec.ts';
import type { DeviceBuffer } from '../device/memory.ts';
import type { Precision } from '../types/precision.ts';
import { type Allocated, arrayShape } from './buffer-shape.ts';
import { cacheShaders, cacheWords, pagePositions } from './cache-format.ts';
import { composeKernel } from './compose.ts';
import {
  type DecodeGeometry,
  decodeClass,
  decodeGeometry,
  decodeLoads,
  mostParts,
  reduceWorkgroupSize,
  softwareDecodeGeometry,
} from './decode-geometry.ts';
import { unroll } from './unroll.ts';

export interface AttentionShape {
  heads: number;
  kvHeads: number;
  headDim: number;
  /** Leading dimensions of a head that rotate; the rest pass through. */
  ropeDimensions: number;
  /** Pages in the cache. */
  pages: number;
  /** Keys that a position sees, its own included; all of them where it is absent. */
  window?: number | undefined;
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
    code: composeKernel([cacheShaders[shape.cache].append, ropeAppendShader]),
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

/** The kernel that handles a split of the keys, and the one that joins the splits; of each a form for processors. */
export function attentionDecodeSpecs(
  shape: AttentionShape,
  target: { variant: Variant; isSoftware: boolean },
): [KernelSpec, KernelSpec] {
  const { heads, kvHeads, headDim, pages, cache, window = 0 } = shape;
  const form = { heads, kvHeads, headDim, pages, window };
  const sizes = { HEAD_DIM: headDim, SPLITS: pages, KEYS: splitOf(shape, target).keys, WINDOW: window };
  const split = {
    kernel: 'attention-decode',
    form: { ...cachedHeads(shape), pages, window },
    label: `attention-decode ${cache}`,
    entryPoint: 'attention_decode',
  } as const;
  const splitSizes = { ...sizes, HEADS: heads, KV_HEADS: kvHeads, PAGE: pagePositions };
  const reduce = {
    kernel: 'attention-reduce',
    form,
    label: 'attention-reduce',
    entryPoint: 'attention_reduce',
  } as const;
  if (target.isSoftware) {
    const { workgroupSize, group, batch } = softwareDecodeGeometry(shape);
    return [
      {
        ...split,
        code: composeKernel([softwareDecodeShader], { cache }),
        constants: { ...splitSizes, WORKGROUP_SIZE: workgroupSize, GROUP: group, BATCH: batch },
      },
      { ...reduce, code: softwareReduceShader, constants: sizes },
    ];
  }
  const { workgroupSize, group } = decodeGeometry(shape, target.variant.choices);
  const { words, quads } = cacheWords(shape);
  const counts = {
    ...{ GROUP: group, VECTORS: Math.ceil(group / 4), LOADS: decodeLoads },
    ...{ QUADS: quads, PARTS: Math.min(mostParts, Math.floor(workgroupSize / words)) },
  };
  const reduceCounts = {
    LOADS: decodeLoads,
    PARTS: Math.min(mostParts, Math.floor(reduceWorkgroupSize / (headDim / 4))),
  };
  return [
    {
      ...split,
      code: composeKernel([countedShader(decodeShader, counts)], { cache, reduce: target.variant }),
      constants: { ...splitSizes, WORKGROUP_SIZE: workgroupSize },
    },
    {
      ...reduce,
      code: countedShader(reduceShader, reduceCounts),
      constants: { ...sizes, WORKGROUP_SIZE: reduceWorkgroupSize },
    },
  ];
}

/** What a workgroup of decode attention takes on. */
function splitOf(shape: AttentionShape, target: { variant: Variant; isSoftware: boolean }): DecodeGeometry {
  return target.isSoftware ? softwareDecodeGeometry(shape) : decodeGeometry(shape, target.variant.choices);
}

/** Unrolled, with the counts as constants. */
function countedShader(shader: string, counts: Readonly<Record<string, number>>): string {
  const constants = Object.entries(counts).map(([name, value]) => `const ${name}: u32 = ${value};`);
  return [...constants, unroll(shader, counts)].join('\n');
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
    out: Binding;
    pages: DeviceBuffer;
    scratch: DecodeScratch;
  },
  cache: LayerCache,
  state: DeviceBuffer,
): Promise<Dispatch[]> {
  const { q, out, pages, scratch } = buffers;
  const target = { variant: device.variant, isSoftware: device.report.isSoftware };
  const [split, reduce] = attentionDecodeSpecs(shape, target);
  const { keys, group } = splitOf(shape, target);
  const { window } = shape;
  const firstSeen = ({ position }: Step) => (window ? Math.max(0, position + 1 - window) : 0);
  const attend = await device.createDispatch(
    split,
    { 1: q, 2: cache.keys, 3: cache.values, 4: pages, 5: scratch.outputs, 6: scratch.stats, 7: state },
    step => [shape.heads / group, Math.floor(step.position / keys) - Math.floor(firstSeen(step) / keys) + 1],
  );
  return [
    inClass(attend, decodeClass(shape)),
    await device.createDispatch(reduce, { 1: scratch.outputs, 2: scratch.stats, 3: out, 7: state }, [
      shape.heads,
    ]),
  ];
}
