import asIs from '../../../shaders/linear/as-is.wgsl?raw';
import add from '../../../shaders/linear/epilogues/add.wgsl?raw';
import addNorm from '../../../shaders/linear/epilogues/add-norm.wgsl?raw';
import noNorm from '../../../shaders/linear/epilogues/no-norm.wgsl?raw';
import store from '../../../shaders/linear/epilogues/store.wgsl?raw';
import halfNormed from '../../../shaders/linear/half-normed.wgsl?raw';
import loadActivations from '../../../shaders/linear/load-activations.wgsl?raw';
import matvecShader from '../../../shaders/linear/matvec.wgsl?raw';
import matvecParams from '../../../shaders/linear/matvec-params.wgsl?raw';
import softwareLoad from '../../../shaders/linear/software/load-activations.wgsl?raw';
import softwareMatvec from '../../../shaders/linear/software/matvec.wgsl?raw';
import softwareMatvecBlocks from '../../../shaders/linear/software/matvec-blocks.wgsl?raw';
import type { EngineDevice, Variant } from '../device/device.ts';
import type { Binding, Dispatch } from '../device/dispatch.ts';
import type { KernelSpec } from '../device/kernel-spec.ts';
import type { DeviceBuffer } from '../device/memory.ts';
import { floatBits } from '../device/memory.ts';
import { type GpuFormat, paddedColumns } from '../quant/gpu-formats.ts';
import { composeKernel, foldGrid } from './compose.ts';
import { type HalfNormed, normStart } from './half-norm.ts';
import { formatShaders } from './linear-formats.ts';
import type { Matrix, MatrixPart } from './matrix.ts';
import { composeUnrolled } from './unroll.ts';

/** What the kernel is compiled for. */
export interface MatvecForm {
  /** x is a HalfNormed. */
  normed?: boolean;
  /** silu(gate) * up of two joined matrices. */
  gated?: boolean;
  /** Stored, added, or added and half normed for whoever comes next. */
  epilogue: 'store' | 'add' | 'add-norm';
}

/** Every form that a model uses. */
export const matvecForms: readonly MatvecForm[] = [
  { epilogue: 'store' },
  { epilogue: 'add' },
  { epilogue: 'add-norm' },
  { epilogue: 'store', normed: true },
  { epilogue: 'store', normed: true, gated: true },
];

const epilogueShaders = { store: store + noNorm, add: add + noNorm, 'add-norm': addNorm };

/** SETS of the software shader, or SETS times PASSES. */
const rowsPerLane = 4;
const workgroupSize = 32;

/** Of a GPU's workgroup, and the fewest of any. */
export const fewestRowsPerWorkgroup = 4;

/** Rows of the matrix that one workgroup computes: its partial sum of squares is of these. */
export function matvecRowsPerWorkgroup({ lanes }: Variant): number {
  return lanes ? lanes * rowsPerLane : fewestRowsPerWorkgroup;
}

function matvecCode(format: GpuFormat, variant: Variant, form: MatvecForm): string {
  const { weights, dot, blocks } = formatShaders[format.shader]!;
  const common = [matvecParams, form.normed ? halfNormed : asIs, epilogueShaders[form.epilogue]];
  const { lanes } = variant;
  if (!lanes) {
    return composeKernel([...common, weights, dot, loadActivations, matvecShader], { reduce: variant });
  }
  if (blocks) {
    const sets = lanes === 8 ? blocks.sets : rowsPerLane;
    return composeUnrolled([...common, blocks.shader, softwareMatvecBlocks], {
      LANES: lanes,
      SETS: sets,
      PASSES: rowsPerLane / sets,
      VECTORS_PER_LANE: 8 / lanes,
    });
  }
  return composeUnrolled([...common, weights, dot, softwareLoad, softwareMatvec], {
    LANES: lanes,
    SETS: rowsPerLane,
    VECTORS_PER_LANE: format.unit / 4 / lanes,
  });
}

export function matvecSpec(format: GpuFormat, variant: Variant, form: MatvecForm): KernelSpec {
  const { lanes } = variant;
  const { epilogue, normed = false, gated = false } = form;
  return {
    kernel: 'matvec',
    form: { format: format.name, epilogue, normed, gated },
    label: `matvec ${format.name} ${epilogue}${normed ? ' normed' : ''}${gated ? ' gated' : ''}`,
    code: matvecCode(format, variant, form),
    entryPoint: 'matvec',
    constants: {
      ...format.constants,
      GATED: Number(gated),
      ...(lanes ? {} : { WORKGROUP_SIZE: workgroupSize }),
    },
  };
}

export interface MatvecOptions {
  /** y += W x instead of y = W x. */
  accumulate?: boolean;
  /** With `accumulate`: y, half normed with `weight` [rows] f32, for the product that follows. */
  next?: { weight: DeviceBuffer; into: HalfNormed };
}

/** [padded columns] f32, zero past the last column; or activations whose RMSNorm this product completes. */
export type MatvecInput = DeviceBuffer | HalfNormed;

/** y[0 .. rows) = W x, or += with `accumulate`. One dispatch a part. y: [rows] f32. */
export async function createMatvec(
  device: EngineDevice,
  matrix: Matrix,
  x: MatvecInput,
  y: Binding,
  { accumulate, next }: MatvecOptions = {},
): Promise<Dispatch[]> {
  const added = next ? 'add-norm' : 'add';
  const form: MatvecForm = { normed: 'columns' in x, epilogue: accumulate ? added : 'store' };
  const dispatches: Dispatch[] = [];
  for (const part of matrix.parts) {
    dispatches.push(await createLaunch(device, matrix, part, form, x, y, { next }));
  }
  return dispatches;
}

/**
 * y[0 .. rows) = silu(Wgate n) * (Wup n), n = RMSNorm(x): the front of SwiGLU.
 * `gateUp`: one part, with Wgate in its first rows and Wup from row `upRow` to its end. y: [rows] f32.
 */
export function createGatedMatvec(
  device: EngineDevice,
  gateUp: Matrix,
  upRow: number,
  x: HalfNormed,
  y: DeviceBuffer,
): Promise<Dispatch> {
  const form: MatvecForm = { normed: true, gated: true, epilogue: 'store' };
  return createLaunch(device, gateUp, gateUp.parts[0]!, form, x, y, { upRow });
}

async function createLaunch(
  device: EngineDevice,
  matrix: Matrix,
  part: MatrixPart,
  form: MatvecForm,
  x: MatvecInput,
  y: Binding,
  { next, upRow }: { next?: MatvecOptions['next']; upRow?: number },
): Promise<Dispatch> {
  const perWorkgroup = matvecRowsPerWorkgroup(device.variant);
  const rows = upRow === undefined ? part.rows : matrix.rows - upRow;
  const rowsOfMatrix = upRow === undefined ? rows : 2 * rows;
  const normed = 'columns' in x ? x : undefined;
  const words = new Uint32Array([
    rows,
    paddedColumns(matrix.columns) / matrix.format.unit,
    part.firstRow,
    upRow ?? 0,
    matrix.columns,
    floatBits(normed?.epsilon ?? 0),
    normed ? normStart(normed) / 4 : 0,
    normed?.sumVectors ?? 0,
    next ? normStart(next.into) : 0,
    Math.ceil(part.firstRow / perWorkgroup),
  ]);
  const bindings: Record<number, Binding> = {
    0: await device.memory.uniform(`${matrix.name} matvec`, words),
    1: 'columns' in x ? x.buffer : x,
    2: y,
    ...Object.fromEntries(part.planes.map((plane, i) => [3 + i, plane])),
  };
  if (next) {
    bindings[8] = next.weight;
    bindings[9] = next.into.buffer;
  }
  const spec = matvecSpec(matrix.format, device.variant, form);
  return device.createDispatch(spec, bindings, foldGrid(Math.ceil(rowsOfMatrix / perWorkgroup)));
}
