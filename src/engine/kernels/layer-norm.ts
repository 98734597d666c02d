import layerNormShader from '../../../shaders/norm/layer-norm.wgsl?raw';
import type { EngineDevice, Variant } from '../device/device.ts';
import type { Dispatch } from '../device/dispatch.ts';
import type { KernelSpec } from '../device/kernel-spec.ts';
import type { DeviceBuffer } from '../device/memory.ts';
import { floatBits } from '../device/memory.ts';
import { composeKernel, foldGrid } from './compose.ts';
import type { Rows } from './rows.ts';

export function layerNormSpec(variant: Variant): KernelSpec {
  return {
    kernel: 'layer-norm',
    form: {},
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
  weight: DeviceBuffer,
  bias: DeviceBuffer,
  y: Rows,
  state: DeviceBuffer,
  options: { columns: number; epsilon: number },
): Promise<Dispatch> {
  const words = new Uint32Array([options.columns, x.stride, y.stride, floatBits(options.epsilon)]);
  const params = await device.memory.uniform('layer-norm', words);
  return device.createDispatch(
    layerNormSpec(device.variant),
    { 0: params, 1: x.buffer, 2: y.buffer, 3: weight, 4: bias, 7: state },
    step => foldGrid(step.tokens),
  );
}
