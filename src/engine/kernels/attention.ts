import decodeShader from '../../../shaders/attention/decode.wgsl?raw';
import reduceShader from '../../../shaders/attention/decode-reduce.wgsl?raw';
import prefillShader from '../../../shaders/attention/prefill.wgsl?raw';
import ropeAppendShader from '../../../shaders/attention/rope-append.wgsl?raw';
import type { EngineDevice, Variant } from '../gpu/device.ts';
import { type Binding, createDispatch, type Dispatch } from '../gpu/dispatch.ts';
import type { PipelineSpec } from '../gpu/pipelines.ts';
import type { Precision } from '../types.ts';
import { composeKernel } from './compose.ts';

/** Positions a page of the KV cache holds; also the keys that one workgroup of decode attention handles. */
export const pagePositions = 64;

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

/** The KV cache of one layer: see shaders/attention/rope-append.wgsl for the layout. */
export interface LayerCache {
  keys: GPUBuffer;
  values: GPUBuffer;
}

export function ropeAppendSpec(shape: AttentionShape): PipelineSpec {
  return {
    label: `rope-append ${shape.cache}`,
    code: composeKernel([ropeAppendShader], { cache: shape.cache }),
    entryPoint: 'rope_append',
    constants: {
      HEADS: shape.heads,
      KV_HEADS: shape.kvHeads,
      HEAD_DIM: shape.headDim,
      ROPE_DIMENSIONS: shape.ropeDimensions,
      PAGE: pagePositions,
    },
  };
}

/**
 * q rotated in place; k rotated and v as it is, into the cache. q [tokens, heads, headDim], k, v [tokens, kvHeads, headDim],
 * of one buffer or several, none overlapping another.
 */
export function createRopeAppend(
  device: EngineDevice,
  shape: AttentionShape,
  buffers: { q: Binding; k: Binding; v: Binding; rotations: GPUBuffer; pages: GPUBuffer },
  cache: LayerCache,
  state: GPUBuffer,
): Promise<Dispatch> {
  const { q, k, v, rotations, pages } = buffers;
  const pairs = ((shape.heads + shape.kvHeads) * shape.headDim) / 2;
  return createDispatch(
    device,
    ropeAppendSpec(shape),
    { 1: q, 2: k, 3: v, 4: rotations, 5: cache.keys, 6: cache.values, 7: state, 8: pages },
    step => [Math.ceil(pairs / 64), step.tokens],
  );
}

export function attentionDecodeSpecs(shape: AttentionShape, variant: Variant): [PipelineSpec, PipelineSpec] {
  const split: PipelineSpec = {
    label: `attention-decode ${shape.cache}`,
    code: composeKernel([decodeShader], { reduce: variant, cache: shape.cache }),
    entryPoint: 'attention_decode',
    constants: {
      WORKGROUP_SIZE: pagePositions,
      HEADS: shape.heads,
      KV_HEADS: shape.kvHeads,
      HEAD_DIM: shape.headDim,
      PAGES: shape.pages,
    },
  };
  const reduce: PipelineSpec = {
    label: 'attention-reduce',
    code: reduceShader,
    entryPoint: 'attention_reduce',
    constants: { HEAD_DIM: shape.headDim, PAGES: shape.pages, PAGE: pagePositions },
  };
  return [split, reduce];
}

/** Scratch of decode attention: [heads, pages, headDim] and [heads, pages, 2] f32. */
export async function allocateDecodeScratch(
  device: EngineDevice,
  shape: AttentionShape,
): Promise<{ outputs: GPUBuffer; stats: GPUBuffer }> {
  const rows = shape.heads * shape.pages;
  return {
    outputs: await device.memory.storage('attention partial outputs', rows * shape.headDim * 4),
    stats: await device.memory.storage('attention partial stats', rows * 8),
  };
}

/** out [heads, headDim] = attention of one token's q over everything in the cache up to its position. */
export async function createAttentionDecode(
  device: EngineDevice,
  shape: AttentionShape,
  buffers: {
    q: Binding;
    out: GPUBuffer;
    pages: GPUBuffer;
    scratch: { outputs: GPUBuffer; stats: GPUBuffer };
  },
  cache: LayerCache,
  state: GPUBuffer,
): Promise<Dispatch[]> {
  const { q, out, pages, scratch } = buffers;
  const [split, reduce] = attentionDecodeSpecs(shape, device.variant);
  return [
    await createDispatch(
      device,
      split,
      { 1: q, 2: cache.keys, 3: cache.values, 4: pages, 5: scratch.outputs, 6: scratch.stats, 7: state },
      step => [shape.heads, Math.floor(step.position / pagePositions) + 1],
    ),
    await createDispatch(device, reduce, { 1: scratch.outputs, 2: scratch.stats, 3: out, 7: state }, [
      shape.heads,
    ]),
  ];
}

export function attentionPrefillSpec(shape: AttentionShape): PipelineSpec {
  return {
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
  buffers: { q: GPUBuffer; out: GPUBuffer; pages: GPUBuffer },
  cache: LayerCache,
  state: GPUBuffer,
): Promise<Dispatch> {
  return createDispatch(
    device,
    attentionPrefillSpec(shape),
    { 1: buffers.q, 2: cache.keys, 3: cache.values, 4: buffers.pages, 5: buffers.out, 7: state },
    step => [shape.heads, Math.ceil(step.tokens / 16)],
  );
}
