import geluMulShader from '../../../shaders/linear/gelu-mul.wgsl?raw';
import type { EngineDevice } from '../device/device.ts';
import type { Dispatch } from '../device/dispatch.ts';
import type { KernelSpec } from '../device/kernel-spec.ts';
import type { DeviceBuffer } from '../device/memory.ts';

export function geluMulSpec(): KernelSpec {
  return { kernel: 'gelu-mul', form: {}, label: 'gelu-mul', code: geluMulShader, entryPoint: 'gelu_mul' };
}

/** gate[t] = gelu(gate[t]) * up[t] by the tangent formula, both [tokens, stride] f32, in place. */
export async function createGeluMul(
  device: EngineDevice,
  gate: DeviceBuffer,
  up: DeviceBuffer,
  stride: number,
): Promise<Dispatch> {
  const params = await device.memory.uniform('gelu-mul', new Uint32Array([stride / 4]));
  return device.createDispatch(geluMulSpec(), { 0: params, 1: gate, 2: up }, ({ tokens }) => [
    Math.ceil(stride / 4 / 64),
    tokens,
  ]);
}
