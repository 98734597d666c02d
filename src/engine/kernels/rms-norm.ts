import rmsNormShader from '../../../shaders/norm/rms-norm.wgsl?raw';
import type { EngineDevice, Variant } from '../gpu/device.ts';
import { createDispatch, type Dispatch } from '../gpu/dispatch.ts';
import { floatBits } from '../gpu/memory.ts';
import type { PipelineSpec } from '../gpu/pipelines.ts';
import { composeKernel } from './compose.ts';

export function rmsNormSpec(variant: Variant, lastToken: boolean): PipelineSpec {
  return {
    label: lastToken ? 'rms-norm last token' : 'rms-norm',
    code: composeKernel([rmsNormShader], { reduce: variant }),
    entryPoint: 'rms_norm',
    constants: { WORKGROUP_SIZE: 128, LAST_TOKEN: Number(lastToken) },
  };
}

/**
 * y[t] = x[t] * rsqrt(mean(x[t]^2) + epsilon) * weight over `columns` values; with `lastToken` only the step's last
 * token, into row 0 of y.
 */
export async function createRmsNorm(
  device: EngineDevice,
  x: { buffer: GPUBuffer; stride: number },
  weight: GPUBuffer,
  y: { buffer: GPUBuffer; stride: number },
  state: GPUBuffer,
  options: { columns: number; epsilon: number; lastToken?: boolean },
): Promise<Dispatch> {
  const words = new Uint32Array([options.columns, x.stride, y.stride, floatBits(options.epsilon)]);
  const params = await device.memory.uniform('rms-norm', words);
  return createDispatch(
    device,
    rmsNormSpec(device.variant, options.lastToken ?? false),
    { 0: params, 1: x.buffer, 2: y.buffer, 3: weight, 7: state },
    step => [options.lastToken ? 1 : step.tokens],
  );
}
