import columnsShader from '../../../shaders/linear/columns.wgsl?raw';
import add from '../../../shaders/linear/epilogues/add.wgsl?raw';
import store from '../../../shaders/linear/epilogues/store.wgsl?raw';
import matmulParams from '../../../shaders/linear/matmul-params.wgsl?raw';
import toMembers from '../../../shaders/linear/outputs/members.wgsl?raw';
import toOne from '../../../shaders/linear/outputs/one.wgsl?raw';
import type { EngineDevice, Variant } from '../device/device.ts';
import type { Dispatch, Step } from '../device/dispatch.ts';
import { chosenCandidate, type LaunchClass } from '../device/kernel-choices.ts';
import type { KernelSpec } from '../device/kernel-spec.ts';
import type { DeviceBuffer } from '../device/memory.ts';
import { type GpuFormat, paddedColumns } from '../quant/gpu-formats.ts';
import { foldGrid } from './compose.ts';
import type { JoinedMatrix } from './joined-matrix.ts';
import { formatParts } from './linear-formats.ts';
import { type JoinedOutputs, type JoinedRows, membersPlaces, type OutputRows } from './matmul.ts';
import type { Matrix, MatrixPart } from './matrix.ts';
import type { Rows } from './rows.ts';
import { composeTeams, teamLanes } from './teams.ts';

/** Tokens that a kernel computes at once; fewer are computed by the smallest that has room. */
export const columnCounts = [2, 4, 8] as const;
export type ColumnCount = (typeof columnCounts)[number];

/** More tokens are a matmul's. */
export const mostColumns = 8;

/** What becomes of a product, and where the rows of joined matrices go. */
export interface ColumnsForm {
  epilogue: 'store' | 'add';
  joined?: JoinedOutputs | undefined;
}

export const columnsForms: readonly ColumnsForm[] = [{ epilogue: 'store' }, { epilogue: 'add' }];
/** Only where `joinsProducts`. */
export const joinedColumnsForms: readonly ColumnsForm[] = [
  { epilogue: 'store', joined: 'gated' },
  { epilogue: 'store', joined: 'members' },
];

const epilogueShaders = { store, add };
const teamsOf = { 'teams-1': 1, 'teams-2': 2 } as const;
const rowsPerTeam = 4;

/** The default first. */
export const columnsCandidates = ['teams-2', 'teams-1'] as const;

/** Among whose candidates is chosen together. */
export function columnsKind(format: GpuFormat, tokens: ColumnCount, joined?: JoinedOutputs): string {
  return ['columns', format.name, ...(joined === 'gated' ? [joined] : []), tokens].join(' ');
}

function teamsFor({ choices }: Variant, of: LaunchClass): number {
  return teamsOf[chosenCandidate(choices, of, columnsCandidates)];
}

export function columnsSpec(
  format: GpuFormat,
  variant: Variant,
  { epilogue, joined }: ColumnsForm,
  tokens: ColumnCount,
  size?: string,
): KernelSpec {
  const { shader, weights } = formatParts[format.name];
  const { team: lanes = teamLanes } = variant;
  const kind = columnsKind(format, tokens, joined);
  const teams = teamsFor(variant, { kind, ...(size ? { size } : {}) });
  const isGated = joined === 'gated';
  const outRows = outRowsOf(joined);
  // More in flight, as far as registers go.
  const isTwice = weights * tokens <= 32;
  const output = joined === 'members' ? toMembers : toOne;
  return {
    kernel: 'columns',
    form: { format: format.name, epilogue, tokens, ...(joined ? { joined } : {}) },
    label: ['columns', format.name, epilogue, tokens, ...(joined ? [joined] : [])].join(' '),
    code: composeTeams(
      [matmulParams, epilogueShaders[epilogue], output, shader, columnsShader],
      variant,
      { lanes, teams },
      {
        SUMS: tokens,
        TOKENS: tokens,
        OUT_ROWS: outRows,
        // Of which there are some, and none of the others.
        ALONE: isGated ? 0 : tokens,
        PAIRS: isGated ? tokens / 2 : 0,
        QUADS: weights / 4,
        FOUR: 4,
        TWICE: 2,
        PAIRED: Number(isTwice),
        ROUNDS: Math.ceil((outRows * tokens) / lanes),
      },
    ),
    entryPoint: 'columns',
    constants: format.constants,
  };
}

/** Rows of a team that leave it. */
function outRowsOf(joined: JoinedOutputs | undefined): number {
  return joined === 'gated' ? rowsPerTeam / 2 : rowsPerTeam;
}

export interface ColumnsOptions {
  /** y += W x instead of y = W x. */
  accumulate?: boolean | undefined;
  /** The kernels that are of interest, where not all. */
  counts?: readonly ColumnCount[];
}

/**
 * Y[t, 0 .. rows) = W X[t], or += with `accumulate`, for the step's tokens where they are from 1 to 8: with more, none of the
 * launches takes place. x: [tokens, xStride] f32 with xStride >= padded columns, zero padding; y: [tokens, yStride] f32.
 */
export async function createColumns(
  device: EngineDevice,
  matrix: Matrix,
  x: Rows,
  y: OutputRows,
  state: DeviceBuffer,
  { accumulate = false, counts }: ColumnsOptions = {},
): Promise<Dispatch[]> {
  const dispatches: Dispatch[] = [];
  for (const part of matrix.parts) {
    const rows = { count: part.rows, up: 0 };
    const form: ColumnsForm = { epilogue: accumulate ? 'add' : 'store' };
    dispatches.push(...(await launchPart(device, matrix, part, rows, x, y, state, { form, counts })));
  }
  return dispatches;
}

/**
 * Y[t] = silu(Wgate X[t]) * (Wup X[t]) for the step's tokens, of two joined matrices of as many rows. As createColumns; only where
 * `joinsProducts`.
 */
export function createGatedColumns(
  device: EngineDevice,
  { whole, members, starts }: JoinedMatrix,
  x: Rows,
  y: OutputRows,
  state: DeviceBuffer,
): Promise<Dispatch[]> {
  const rows = { count: members[0]!.rows, up: starts[1]! };
  const form: ColumnsForm = { epilogue: 'store', joined: 'gated' };
  return launchPart(device, whole, whole.parts[0]!, rows, x, y, state, { form });
}

/**
 * The product of each of two or three joined matrices, into an output of its own. As createColumns; only where `joinsProducts`.
 */
export async function createMembersColumns(
  device: EngineDevice,
  joined: JoinedMatrix,
  x: Rows,
  y: JoinedRows,
  state: DeviceBuffer,
): Promise<Dispatch[]> {
  const { whole } = joined;
  const vectors = { 8: await membersPlaces(device, joined, y) };
  const rows = { count: whole.rows, up: 0 };
  const form: ColumnsForm = { epilogue: 'store', joined: 'members' };
  const into = { buffer: y.buffer, stride: 0 };
  return launchPart(device, whole, whole.parts[0]!, rows, x, into, state, { form, vectors });
}

async function launchPart(
  device: EngineDevice,
  matrix: Matrix,
  part: MatrixPart,
  rows: { count: number; up: number },
  x: Rows,
  y: OutputRows,
  state: DeviceBuffer,
  use: { form: ColumnsForm; vectors?: Record<number, DeviceBuffer>; counts?: ColumnsOptions['counts'] },
): Promise<Dispatch[]> {
  const { form, vectors = {}, counts = columnCounts } = use;
  const { variant } = device;
  const { format, columns } = matrix;
  const size = `${matrix.rows}x${columns}`;
  const groupsPerRow = paddedColumns(columns) / 16;
  const words = [rows.count, groupsPerRow, part.firstRow, x.stride / 4, y.stride, rows.up];
  const params = await device.memory.uniform(`${matrix.name} columns`, new Uint32Array(words));
  const planes = Object.fromEntries(part.planes.map((plane, i) => [3 + i, plane]));
  const bindings = { 0: params, 1: x.buffer, 2: y.buffer, 7: state, ...planes, ...vectors };
  const dispatches: Dispatch[] = [];
  let fewer = 0;
  for (const tokens of counts) {
    const teams = teamsFor(variant, { kind: columnsKind(format, tokens, form.joined), size });
    const grid = foldGrid(Math.ceil(rows.count / (outRowsOf(form.joined) * teams)));
    const isTheirs = within(fewer, tokens);
    const spec = columnsSpec(format, variant, form, tokens, size);
    dispatches.push(await device.createDispatch(spec, bindings, step => (isTheirs(step) ? grid : [0])));
    fewer = tokens;
  }
  return dispatches;
}

function within(above: number, most: number): (step: Step) => boolean {
  return ({ tokens }) => tokens > above && tokens <= most;
}
