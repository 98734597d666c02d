import encoderShader from '../../../shaders/attention/encoder.wgsl?raw';
import type { EngineDevice } from '../gpu/device.ts';
import { createDispatch, type Dispatch } from '../gpu/dispatch.ts';
import type { PipelineSpec } from '../gpu/pipelines.ts';

/** QUERIES of the shader. */
export const encoderQueries = 64;

export interface EncoderAttentionShape {
  heads: number;
  /** A multiple of 4, at most 128. */
  headDim: number;
  /** Positions of one image tile, the class token included. */
  positions: number;
}

export function encoderAttentionSpec(shape: EncoderAttentionShape): PipelineSpec {
  return {
    label: 'attention-encoder',
    code: encoderShader,
    entryPoint: 'attention_encoder',
    constants: { HEADS: shape.heads, HEAD_DIM: shape.headDim, POSITIONS: shape.positions },
  };
}

/**
 * out = softmax(q k' / sqrt(headDim)) v within each image tile, without a causal mask. All buffers
 * [tiles * positions, heads * headDim] f32, rows tight; tile n is rows n * positions onwards, and the step's `tokens` is
 * the number of rows. A last tile with fewer rows attends to the rows that it has. `state` is (position, tokens) u32.
 */
export function createEncoderAttention(
  device: EngineDevice,
  shape: EncoderAttentionShape,
  buffers: { q: GPUBuffer; k: GPUBuffer; v: GPUBuffer; out: GPUBuffer },
  state: GPUBuffer,
): Promise<Dispatch> {
  return createDispatch(
    device,
    encoderAttentionSpec(shape),
    { 1: buffers.q, 2: buffers.k, 3: buffers.v, 4: buffers.out, 7: state },
    step => [
      shape.heads,
      Math.ceil(shape.positions / encoderQueries),
      Math.ceil(step.tokens / shape.positions),
    ],
  );
}
