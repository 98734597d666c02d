import siluMulShader from '../../../shaders/linear/silu-mul.wgsl?raw';
import type { EngineDevice } from '../gpu/device.ts';
import { createDispatch, type Dispatch } from '../gpu/dispatch.ts';
import type { PipelineSpec } from '../gpu/pipelines.ts';

export function siluMulSpec(): PipelineSpec {
  return { label: 'silu-mul', code: siluMulShader, entryPoint: 'silu_mul' };
}

/** gate[t] = silu(gate[t]) * up[t], both [tokens, stride] f32, in place. */
export async function createSiluMul(
  device: EngineDevice,
  gate: GPUBuffer,
  up: GPUBuffer,
  stride: number,
): Promise<Dispatch> {
  const params = await device.memory.uniform('silu-mul', new Uint32Array([stride / 4]));
  return createDispatch(device, siluMulSpec(), { 0: params, 1: gate, 2: up }, step => [
    Math.ceil(stride / 4 / 64),
    step.tokens,
  ]);
}
