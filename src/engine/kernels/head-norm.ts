import headNormShader from '../../../shaders/norm/head-norm.wgsl?raw';
import type { EngineDevice, Variant } from '../device/device.ts';
import type { Binding, Dispatch } from '../device/dispatch.ts';
import type { KernelSpec } from '../device/kernel-spec.ts';
import { type DeviceBuffer, floatBits } from '../device/memory.ts';
import { composeKernel } from './compose.ts';

export interface HeadNormShape {
  heads: number;
  kvHeads: number;
  headDim: number;
}

export function headNormSpec({ heads, kvHeads, headDim }: HeadNormShape, variant: Variant): KernelSpec {
  return {
    kernel: 'head-norm',
    form: { heads, kvHeads, headDim },
    label: 'head-norm',
    code: composeKernel([headNormShader], { reduce: variant }),
    entryPoint: 'head_norm',
    constants: { WORKGROUP_SIZE: 64, HEADS: heads, KV_HEADS: kvHeads, HEAD_DIM: headDim },
  };
}

/**
 * The RMSNorm of each head of q [tokens, heads, headDim] and of k [tokens, kvHeads, headDim], in place; of one buffer or two, not
 * overlapping. weights: [headDim] f32.
 */
export async function createHeadNorm(
  device: EngineDevice,
  shape: HeadNormShape,
  { q, k }: { q: Binding; k: Binding },
  weights: { q: DeviceBuffer; k: DeviceBuffer },
  state: DeviceBuffer,
  epsilon: number,
): Promise<Dispatch> {
  const params = await device.memory.uniform('head-norm', new Uint32Array([floatBits(epsilon)]));
  return device.createDispatch(
    headNormSpec(shape, device.variant),
    { 0: params, 1: q, 2: k, 3: weights.q, 4: weights.k, 7: state },
    ({ tokens }) => [shape.heads + shape.kvHeads, tokens],
  );
}
