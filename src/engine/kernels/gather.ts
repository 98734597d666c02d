import gatherShader from '../../../shaders/embed/gather.wgsl?raw';
import type { EngineDevice } from '../device/device.ts';
import type { Dispatch } from '../device/dispatch.ts';
import type { KernelSpec } from '../device/kernel-spec.ts';
import { type DeviceBuffer, floatBits } from '../device/memory.ts';
import { type GpuFormat, paddedColumns } from '../quant/gpu-formats.ts';
import { composeKernel } from './compose.ts';
import { formatShaders } from './linear-formats.ts';
import type { Matrix } from './matrix.ts';

export function gatherSpec(format: GpuFormat): KernelSpec {
  return {
    kernel: 'gather',
    form: { format: format.name },
    label: `gather ${format.name}`,
    code: composeKernel([formatShaders[format.name].weights, gatherShader]),
    entryPoint: 'gather',
    constants: format.constants,
  };
}

/** x[t] = `scale` times row ids[t] of the embedding. ids: [tokens] u32, each below the matrix's rows; x: [tokens, stride] f32. */
export async function createGather(
  device: EngineDevice,
  matrix: Matrix,
  ids: DeviceBuffer,
  x: { buffer: DeviceBuffer; stride: number },
  scale = 1,
): Promise<Dispatch[]> {
  const groupsPerRow = paddedColumns(matrix.columns) / 16;
  const dispatches: Dispatch[] = [];
  for (const part of matrix.parts) {
    const words = new Uint32Array([part.firstRow, part.rows, groupsPerRow, x.stride / 4, floatBits(scale)]);
    const params = await device.memory.uniform(`${matrix.name} gather`, words);
    const planes = Object.fromEntries(part.planes.map((plane, i) => [3 + i, plane]));
    dispatches.push(
      await device.createDispatch(
        gatherSpec(matrix.format),
        { 0: params, 1: ids, 2: x.buffer, ...planes },
        step => [Math.ceil(groupsPerRow / 64), step.tokens],
      ),
    );
  }
  return dispatches;
}
