import halfNormShader from '../../../shaders/norm/half-norm.wgsl?raw';
import type { EngineDevice, Variant } from '../device/device.ts';
import type { Dispatch } from '../device/dispatch.ts';
import type { KernelSpec } from '../device/kernel-spec.ts';
import type { DeviceBuffer } from '../device/memory.ts';
import { paddedColumns } from '../quant/gpu-formats.ts';
import { composeKernel } from './compose.ts';

/**
 * One token's activations whose RMSNorm is half done (shaders/linear/half-normed.wgsl): norm weight * x, zero up to the
 * padded columns, then partial sums of x^2. Whoever makes x makes both; whoever multiplies them takes the root.
 */
export interface HalfNormed {
  /** [normStart + 4 * sumVectors] f32 */
  buffer: DeviceBuffer;
  columns: number;
  /** vec4s of partial sums, all of which are added: as many as their last writer leaves. */
  sumVectors: number;
  epsilon: number;
}

/** Floats before the partial sums. */
export function normStart({ columns }: Pick<HalfNormed, 'columns'>): number {
  return paddedColumns(columns);
}

/** Floats of the whole buffer. */
export function halfNormedFloats(of: Pick<HalfNormed, 'columns' | 'sumVectors'>): number {
  return normStart(of) + 4 * of.sumVectors;
}

export function halfNormSpec(variant: Variant): KernelSpec {
  return {
    kernel: 'half-norm',
    form: {},
    label: 'half-norm',
    code: composeKernel([halfNormShader], { reduce: variant }),
    entryPoint: 'half_norm',
    constants: { WORKGROUP_SIZE: variant.small ? 128 : 256 },
  };
}

/** `into` = x, half normed. x, weight: [columns] f32. */
export async function createHalfNorm(
  device: EngineDevice,
  x: DeviceBuffer,
  weight: DeviceBuffer,
  into: HalfNormed,
): Promise<Dispatch> {
  const words = new Uint32Array([into.columns, normStart(into), 4 * into.sumVectors]);
  const params = await device.memory.uniform('half-norm', words);
  return device.createDispatch(
    halfNormSpec(device.variant),
    { 0: params, 1: x, 2: into.buffer, 3: weight },
    [1],
  );
}
