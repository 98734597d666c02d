import asIs from '../../../shaders/linear/activations/as-is.wgsl?raw';
import rmsNormed from '../../../shaders/linear/activations/rms-normed.wgsl?raw';
import matvecShader from '../../../shaders/linear/matvec.wgsl?raw';
import type { EngineDevice, Variant } from '../gpu/device.ts';
import { type Binding, createDispatch, type Dispatch } from '../gpu/dispatch.ts';
import { floatBits } from '../gpu/memory.ts';
import type { PipelineSpec } from '../gpu/pipelines.ts';
import { type GpuFormat, paddedColumns } from '../quant/gpu-formats.ts';
import { composeKernel, foldGrid } from './compose.ts';
import { formatShaders } from './linear-formats.ts';
import type { Matrix, MatrixPart } from './matrix.ts';

/** ROW_SETS of the activations' shader, times 4. */
const rowsPerWorkgroup = (norm: FoldedNorm | undefined) => (norm ? 8 : 4);

/** What the kernel is compiled for. */
export interface MatvecForm {
  accumulate?: boolean;
  /** RMSNorm of x on the way in. */
  normed?: boolean;
  /** silu(gate) * up of two joined matrices. */
  gated?: boolean;
}

/** Every form that a model uses. */
export const matvecForms: readonly MatvecForm[] = [
  {},
  { accumulate: true },
  { normed: true },
  { normed: true, gated: true },
];

export function matvecSpec(format: GpuFormat, variant: Variant, form: MatvecForm): PipelineSpec {
  const { weights, dot } = formatShaders[format.shader]!;
  const activations = form.normed ? rmsNormed : asIs;
  return {
    label: ['matvec', format.name, ...Object.entries(form).flatMap(([name, is]) => (is ? [name] : []))].join(
      ' ',
    ),
    code: composeKernel([weights, activations, dot, matvecShader], { reduce: variant }),
    entryPoint: 'matvec',
    constants: {
      ...format.constants,
      WORKGROUP_SIZE: 32,
      ACCUMULATE: Number(form.accumulate ?? false),
      GATED: Number(form.gated ?? false),
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
  y: Binding,
  options: MatvecOptions = {},
): Promise<Dispatch[]> {
  const { accumulate, norm } = options;
  const spec = matvecSpec(matrix.format, device.variant, { accumulate, normed: norm !== undefined });
  const dispatches: Dispatch[] = [];
  for (const part of matrix.parts) {
    const { rows, firstRow } = part;
    const workgroups = Math.ceil(rows / rowsPerWorkgroup(norm));
    const launch = { rows, firstRow, upRow: 0, norm, workgroups };
    dispatches.push(await createLaunch(device, spec, matrix, part, x, y, launch));
  }
  return dispatches;
}

/**
 * y[0 .. rows) = silu(Wgate n) * (Wup n), n = RMSNorm(x): the front of SwiGLU.
 * `gateUp`: one part, with Wgate in its first rows and Wup from row `upRow` to its end.
 * x: [padded columns] f32, zero past the last column; y: [rows] f32.
 */
export function createGatedMatvec(
  device: EngineDevice,
  gateUp: Matrix,
  upRow: number,
  x: GPUBuffer,
  y: GPUBuffer,
  norm: FoldedNorm,
): Promise<Dispatch> {
  const spec = matvecSpec(gateUp.format, device.variant, { normed: true, gated: true });
  const rows = gateUp.rows - upRow;
  const workgroups = Math.ceil((2 * rows) / rowsPerWorkgroup(norm));
  const launch = { rows, firstRow: 0, upRow, norm, workgroups };
  return createLaunch(device, spec, gateUp, gateUp.parts[0]!, x, y, launch);
}

async function createLaunch(
  device: EngineDevice,
  spec: PipelineSpec,
  matrix: Matrix,
  part: MatrixPart,
  x: GPUBuffer,
  y: Binding,
  launch: {
    rows: number;
    firstRow: number;
    upRow: number;
    norm: FoldedNorm | undefined;
    workgroups: number;
  },
): Promise<Dispatch> {
  const { rows, firstRow, upRow, norm, workgroups } = launch;
  const unitsPerRow = paddedColumns(matrix.columns) / matrix.format.unit;
  const epsilon = floatBits(norm?.epsilon ?? 0);
  const words = new Uint32Array([rows, unitsPerRow, firstRow, matrix.columns, epsilon, upRow]);
  const bindings: Record<number, Binding> = {
    0: await device.memory.uniform(`${matrix.name} matvec`, words),
    1: x,
    2: y,
    ...Object.fromEntries(part.planes.map((plane, i) => [3 + i, plane])),
  };
  if (norm) bindings[7] = norm.weight;
  return createDispatch(device, spec, bindings, foldGrid(workgroups));
}
