import type { EngineDevice } from '../../device/device.ts';
import type { DeviceBuffer } from '../../device/memory.ts';
import type { GgmlTypeName } from '../../quant/block-formats.ts';
import { placements } from '../../quant/gpu-formats.ts';
import { sampleNumbers, sampleTensorBytes } from '../../quant/sample-blocks.ts';
import { allocateMatrix, type Matrix, writeRows } from '../matrix.ts';

const pieceRows = 512;
/** Uploads wait for the GPU after this much, so that the driver's staging memory stays small. */
const uploadWindowBytes = 64 * 1024 * 1024;

/** A matrix [rows, columns] of noise: one stretch of rows, repeated. */
export async function fillMatrix(
  device: EngineDevice,
  rows: number,
  columns: number,
  type: GgmlTypeName,
): Promise<Matrix> {
  const placement = placements[type]!;
  const matrix = await allocateMatrix(device, `noise ${type}`, rows, columns, placement.format);
  const piece = sampleTensorBytes(type, pieceRows * columns, 1);
  const rowBytes = piece.byteLength / pieceRows;
  let pending = 0;
  for (let row = 0; row < rows; row += pieceRows) {
    const count = Math.min(pieceRows, rows - row);
    writeRows(device, matrix, placement, piece.subarray(0, count * rowBytes), row, count);
    pending += count * rowBytes;
    if (pending < uploadWindowBytes) continue;
    pending = 0;
    device.flush();
    await device.settled();
  }
  return matrix;
}

/** The same weights at another place in memory. */
export async function copyMatrix(device: EngineDevice, matrix: Matrix): Promise<Matrix> {
  const { name, rows, columns, format } = matrix;
  const copy = await allocateMatrix(device, name, rows, columns, format);
  const commands = device.begin();
  copy.parts.forEach((part, i) => {
    commands.copy(matrix.parts[i]!.buffer, 0, part.buffer, 0, part.buffer.size);
  });
  commands.submit();
  return copy;
}

/** `count` f32 numbers: one stretch of noise, repeated. */
export async function noise(device: EngineDevice, count: number): Promise<DeviceBuffer> {
  const stretch = sampleNumbers(65536, 1);
  const values = new Float32Array(count);
  for (let at = 0; at < count; at += stretch.length) {
    values.set(stretch.subarray(0, Math.min(stretch.length, count - at)), at);
  }
  const buffer = await device.memory.storage('noise', values.byteLength);
  device.write(buffer, 0, values);
  return buffer;
}
