import matvecShader from '../../../shaders/linear/matvec.wgsl?raw';
import type { EngineDevice, Variant } from '../gpu/device.ts';
import { createDispatch, type Dispatch } from '../gpu/dispatch.ts';
import type { PipelineSpec } from '../gpu/pipelines.ts';
import { type GpuFormat, paddedColumns } from '../quant/gpu-formats.ts';
import { composeKernel, foldGrid } from './compose.ts';
import { formatShaders } from './linear-formats.ts';
import type { Matrix } from './matrix.ts';

export const matvecRowsPerWorkgroup = 4;

export function matvecSpec(
  format: GpuFormat,
  variant: Variant,
  options: { accumulate: boolean; workgroupSize?: number },
): PipelineSpec {
  const { weights, dot } = formatShaders[format.shader]!;
  return {
    label: `matvec ${format.name}`,
    code: composeKernel([weights, dot, matvecShader], { reduce: variant }),
    entryPoint: 'matvec',
    constants: {
      ...format.constants,
      WORKGROUP_SIZE: options.workgroupSize ?? 32,
      ACCUMULATE: Number(options.accumulate),
    },
  };
}

/**
 * y[0 .. rows) = W x, or += with `accumulate`. One dispatch a part.
 * x: [padded columns] f32, zero past the last column; y: [rows] f32.
 */
export async function createMatvec(
  device: EngineDevice,
  matrix: Matrix,
  x: GPUBuffer,
  y: GPUBuffer,
  options: { accumulate?: boolean; workgroupSize?: number } = {},
): Promise<Dispatch[]> {
  const spec = matvecSpec(matrix.format, device.variant, {
    accumulate: options.accumulate ?? false,
    workgroupSize: options.workgroupSize,
  });
  const unitsPerRow = paddedColumns(matrix.columns) / matrix.format.unit;
  const dispatches: Dispatch[] = [];
  for (const part of matrix.parts) {
    const words = new Uint32Array([part.rows, unitsPerRow, part.firstRow, 0]);
    const params = await device.memory.uniform(`${matrix.name} matvec`, words);
    const planes = Object.fromEntries(part.planes.map((plane, i) => [3 + i, plane]));
    const grid = foldGrid(Math.ceil(part.rows / matvecRowsPerWorkgroup));
    dispatches.push(await createDispatch(device, spec, { 0: params, 1: x, 2: y, ...planes }, grid));
  }
  return dispatches;
}
