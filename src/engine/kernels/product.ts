import type { EngineDevice, Variant } from '../device/device.ts';
import type { Dispatch } from '../device/dispatch.ts';
import type { DeviceBuffer } from '../device/memory.ts';
import { createColumns, createGatedColumns, createMembersColumns, mostColumns } from './columns.ts';
import type { JoinedMatrix } from './joined-matrix.ts';
import {
  createGatedMatmul,
  createMatmul,
  createMembersMatmul,
  type JoinedRows,
  type OutputRows,
  type ProductOptions,
} from './matmul.ts';
import type { Matrix } from './matrix.ts';
import type { Rows } from './rows.ts';

/**
 * Y[t, 0 .. rows) = W X[t], or += with `accumulate`, or what `epilogue` says, for the tokens of the step, however many: of the
 * launches that are returned only those for such a number take place.
 * x: [tokens, xStride] f32 with xStride >= padded columns, zero padding; y: [tokens, yStride] f32.
 */
export async function createProduct(
  device: EngineDevice,
  matrix: Matrix,
  x: Rows,
  y: OutputRows,
  state: DeviceBuffer,
  options: ProductOptions = {},
): Promise<Dispatch[]> {
  const { accumulate, epilogue } = options;
  if (epilogue || !hasColumns(device.variant)) return createMatmul(device, matrix, x, y, state, options);
  const many = await createMatmul(device, matrix, x, y, state, options, { from: mostColumns + 1 });
  return [...(await createColumns(device, matrix, x, y, state, { accumulate })), ...many];
}

/** Where few tokens do not take a matmul, which does as much work for them as for many. */
export function hasColumns({ gpu }: Variant): boolean {
  return gpu === true;
}

/**
 * Y[t] = silu(Wgate X[t]) * (Wup X[t]) of two joined matrices, as createProduct. Only where `joinsProducts`. y: [tokens, yStride]
 * f32.
 */
export async function createGatedProduct(
  device: EngineDevice,
  joined: JoinedMatrix,
  x: Rows,
  y: OutputRows,
  state: DeviceBuffer,
): Promise<Dispatch[]> {
  if (!hasColumns(device.variant)) return createGatedMatmul(device, joined, x, y, state);
  const many = await createGatedMatmul(device, joined, x, y, state, { from: mostColumns + 1 });
  return [...(await createGatedColumns(device, joined, x, y, state)), ...many];
}

/**
 * The product of each of some joined matrices, as createProduct, into an output of its own, [tokens, its stride] f32. Only where
 * `joinsProducts`.
 */
export async function createMembersProduct(
  device: EngineDevice,
  joined: JoinedMatrix,
  x: Rows,
  y: JoinedRows,
  state: DeviceBuffer,
): Promise<Dispatch[]> {
  if (!hasColumns(device.variant)) return createMembersMatmul(device, joined, x, y, state);
  const many = await createMembersMatmul(device, joined, x, y, state, { from: mostColumns + 1 });
  return [...(await createMembersColumns(device, joined, x, y, state)), ...many];
}
