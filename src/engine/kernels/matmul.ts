import add from '../../../shaders/linear/epilogues/add.wgsl?raw';
import bias from '../../../shaders/linear/epilogues/bias.wgsl?raw';
import biasAdd from '../../../shaders/linear/epilogues/bias-add.wgsl?raw';
import biasGelu from '../../../shaders/linear/epilogues/bias-gelu.wgsl?raw';
import biasGeluTanh from '../../../shaders/linear/epilogues/bias-gelu-tanh.wgsl?raw';
import biasScaleAdd from '../../../shaders/linear/epilogues/bias-scale-add.wgsl?raw';
import store from '../../../shaders/linear/epilogues/store.wgsl?raw';
import matmulShader from '../../../shaders/linear/matmul.wgsl?raw';
import matmulParams from '../../../shaders/linear/matmul-params.wgsl?raw';
import toMembers from '../../../shaders/linear/outputs/members.wgsl?raw';
import toOne from '../../../shaders/linear/outputs/one.wgsl?raw';
import softwareMatmul from '../../../shaders/linear/software/matmul.wgsl?raw';
import softwareMatmulParts from '../../../shaders/linear/software/matmul-parts.wgsl?raw';
import type { EngineDevice, Variant } from '../device/device.ts';
import { type Binding, type Dispatch, inClass } from '../device/dispatch.ts';
import type { KernelSpec } from '../device/kernel-spec.ts';
import type { DeviceBuffer } from '../device/memory.ts';
import { type GpuFormat, paddedColumns } from '../quant/gpu-formats.ts';
import type { JoinedMatrix } from './joined-matrix.ts';
import { formatShaders } from './linear-formats.ts';
import { type TileName, type TileRange, tileCounts, tileOf, tileRanges } from './matmul-tiles.ts';
import type { Matrix, MatrixPart } from './matrix.ts';
import type { Rows } from './rows.ts';
import { composeCounted, composeUnrolled } from './unroll.ts';

/**
 * Rows, and vectors of tokens, that a lane holds on a processor. Twice the rows with 8 lanes are no faster and take
 * lavapipe more than twice as long to compile.
 */
const lanesHold = { 4: { rows: 8, vectors: 2 }, 8: { rows: 4, vectors: 2 } };

const epilogueShaders = {
  store,
  add,
  bias,
  'bias-gelu': biasGelu,
  'bias-gelu-tanh': biasGeluTanh,
  'bias-scale-add': biasScaleAdd,
  'bias-add': biasAdd,
};

export type EpilogueName = keyof typeof epilogueShaders;

/** GELU by the error function, or by its tangent formula. */
export type Gelu = 'erf' | 'tanh';

/**
 * What happens to each product before it is written; `bias` and `layerScale`: [rows] f32.
 * Alone: y = Wx + bias. With `gelu`: y = gelu(Wx + bias). With `accumulate`: y += Wx + bias; with `layerScale`:
 * y += layerScale * (Wx + bias).
 */
export type MatmulEpilogue = { bias: DeviceBuffer } & (
  | { gelu?: Gelu; accumulate?: undefined; layerScale?: undefined }
  | { gelu?: undefined; accumulate: true; layerScale?: undefined }
  | { gelu?: undefined; accumulate?: undefined; layerScale: DeviceBuffer }
);

/** y += W x instead of y = W x, or an epilogue. */
export type ProductOptions =
  | { accumulate?: boolean; epilogue?: undefined }
  | { accumulate?: false; epilogue?: MatmulEpilogue };

function epilogueName(accumulate: boolean, epilogue: MatmulEpilogue | undefined): EpilogueName {
  if (!epilogue) return accumulate ? 'add' : 'store';
  if (epilogue.layerScale) return 'bias-scale-add';
  if (epilogue.accumulate) return 'bias-add';
  if (!epilogue.gelu) return 'bias';
  return epilogue.gelu === 'tanh' ? 'bias-gelu-tanh' : 'bias-gelu';
}

/** What becomes of the rows of joined matrices. */
export type JoinedOutputs = 'gated' | 'members';

/** A product in one shape: the lanes of a processor have their own, which is no choice. */
interface MatmulForm {
  epilogue: EpilogueName;
  joined?: JoinedOutputs | undefined;
  tile: TileName | 'lanes';
}

function matmulCode(format: GpuFormat, { lanes }: Variant, { epilogue, joined, tile }: MatmulForm): string {
  const { weights, unit, part } = formatShaders[format.name];
  const finish = epilogueShaders[epilogue];
  if (tile !== 'lanes') {
    const output = joined === 'members' ? toMembers : toOne;
    const parts = [matmulParams, weights, finish, output, matmulShader];
    return composeCounted(parts, tileCounts(tile, joined === 'gated'));
  }
  const { rows, vectors } = lanesHold[lanes!];
  const parts = [matmulParams, weights, unit, finish];
  const counts = { LANES: lanes!, ROWS: rows, VECTORS: vectors, FOURS: 8 };
  if (lanes === 8) return composeUnrolled([...parts, part, softwareMatmulParts], counts);
  return composeUnrolled([...parts, softwareMatmul], counts);
}

function matmulSpec(format: GpuFormat, variant: Variant, form: MatmulForm): KernelSpec {
  const { epilogue, joined, tile } = form;
  const words = [joined, tile === 'lanes' ? undefined : tile].filter(word => word !== undefined);
  return {
    kernel: 'matmul',
    form: {
      format: format.name,
      epilogue,
      ...(joined ? { joined } : {}),
      ...(tile === 'lanes' ? {} : { tile }),
    },
    label: ['matmul', format.name, epilogue, ...words].join(' '),
    code: matmulCode(format, variant, form),
    entryPoint: 'matmul',
    constants: format.constants,
  };
}

/** Where a product begins to be this kernel's. */
export interface MatmulRange {
  /** The fewest tokens; 1 where nothing is said. */
  from?: number | undefined;
}

/** Launches that are chosen among for products of this format. */
export function matmulKind(format: GpuFormat, joined?: JoinedOutputs): string {
  return ['matmul', format.name, ...(joined === 'gated' ? [joined] : [])].join(' ');
}

interface Launch {
  form: MatmulForm;
  /** Of W, and of y. */
  tile: { rows: number; tokens: number };
  from: number;
  to: number;
  kind?: string | undefined;
}

/**
 * The launches of a product, each for some numbers of tokens.
 * @param size of the matrix, where it is known
 */
function launchesOf(
  variant: Variant,
  format: GpuFormat,
  epilogue: EpilogueName,
  joined: JoinedOutputs | undefined,
  { size, from = 1 }: { size?: string; from?: number | undefined } = {},
): Launch[] {
  const { lanes } = variant;
  if (lanes) {
    const { rows, vectors } = lanesHold[lanes];
    const tile = { rows: lanes * rows, tokens: lanes * vectors };
    return [{ form: { epilogue, joined, tile: 'lanes' }, tile, from, to: Number.POSITIVE_INFINITY }];
  }
  const ranges = tileRanges(variant, matmulKind(format, joined), size, from);
  // An image encoder has a thousand tokens at once.
  const used: TileRange[] = epilogue.startsWith('bias') ? [{ ...ranges.at(-1)!, from }] : ranges;
  return used.map(({ tile, from, to, kind }) => {
    const { rows, tokens } = tileOf(tile);
    return {
      form: { epilogue, joined, tile },
      tile: { rows: joined === 'gated' ? rows / 2 : rows, tokens },
      from,
      to,
      kind,
    };
  });
}

/** All that a product of this format may be compiled as, on such a device. */
export function matmulSpecs(
  format: GpuFormat,
  variant: Variant,
  epilogue: EpilogueName,
  joined?: JoinedOutputs,
): KernelSpec[] {
  return launchesOf(variant, format, epilogue, joined).map(({ form }) => matmulSpec(format, variant, form));
}

/** For each launch of a product a number of tokens that it is for, not the fewest. */
export function tokensOfLaunches(format: GpuFormat, variant: Variant, joined?: JoinedOutputs): number[] {
  return launchesOf(variant, format, 'store', joined).map(({ from, to }) => Math.min(from + 2, to));
}

/**
 * Whether products of many tokens with joined matrices take one launch here. Where a launch costs nothing, each matrix is
 * multiplied for itself.
 */
export function joinsProducts({ gpu }: Variant): boolean {
  return gpu === true;
}

/** y [tokens, stride] f32, of a buffer or of a stretch of one. */
export interface OutputRows {
  buffer: Binding;
  stride: number;
}

/**
 * Y[t, 0 .. rows) = W X[t], or += with `accumulate`, or what `epilogue` says, for the step's tokens: of the launches that are
 * returned one takes place, that for so many.
 * x: [tokens, xStride] f32 with xStride >= padded columns, zero padding; y: [tokens, yStride] f32.
 */
export async function createMatmul(
  device: EngineDevice,
  matrix: Matrix,
  x: Rows,
  y: OutputRows,
  state: DeviceBuffer,
  options: ProductOptions = {},
  { from }: MatmulRange = {},
): Promise<Dispatch[]> {
  const { epilogue } = options;
  const name = epilogueName(options.accumulate ?? false, epilogue);
  const vectors: Record<number, DeviceBuffer> = {};
  if (epilogue) vectors[8] = epilogue.bias;
  if (epilogue?.layerScale) vectors[9] = epilogue.layerScale;
  const dispatches: Dispatch[] = [];
  for (const part of matrix.parts) {
    const rows = { count: part.rows, up: 0 };
    const use = { epilogue: name, vectors, from };
    dispatches.push(...(await launchPart(device, matrix, part, rows, x, y, state, use)));
  }
  return dispatches;
}

/**
 * Y[t] = silu(Wgate X[t]) * (Wup X[t]) for the step's tokens, of two joined matrices of as many rows. As createMatmul; only
 * where `joinsProducts`.
 */
export function createGatedMatmul(
  device: EngineDevice,
  { whole, members, starts }: JoinedMatrix,
  x: Rows,
  y: OutputRows,
  state: DeviceBuffer,
  range: MatmulRange = {},
): Promise<Dispatch[]> {
  const rows = { count: members[0]!.rows, up: starts[1]! };
  const use = { epilogue: 'store', joined: 'gated', vectors: {}, ...range } as const;
  return launchPart(device, whole, whole.parts[0]!, rows, x, y, state, use);
}

/** Outputs that lie in one buffer. */
export interface JoinedRows {
  buffer: DeviceBuffer;
  /** Each with the float of the buffer at which it starts. */
  rows: readonly { start: number; stride: number }[];
}

/**
 * The product of each of two or three joined matrices, into an output of its own. As createMatmul; only where `joinsProducts`.
 */
export async function createMembersMatmul(
  device: EngineDevice,
  joined: JoinedMatrix,
  x: Rows,
  y: JoinedRows,
  state: DeviceBuffer,
  range: MatmulRange = {},
): Promise<Dispatch[]> {
  const { whole } = joined;
  const vectors = { 8: await membersPlaces(device, joined, y) };
  const rows = { count: whole.rows, up: 0 };
  const use = { epilogue: 'store', joined: 'members', vectors, ...range } as const;
  const into = { buffer: y.buffer, stride: 0 };
  return launchPart(device, whole, whole.parts[0]!, rows, x, into, state, use);
}

/** Where the rows of each member go, as outputs/members.wgsl reads it. */
export function membersPlaces(
  device: EngineDevice,
  { whole, members, starts }: JoinedMatrix,
  { rows }: JoinedRows,
): Promise<DeviceBuffer> {
  const nowhere = 0xffffffff;
  const words = [0, 1, 2].flatMap(i => {
    const [member, output] = [members[i], rows[i]];
    return member && output ? [starts[i]!, member.rows, output.start, output.stride] : [nowhere, 0, 0, 0];
  });
  return device.memory.uniform(`${whole.name} members`, new Uint32Array(words));
}

async function launchPart(
  device: EngineDevice,
  matrix: Matrix,
  part: MatrixPart,
  rows: { count: number; up: number },
  x: Rows,
  y: OutputRows,
  state: DeviceBuffer,
  use: {
    epilogue: EpilogueName;
    joined?: JoinedOutputs;
    vectors: Record<number, DeviceBuffer>;
    from?: number | undefined;
  },
): Promise<Dispatch[]> {
  const { epilogue, joined, vectors, from } = use;
  const { format, columns } = matrix;
  const groupsPerRow = paddedColumns(columns) / 16;
  const words = [rows.count, groupsPerRow, part.firstRow, x.stride / 4, y.stride, rows.up];
  const params = await device.memory.uniform(`${matrix.name} matmul`, new Uint32Array(words));
  const planes = Object.fromEntries(part.planes.map((plane, i) => [3 + i, plane]));
  const bindings = { 0: params, 1: x.buffer, 2: y.buffer, 7: state, ...planes, ...vectors };
  const size = `${matrix.rows}x${columns}`;
  const launches = launchesOf(device.variant, format, epilogue, joined, { size, from });
  const dispatches: Dispatch[] = [];
  for (const { form, tile, from, to, kind } of launches) {
    const spec = matmulSpec(format, device.variant, form);
    const workgroups = Math.ceil(rows.count / tile.rows);
    const made = await device.createDispatch(spec, bindings, ({ tokens }) =>
      tokens < from || tokens > to ? [0] : [workgroups, Math.ceil(tokens / tile.tokens)],
    );
    dispatches.push(kind === undefined ? made : inClass(made, { kind, size }));
  }
  return dispatches;
}
