import type { EngineDevice } from '../device/device.ts';
import { type GpuFormat, paddedColumns } from '../quant/gpu-formats.ts';
import { allocateMatrix, type Matrix, rowsPerPart } from './matrix.ts';

/** Matrices of one width and format, one under the other in one buffer: each for itself, or all in one launch. */
export interface JoinedMatrix {
  /** Every row, the zeros between the members included; one part, unless there is a single member. */
  whole: Matrix;
  members: Matrix[];
  /** The row of `whole` at which each member starts. */
  starts: number[];
}

// A plane's row is a whole number of 16-bit words, so this many rows are a whole number of 256 bytes: every member's
// planes, and its stretch of an f32 output, can be bound on their own (minStorageBufferOffsetAlignment).
const memberStep = 128;

/** The row at which each of several joined matrices starts. */
export function joinedStarts(rows: readonly number[]): number[] {
  let next = 0;
  return rows.map(count => {
    const start = next;
    next = Math.ceil((start + count) / memberStep) * memberStep;
    return start;
  });
}

/** Rows of several matrices when joined. */
export function joinedRows(rows: readonly number[]): number {
  return joinedStarts(rows).at(-1)! + rows.at(-1)!;
}

/** @returns undefined where the device cannot bind them as one; bindingBytes overrides its limit (for tests) */
export async function allocateJoined(
  device: EngineDevice,
  members: readonly { name: string; rows: number }[],
  columns: number,
  format: GpuFormat,
  bindingBytes?: number,
): Promise<JoinedMatrix | undefined> {
  const counts = members.map(({ rows }) => rows);
  const rows = joinedRows(counts);
  if (rows > rowsPerPart(device, columns, format, bindingBytes)) return undefined;
  const name = members.map(member => member.name).join(' + ');
  const whole = await allocateMatrix(device, name, rows, columns, format, bindingBytes);
  const [part] = whole.parts;
  const rowBytes = format.planeBytes(paddedColumns(columns));
  const starts = joinedStarts(counts);
  return {
    whole,
    starts,
    members: members.map((member, i) => {
      const planes = part!.planes.map((plane, p) => ({
        buffer: part!.buffer,
        offset: plane.offset + starts[i]! * rowBytes[p]!,
        size: Math.ceil((member.rows * rowBytes[p]!) / 16) * 16,
      }));
      const parts = [{ buffer: part!.buffer, firstRow: 0, rows: member.rows, planes }];
      return { ...member, columns, format, parts };
    }),
  };
}
