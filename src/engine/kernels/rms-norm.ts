import rmsNormShader from '../../../shaders/norm/rms-norm.wgsl?raw';
import type { EngineDevice, Variant } from '../device/device.ts';
import type { Dispatch } from '../device/dispatch.ts';
import type { KernelSpec } from '../device/kernel-spec.ts';
import type { DeviceBuffer } from '../device/memory.ts';
import { floatBits } from '../device/memory.ts';
import { composeKernel } from './compose.ts';

export function rmsNormSpec(variant: Variant, lastToken: boolean, adds = false): KernelSpec {
  return {
    kernel: 'rms-norm',
    form: { lastToken, adds },
    label: `rms-norm${lastToken ? ' last token' : ''}${adds ? ' added' : ''}`,
    code: composeKernel([rmsNormShader], { reduce: variant }),
    entryPoint: 'rms_norm',
    constants: { WORKGROUP_SIZE: 128, LAST_TOKEN: Number(lastToken), ADDS: Number(adds) },
  };
}

/**
 * y[t] = x[t] * rsqrt(mean(x[t]^2) + epsilon) * weight over `columns` values; with `lastToken` only the step's last
 * token, into row 0 of y. With `adds` y[t] += that.
 */
export async function createRmsNorm(
  device: EngineDevice,
  x: { buffer: DeviceBuffer; stride: number },
  weight: DeviceBuffer,
  y: { buffer: DeviceBuffer; stride: number },
  state: DeviceBuffer,
  options: { columns: number; epsilon: number; lastToken?: boolean; adds?: boolean },
): Promise<Dispatch> {
  const words = new Uint32Array([options.columns, x.stride, y.stride, floatBits(options.epsilon)]);
  const params = await device.memory.uniform('rms-norm', words);
  return device.createDispatch(
    rmsNormSpec(device.variant, options.lastToken ?? false, options.adds),
    { 0: params, 1: x.buffer, 2: y.buffer, 3: weight, 7: state },
    step => [options.lastToken ? 1 : step.tokens],
  );
}
