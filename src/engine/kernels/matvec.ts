import asIs from '../../../shaders/linear/activations/as-is.wgsl?raw';
import rmsNormed from '../../../shaders/linear/activations/rms-normed.wgsl?raw';
import matvecShader from '../../../shaders/linear/matvec.wgsl?raw';
import type { EngineDevice, Variant } from '../gpu/device.ts';
import { createDispatch, type Dispatch } from '../gpu/dispatch.ts';
import { floatBits } from '../gpu/memory.ts';
import type { PipelineSpec } from '../gpu/pipelines.ts';
import { type GpuFormat, paddedColumns } from '../quant/gpu-formats.ts';
import { composeKernel, foldGrid } from './compose.ts';
import { formatShaders } from './linear-formats.ts';
import type { Matrix } from './matrix.ts';

export const matvecRowsPerWorkgroup = 4;

/** What the kernel is compiled for. */
export interface MatvecForm {
  accumulate?: boolean;
  /** RMSNorm of x on the way in. */
  normed?: boolean;
}

/** Every form that a model uses. */
export const matvecForms: readonly MatvecForm[] = [{}, { accumulate: true }, { normed: true }];

export function matvecSpec(format: GpuFormat, variant: Variant, form: MatvecForm): PipelineSpec {
  const { weights, dot } = formatShaders[format.shader]!;
  const activations = form.normed ? rmsNormed : asIs;
  return {
    label: `matvec ${format.name}${form.normed ? ' normed' : ''}${form.accumulate ? ' add' : ''}`,
    code: composeKernel([weights, activations, dot, matvecShader], { reduce: variant }),
    entryPoint: 'matvec',
    constants: {
      ...format.constants,
      WORKGROUP_SIZE: 32,
      ACCUMULATE: Number(form.accumulate ?? false),
    },
  };
}

/** An RMSNorm that a product does on the way: `weight` [padded columns] f32. */
export interface FoldedNorm {
  weight: GPUBuffer;
  epsilon: number;
}

export interface MatvecOptions {
  accumulate?: boolean;
  /** y = W RMSNorm(x) instead of W x. */
  norm?: FoldedNorm;
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
  options: MatvecOptions = {},
): Promise<Dispatch[]> {
  const { accumulate, norm } = options;
  const form = { accumulate, normed: norm !== undefined };
  const spec = matvecSpec(matrix.format, device.variant, form);
  const unitsPerRow = paddedColumns(matrix.columns) / matrix.format.unit;
  const normBinding: Record<number, GPUBuffer> = norm ? { 7: norm.weight } : {};
  const dispatches: Dispatch[] = [];
  for (const part of matrix.parts) {
    const epsilon = floatBits(norm?.epsilon ?? 0);
    const words = new Uint32Array([part.rows, unitsPerRow, part.firstRow, matrix.columns, epsilon]);
    const params = await device.memory.uniform(`${matrix.name} matvec`, words);
    const planes = Object.fromEntries(part.planes.map((plane, i) => [3 + i, plane]));
    const grid = foldGrid(Math.ceil(part.rows / matvecRowsPerWorkgroup));
    const bindings = { 0: params, 1: x, 2: y, ...planes, ...normBinding };
    dispatches.push(await createDispatch(device, spec, bindings, grid));
  }
  return dispatches;
}
