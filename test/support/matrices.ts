import type { EngineDevice } from '../../src/engine/device/device.ts';
import { allocateMatrix, type Matrix, writeRows } from '../../src/engine/kernels/matrix.ts';
import { GgmlType, type GgmlTypeName } from '../../src/engine/quant/block-formats.ts';
import { dequantizeTensor } from '../../src/engine/quant/dequantize.ts';
import { placements } from '../../src/engine/quant/gpu-formats.ts';
import { sampleTensorBytes } from '../../src/engine/quant/sample-blocks.ts';

/** A sample matrix on the GPU, and its weights as numbers. */
export async function uploadSample(
  device: EngineDevice,
  type: GgmlTypeName,
  rows: number,
  columns: number,
  bindingBytes?: number,
): Promise<{ matrix: Matrix; weights: Float32Array }> {
  const bytes = sampleTensorBytes(type, rows * columns, rows + columns);
  const placement = placements[type]!;
  const matrix = await allocateMatrix(device, type, rows, columns, placement.format, bindingBytes);
  // In two pieces, as a loader that reads a bounded slice at a time does.
  const half = Math.floor(rows / 4) * 2;
  const rowBytes = bytes.byteLength / rows;
  if (half > 0) writeRows(device, matrix, placement, bytes.subarray(0, half * rowBytes), 0, half);
  writeRows(device, matrix, placement, bytes.subarray(half * rowBytes), half, rows - half);
  return { matrix, weights: dequantizeTensor(GgmlType[type], bytes) };
}

/** [rows, columns] laid out with padded rows. */
export function padRows(x: Float32Array, columns: number, stride: number): Float32Array<ArrayBuffer> {
  const out = new Float32Array((x.length / columns) * stride);
  for (let t = 0; t * columns < x.length; t++) {
    out.set(x.subarray(t * columns, (t + 1) * columns), t * stride);
  }
  return out;
}

/** Padded rows without their padding. */
export function unpadRows(padded: Float32Array, columns: number, stride: number): Float32Array<ArrayBuffer> {
  const out = new Float32Array((padded.length / stride) * columns);
  for (let t = 0; t * stride < padded.length; t++) {
    out.set(padded.subarray(t * stride, t * stride + columns), t * columns);
  }
  return out;
}
