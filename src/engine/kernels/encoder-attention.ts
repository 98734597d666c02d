import encoderShader from '../../../shaders/attention/encoder.wgsl?raw';
import type { EngineDevice } from '../device/device.ts';
import type { Dispatch } from '../device/dispatch.ts';
import type { KernelSpec } from '../device/kernel-spec.ts';
import type { DeviceBuffer } from '../device/memory.ts';

/** QUERIES of the shader. */
export const encoderQueries = 64;

export interface EncoderAttentionShape {
  heads: number;
  /** A multiple of 4, at most 128. */
  headDim: number;
  /** Positions of one image tile, the class token included. */
  positions: number;
}

export function encoderAttentionSpec(shape: EncoderAttentionShape): KernelSpec {
  const { heads, headDim, positions } = shape;
  return {
    kernel: 'attention-encoder',
    form: { heads, headDim, positions },
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
  buffers: { q: DeviceBuffer; k: DeviceBuffer; v: DeviceBuffer; out: DeviceBuffer },
  state: DeviceBuffer,
): Promise<Dispatch> {
  return device.createDispatch(
    encoderAttentionSpec(shape),
    { 1: buffers.q, 2: buffers.k, 3: buffers.v, 4: buffers.out, 7: state },
    step => [
      shape.heads,
      Math.ceil(shape.positions / encoderQueries),
      Math.ceil(step.tokens / shape.positions),
    ],
  );
}
