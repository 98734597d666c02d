import siluMulShader from '../../../shaders/linear/silu-mul.wgsl?raw';
import type { EngineDevice } from '../device/device.ts';
import type { Dispatch } from '../device/dispatch.ts';
import type { KernelSpec } from '../device/kernel-spec.ts';
import type { DeviceBuffer } from '../device/memory.ts';

export function siluMulSpec(): KernelSpec {
  return { kernel: 'silu-mul', form: {}, label: 'silu-mul', code: siluMulShader, entryPoint: 'silu_mul' };
}

/** gate[t] = silu(gate[t]) * up[t], both [tokens, stride] f32, in place. */
export async function createSiluMul(
  device: EngineDevice,
  gate: DeviceBuffer,
  up: DeviceBuffer,
  stride: number,
): Promise<Dispatch> {
  const params = await device.memory.uniform('silu-mul', new Uint32Array([stride / 4]));
  return device.createDispatch(siluMulSpec(), { 0: params, 1: gate, 2: up }, ({ tokens }) => [
    Math.ceil(stride / 4 / 64),
    tokens,
  ]);
}
