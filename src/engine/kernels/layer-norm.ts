import layerNormShader from '../../../shaders/norm/layer-norm.wgsl?raw';
import type { EngineDevice, Variant } from '../gpu/device.ts';
import { createDispatch, type Dispatch } from '../gpu/dispatch.ts';
import { floatBits } from '../gpu/memory.ts';
import type { PipelineSpec } from '../gpu/pipelines.ts';
import { composeKernel, foldGrid } from './compose.ts';
import type { Rows } from './rows.ts';

export function layerNormSpec(variant: Variant): PipelineSpec {
  return {
    label: 'layer-norm',
    code: composeKernel([layerNormShader], { reduce: variant }),
    entryPoint: 'layer_norm',
    constants: { WORKGROUP_SIZE: 128 },
  };
}

/**
 * y[t] = (x[t] - mean) * rsqrt(variance + epsilon) * weight + bias over `columns` values (biased variance).
 * weight, bias: [columns] f32. x and y are different buffers.
 */
export async function createLayerNorm(
  device: EngineDevice,
  x: Rows,
  weight: GPUBuffer,
  bias: GPUBuffer,
  y: Rows,
  state: GPUBuffer,
  options: { columns: number; epsilon: number },
): Promise<Dispatch> {
  const words = new Uint32Array([options.columns, x.stride, y.stride, floatBits(options.epsilon)]);
  const params = await device.memory.uniform('layer-norm', words);
  return createDispatch(
    device,
    layerNormSpec(device.variant),
    { 0: params, 1: x.buffer, 2: y.buffer, 3: weight, 4: bias, 7: state },
    step => foldGrid(step.tokens),
  );
}
