import type { EngineDevice } from '../engine/gpu/device.ts';
import { encodeDispatches } from '../engine/gpu/dispatch.ts';
import { readBuffer } from '../engine/gpu/readback.ts';
import { allocateMatrix, matrixBytes, releaseMatrix, writeRows } from '../engine/kernels/matrix.ts';
import { createMatvec } from '../engine/kernels/matvec.ts';
import type { GgmlTypeName } from '../engine/quant/block-formats.ts';
import { paddedColumns, placements } from '../engine/quant/gpu-formats.ts';
import { sampleNumbers, sampleTensorBytes } from '../engine/quant/sample-blocks.ts';
import { median } from './bench/statistics.ts';

/** GB/s of a buffer copy on this device, bytes read and written counted once each. */
export async function measureCopy(device: EngineDevice, repeat: number): Promise<number> {
  const bytes = 128 * 1024 * 1024;
  const from = await device.memory.storage('copy source', bytes);
  const to = await device.memory.storage('copy target', bytes);
  const times: number[] = [];
  for (let i = 0; i <= repeat; i++) {
    const at = performance.now();
    const encoder = device.gpu.createCommandEncoder();
    encoder.copyBufferToBuffer(from, 0, to, 0, bytes);
    device.gpu.queue.submit([encoder.finish()]);
    await device.guard(device.gpu.queue.onSubmittedWorkDone());
    if (i > 0) times.push(performance.now() - at);
  }
  device.memory.release(from);
  device.memory.release(to);
  return (2 * bytes) / median(times) / 1e6;
}

/** One matrix-vector product: submit to completion, and with input and output moved as well. */
export async function measureMatvec(
  device: EngineDevice,
  rows: number,
  columns: number,
  type: GgmlTypeName,
  repeat: number,
) {
  const placement = placements[type]!;
  const matrix = await allocateMatrix(device, 'bench', rows, columns, placement.format);
  const pieceRows = 512;
  for (let row = 0; row < rows; row += pieceRows) {
    const count = Math.min(pieceRows, rows - row);
    writeRows(device, matrix, placement, sampleTensorBytes(type, count * columns, row), row, count);
  }
  const x = await device.memory.storage('x', paddedColumns(columns) * 4);
  const y = await device.memory.storage('y', rows * 4);
  const dispatches = await createMatvec(device, matrix, x, y);
  const times: number[] = [];
  const roundTrips: number[] = [];
  const input = sampleNumbers(columns, 1);
  for (let i = 0; i <= repeat; i++) {
    let at = performance.now();
    const encoder = device.gpu.createCommandEncoder();
    encodeDispatches(encoder, dispatches, { position: 0, tokens: 1 });
    device.gpu.queue.submit([encoder.finish()]);
    await device.guard(device.gpu.queue.onSubmittedWorkDone());
    if (i > 0) times.push(performance.now() - at);

    at = performance.now();
    device.gpu.queue.writeBuffer(x, 0, input);
    const again = device.gpu.createCommandEncoder();
    encodeDispatches(again, dispatches, { position: 0, tokens: 1 });
    device.gpu.queue.submit([again.finish()]);
    await readBuffer(device, y, rows * 4);
    if (i > 0) roundTrips.push(performance.now() - at);
  }
  const bytes = matrixBytes(matrix);
  const medianMs = median(times);
  releaseMatrix(device, matrix);
  return {
    rows,
    columns,
    type,
    repeat,
    medianMs,
    minMs: Math.min(...times),
    maxMs: Math.max(...times),
    /** With the upload of the input and the readback of the output. */
    roundTripMs: median(roundTrips),
    GBps: bytes / medianMs / 1e6,
  };
}
