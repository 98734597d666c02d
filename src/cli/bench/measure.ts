import type { EngineDevice } from '../../engine/device/device.ts';
import { readBuffer } from '../../engine/device/readback.ts';
import { matrixBytes, releaseMatrix } from '../../engine/kernels/matrix.ts';
import { createMatvec } from '../../engine/kernels/matvec.ts';
import { createProduct } from '../../engine/kernels/product.ts';
import { fillMatrix } from '../../engine/kernels/registry/noise.ts';
import type { GgmlTypeName } from '../../engine/quant/block-formats.ts';
import { paddedColumns } from '../../engine/quant/gpu-formats.ts';
import { sampleNumbers } from '../../engine/quant/sample-blocks.ts';
import { median } from '../../engine/timing/statistics.ts';

/** GB/s of a buffer copy on this device, bytes read and written counted once each. */
export async function measureCopy(device: EngineDevice, repeat: number): Promise<number> {
  const bytes = 128 * 1024 * 1024;
  const from = await device.memory.storage('copy source', bytes);
  const to = await device.memory.storage('copy target', bytes);
  const times: number[] = [];
  for (let i = 0; i <= repeat; i++) {
    const at = performance.now();
    const commands = device.begin();
    commands.copy(from, 0, to, 0, bytes);
    commands.submit();
    await device.settled();
    if (i > 0) times.push(performance.now() - at);
  }
  device.memory.release(from);
  device.memory.release(to);
  return (2 * bytes) / median(times) / 1e6;
}

/** One product of a matrix with `tokens` vectors: submit to completion, and with input and output moved as well. */
export async function measureProduct(
  device: EngineDevice,
  rows: number,
  columns: number,
  type: GgmlTypeName,
  tokens: number,
  repeat: number,
) {
  const matrix = await fillMatrix(device, rows, columns, type);
  const stride = paddedColumns(columns);
  const x = await device.memory.storage('x', tokens * stride * 4);
  const y = await device.memory.storage('y', tokens * rows * 4);
  const state = await device.memory.uniform('state', new Uint32Array([0, tokens]));
  const dispatches =
    tokens === 1
      ? await createMatvec(device, matrix, x, y)
      : await createProduct(device, matrix, { buffer: x, stride }, { buffer: y, stride: rows }, state);
  const submit = () => {
    const commands = device.begin();
    commands.launch(dispatches, { position: 0, tokens });
    commands.submit();
  };
  const times: number[] = [];
  const roundTrips: number[] = [];
  const input = sampleNumbers(tokens * stride, 1);
  for (let i = 0; i <= repeat; i++) {
    let at = performance.now();
    submit();
    await device.settled();
    if (i > 0) times.push(performance.now() - at);

    at = performance.now();
    device.write(x, 0, input);
    submit();
    await readBuffer(device, y, tokens * rows * 4);
    if (i > 0) roundTrips.push(performance.now() - at);
  }
  const bytes = matrixBytes(matrix);
  const medianMs = median(times);
  releaseMatrix(device, matrix);
  return {
    rows,
    columns,
    type,
    tokens,
    repeat,
    medianMs,
    minMs: Math.min(...times),
    maxMs: Math.max(...times),
    /** With the upload of the input and the readback of the output. */
    roundTripMs: median(roundTrips),
    /** Each of them, for medians over several processes. */
    roundTripsMs: roundTrips,
    GBps: bytes / medianMs / 1e6,
  };
}
