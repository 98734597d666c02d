import asIs from '../../../shaders/linear/as-is.wgsl?raw';
import add from '../../../shaders/linear/epilogues/add.wgsl?raw';
import addNorm from '../../../shaders/linear/epilogues/add-norm.wgsl?raw';
import noNorm from '../../../shaders/linear/epilogues/no-norm.wgsl?raw';
import store from '../../../shaders/linear/epilogues/store.wgsl?raw';
import halfNormed from '../../../shaders/linear/half-normed.wgsl?raw';
import matvecShader from '../../../shaders/linear/matvec.wgsl?raw';
import matvecParams from '../../../shaders/linear/matvec-params.wgsl?raw';
import softwareLoad from '../../../shaders/linear/software/load-activations.wgsl?raw';
import softwareMatvec from '../../../shaders/linear/software/matvec.wgsl?raw';
import softwareMatvecBlocks from '../../../shaders/linear/software/matvec-blocks.wgsl?raw';
import teamsAdd from '../../../shaders/linear/teams/add.wgsl?raw';
import teamsAddNorm from '../../../shaders/linear/teams/add-norm.wgsl?raw';
import teamsAsIs from '../../../shaders/linear/teams/as-is.wgsl?raw';
import byParts from '../../../shaders/linear/teams/by-parts.wgsl?raw';
import byUnits from '../../../shaders/linear/teams/by-units.wgsl?raw';
import teamsHalfNormed from '../../../shaders/linear/teams/half-normed.wgsl?raw';
import teamsStore from '../../../shaders/linear/teams/store.wgsl?raw';
import type { EngineDevice, Variant } from '../device/device.ts';
import { type Binding, type Dispatch, inClass } from '../device/dispatch.ts';
import type { LaunchClass } from '../device/kernel-choices.ts';
import type { KernelSpec } from '../device/kernel-spec.ts';
import type { DeviceBuffer } from '../device/memory.ts';
import { floatBits } from '../device/memory.ts';
import { type GpuFormat, paddedColumns } from '../quant/gpu-formats.ts';
import { foldGrid } from './compose.ts';
import { type HalfNormed, normStart } from './half-norm.ts';
import { formatParts, formatShaders } from './linear-formats.ts';
import type { Matrix, MatrixPart } from './matrix.ts';
import { matvecKind, matvecShape } from './matvec-candidates.ts';
import { composeTeams } from './teams.ts';
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
const teamsEpilogues = { store: teamsStore, add: teamsAdd, 'add-norm': teamsAddNorm };

/** SETS of the software shader, or SETS times PASSES. */
const rowsPerLane = 4;

/** Of any device's workgroup. */
const fewestRowsPerWorkgroup = 4;

/** Rows of the matrix that one workgroup computes. */
function rowsPerWorkgroup(format: GpuFormat, variant: Variant, form: MatvecForm, size?: string): number {
  const { lanes } = variant;
  if (lanes) return lanes * rowsPerLane;
  const { teams, vectors } = matvecShape(format, variant, classOf(format, form, size));
  return 4 * vectors * teams;
}

function classOf(format: GpuFormat, form: MatvecForm, size: string | undefined): LaunchClass {
  return { kind: matvecKind(format, form), ...(size === undefined ? {} : { size }) };
}

function sizeOf({ rows, columns }: Pick<Matrix, 'rows' | 'columns'>): string {
  return `${rows}x${columns}`;
}

/** Vectors of partial sums that a product with this matrix leaves which begins a norm: HalfNormed.sumVectors. */
export function matvecSumVectors(
  { format, rows, columns }: Pick<Matrix, 'format' | 'rows' | 'columns'>,
  variant: Variant,
): number {
  const perWorkgroup = rowsPerWorkgroup(format, variant, { epilogue: 'add-norm' }, sizeOf({ rows, columns }));
  return Math.ceil(rows / perWorkgroup / 4);
}

/** The most that any product of so many rows leaves, on any device and with whatever choice. */
export function mostSumVectors(rows: number): number {
  return Math.ceil(rows / fewestRowsPerWorkgroup / 4);
}

function matvecCode(format: GpuFormat, variant: Variant, form: MatvecForm, size?: string): string {
  const { weights, dot, blocks } = formatShaders[format.name];
  const { lanes } = variant;
  if (!lanes) return teamsCode(format, variant, form, size);
  const common = [matvecParams, form.normed ? halfNormed : asIs, epilogueShaders[form.epilogue]];
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

function teamsCode(format: GpuFormat, variant: Variant, form: MatvecForm, size?: string): string {
  const { normed = false, gated = false } = form;
  const { walk, vectors, ...teams } = matvecShape(format, variant, classOf(format, form, size));
  const { weights, dot } = formatShaders[format.name];
  const parts = formatParts[format.name];
  const ofFormat = walk === 'units' ? [weights, dot, byUnits] : [parts.shader, byParts];
  const begin = normed ? teamsHalfNormed : teamsAsIs;
  return composeTeams(
    [matvecParams, begin, teamsEpilogues[form.epilogue], ...ofFormat, matvecShader],
    variant,
    teams,
    {
      VECTORS: vectors,
      OUTPUTS: gated ? 2 * vectors : 4 * vectors,
      QUADS: walk === 'units' ? format.unit / 4 : parts.weights / 4,
      TWICE: 2,
      // Counts of 0 and 1: what is there only then.
      ALONE: Number(!gated),
      PAIRS: Number(gated),
      PAIRS_OF_TWO: Number(gated && vectors === 1),
      PAIRS_OF_FOUR: Number(gated && vectors === 2),
      NORMED: Number(normed),
      SUMS: (gated ? 2 : vectors) + Number(normed),
    },
  );
}

/** `size`: of the matrix, ROWSxCOLUMNS, where a shape may have been chosen for it alone. */
export function matvecSpec(format: GpuFormat, variant: Variant, form: MatvecForm, size?: string): KernelSpec {
  const { lanes } = variant;
  const { epilogue, normed = false, gated = false } = form;
  return {
    kernel: 'matvec',
    form: { format: format.name, epilogue, normed, gated },
    label: `matvec ${format.name} ${epilogue}${normed ? ' normed' : ''}${gated ? ' gated' : ''}`,
    code: matvecCode(format, variant, form, size),
    entryPoint: 'matvec',
    constants: {
      ...format.constants,
      ...(lanes ? { GATED: Number(gated) } : {}),
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
  const { variant } = device;
  const { format } = matrix;
  const size = sizeOf(matrix);
  const perWorkgroup = rowsPerWorkgroup(format, variant, form, size);
  const rows = upRow === undefined ? part.rows : matrix.rows - upRow;
  const rowsOfMatrix = upRow === undefined ? rows : 2 * rows;
  const normed = 'columns' in x ? x : undefined;
  const firstWorkgroup = Math.ceil(part.firstRow / perWorkgroup);
  const sums = next ? 4 * matvecSumVectors(matrix, variant) : 0;
  const isLast = part.firstRow + part.rows === matrix.rows;
  const workgroups = Math.ceil(rowsOfMatrix / perWorkgroup);
  // What is left of the last vector of partial sums is zero: a product in another shape may have written there.
  const filled = next && isLast && !variant.lanes ? sums - firstWorkgroup : workgroups;
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
    firstWorkgroup,
    sums,
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
  const spec = matvecSpec(format, variant, form, size);
  const made = await device.createDispatch(spec, bindings, foldGrid(filled));
  return inClass(
    made,
    classOf(format, form, size),
    part.planes.reduce((bytes, plane) => bytes + plane.size, 0),
  );
}
