import type { EngineDevice } from '../device/device.ts';
import type { BufferPart, DeviceBuffer, MemoryLimits } from '../device/memory.ts';
import { type GpuFormat, type Placement, paddedColumns } from '../quant/gpu-formats.ts';
import { interleavedRows, interleaveRows, wholeFours } from '../quant/interleave.ts';

/** Some consecutive rows of a matrix, in one buffer whose planes each fit a binding. */
export interface MatrixPart {
  buffer: DeviceBuffer;
  firstRow: number;
  rows: number;
  /** One binding a plane, in the order of the format's shader (bindings 3, 4, ...). */
  planes: BufferPart[];
}

/** A weight matrix on the GPU: y = W x with W [rows, columns]; in GGUF terms ne1 = rows, ne0 = columns. */
export interface Matrix {
  name: string;
  rows: number;
  columns: number;
  format: GpuFormat;
  parts: MatrixPart[];
}

// Parts start at multiples of this, so that packed pairs of f16 scales never straddle two parts.
const rowStep = 64;

/** Rows that one part may have: no plane longer than the largest binding, the whole within the largest buffer. */
export function rowsPerPart(
  device: MemoryLimits,
  columns: number,
  format: GpuFormat,
  bindingBytes: number = device.maxBindingBytes,
): number {
  const rowBytes = format.planeBytes(paddedColumns(columns));
  const total = rowBytes.reduce((sum, bytes) => sum + bytes, 0);
  const slack = 256 * rowBytes.length;
  const fit = Math.min(bindingBytes / Math.max(...rowBytes), (device.maxBufferBytes - slack) / total);
  return Math.max(1, Math.floor(fit / rowStep)) * rowStep;
}

/** Some consecutive rows of a matrix before they are allocated: where each plane lies in their buffer. */
export interface PartLayout {
  firstRow: number;
  rows: number;
  planes: { offset: number; size: number }[];
  /** Of the buffer. */
  bytes: number;
}

/** Splits a matrix by rows where a plane would exceed the largest binding or the whole the largest buffer. */
export function layOutMatrix(
  device: MemoryLimits,
  rows: number,
  columns: number,
  format: GpuFormat,
  bindingBytes?: number,
): PartLayout[] {
  const rowBytes = format.planeBytes(paddedColumns(columns));
  const partRows = rowsPerPart(device, columns, format, bindingBytes);
  const parts: PartLayout[] = [];
  for (let firstRow = 0; firstRow < rows; firstRow += partRows) {
    const count = Math.min(partRows, rows - firstRow);
    const held = isInterleaved(device, format) ? wholeFours(count) : count;
    let bytes = 0;
    const planes = rowBytes.map(each => {
      const plane = { offset: bytes, size: Math.ceil((held * each) / 16) * 16 };
      bytes = Math.ceil((bytes + plane.size) / 256) * 256;
      return plane;
    });
    parts.push({ firstRow, rows: count, planes, bytes });
  }
  return parts;
}

function isInterleaved({ interleavesRows }: MemoryLimits, { granules }: GpuFormat): boolean {
  return interleavesRows === true && granules !== undefined;
}

/** What the buffer of a part is called. */
export function partLabel(name: string, { firstRow }: Pick<PartLayout, 'firstRow'>): string {
  return `${name} rows ${firstRow}..`;
}

/**
 * Allocates a matrix as `layOutMatrix` says.
 * @param bindingBytes overrides the device's limit (tests split small matrices with it)
 */
export async function allocateMatrix(
  device: EngineDevice,
  name: string,
  rows: number,
  columns: number,
  format: GpuFormat,
  bindingBytes?: number,
): Promise<Matrix> {
  const parts: MatrixPart[] = [];
  for (const { firstRow, rows: count, planes, bytes } of layOutMatrix(
    device,
    rows,
    columns,
    format,
    bindingBytes,
  )) {
    const buffer = await device.memory.storage(partLabel(name, { firstRow }), bytes);
    parts.push({ buffer, firstRow, rows: count, planes: planes.map(plane => ({ buffer, ...plane })) });
  }
  return { name, rows, columns, format, parts };
}

/** Room for the planes of one piece, used again for the next: fresh memory costs as much as the repacking itself. */
export class PlaneRoom {
  #bytes = new Uint8Array(0);

  /** Zeroed arrays of these lengths, each at a whole word. The ones handed out before are no longer valid. */
  take(lengths: readonly number[]): Uint8Array<ArrayBuffer>[] {
    const starts: number[] = [];
    let total = 0;
    for (const length of lengths) {
      starts.push(total);
      total += Math.ceil(length / 4) * 4;
    }
    if (total > this.#bytes.length) this.#bytes = new Uint8Array(total);
    else this.#bytes.fill(0, 0, total);
    return lengths.map((length, i) => this.#bytes.subarray(starts[i]!, starts[i]! + length));
  }
}

/**
 * Repacks `count` rows (bytes as in the file) and writes them at `firstRow`. `firstRow` must be even, so that packed
 * scales start at a whole word; where rows lie interleaved, it and `count` are multiples of four but at the matrix's end.
 */
export function writeRows(
  device: EngineDevice,
  matrix: Matrix,
  placement: Placement,
  source: Uint8Array,
  firstRow: number,
  count: number,
  room = new PlaneRoom(),
): void {
  const sourceRowBytes = source.byteLength / count;
  const rowBytes = matrix.format.planeBytes(paddedColumns(matrix.columns));
  for (const part of matrix.parts) {
    const from = Math.max(firstRow, part.firstRow);
    const to = Math.min(firstRow + count, part.firstRow + part.rows);
    if (from >= to) continue;
    const rows = to - from;
    const whole = isInterleaved(device, matrix.format) ? wholeFours(rows) : rows;
    const planes = room.take(rowBytes.map(bytes => Math.ceil((whole * bytes) / 4) * 4));
    const slice = source.subarray((from - firstRow) * sourceRowBytes, (to - firstRow) * sourceRowBytes);
    // The zero padding of the last word belongs to no row.
    const exact = planes.map((plane, i) => plane.subarray(0, rows * rowBytes[i]!));
    placement.repack(slice, rows, matrix.columns, exact);
    if (isInterleaved(device, matrix.format)) {
      if ((from - part.firstRow) % interleavedRows !== 0) throw new Error(`Row ${from} begins no four.`);
      planes.forEach((plane, i) => {
        interleaveRows(plane, rowBytes[i]!, matrix.format.granules![i]!);
      });
    }
    planes.forEach((plane, i) => {
      const offset = part.planes[i]!.offset + (from - part.firstRow) * rowBytes[i]!;
      device.write(part.buffer, offset, plane);
    });
  }
}

/** Bytes of its planes; the buffers may hold other matrices too. */
export function matrixBytes(matrix: Matrix): number {
  return matrix.parts.flatMap(part => part.planes).reduce((sum, plane) => sum + plane.size, 0);
}

/** Of a matrix that shares its buffers with no other. */
export function releaseMatrix(device: EngineDevice, matrix: Matrix): void {
  for (const part of matrix.parts) device.memory.release(part.buffer);
}
