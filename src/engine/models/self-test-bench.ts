import { abortedError, BedsideError } from '../errors.ts';
import type { EngineDevice } from '../gpu/device.ts';
import { type Dispatch, encodeDispatches, type Step } from '../gpu/dispatch.ts';
import { readBuffer } from '../gpu/readback.ts';
import { allocateMatrix, type Matrix, writeRows } from '../kernels/matrix.ts';
import { GgmlType, type GgmlTypeName } from '../quant/block-formats.ts';
import { dequantizeTensor } from '../quant/dequantize.ts';
import { placements } from '../quant/gpu-formats.ts';
import { sampleTensorBytes } from '../quant/sample-blocks.ts';

/** What the small problems of a self-test need of a device: buffers, a launch, a comparison. */
export class SelfTestBench {
  readonly device: EngineDevice;
  readonly #signal: AbortSignal | undefined;

  constructor(device: EngineDevice, signal?: AbortSignal) {
    this.device = device;
    this.#signal = signal;
  }

  async buffer(data: Float32Array<ArrayBuffer> | Uint32Array<ArrayBuffer>): Promise<GPUBuffer> {
    const buffer = await this.space(data.length);
    this.device.gpu.queue.writeBuffer(buffer, 0, data);
    return buffer;
  }

  space(words: number): Promise<GPUBuffer> {
    return this.device.memory.storage('self-test', words * 4);
  }

  state(position: number, tokens: number): Promise<GPUBuffer> {
    return this.device.memory.uniform('self-test', new Uint32Array([position, tokens]));
  }

  /** A sample matrix, and its weights as numbers. */
  async matrix(
    type: GgmlTypeName,
    rows: number,
    columns: number,
  ): Promise<{ matrix: Matrix; weights: Float32Array }> {
    const placement = placements[type]!;
    const bytes = sampleTensorBytes(type, rows * columns, 1);
    const matrix = await allocateMatrix(this.device, 'self-test', rows, columns, placement.format);
    writeRows(this.device, matrix, placement, bytes, 0, rows);
    return { matrix, weights: dequantizeTensor(GgmlType[type], bytes) };
  }

  /** @throws `aborted` */
  run(dispatches: Dispatch[], step: Step): void {
    if (this.#signal?.aborted) throw abortedError();
    const encoder = this.device.gpu.createCommandEncoder();
    encodeDispatches(encoder, dispatches, step);
    this.device.gpu.queue.submit([encoder.finish()]);
  }

  /** Whether the buffer starts with these numbers, each within its tolerance. */
  async agrees(
    buffer: GPUBuffer,
    expected: Float64Array,
    tolerance: number | ((index: number) => number),
  ): Promise<boolean> {
    const actual = new Float32Array(await readBuffer(this.device, buffer, expected.length * 4));
    const within = typeof tolerance === 'number' ? () => tolerance : tolerance;
    return expected.every((value, i) => Math.abs(actual[i]! - value) <= within(i));
  }
}

/**
 * Runs the problems; when the subgroup variant of a kernel fails, or does not even compile, switches the device to the
 * plain one and runs them again. What they allocated is released, and with it all that anyone else did meanwhile.
 * @param firstFailure runs the problems; names the first kernel that is wrong
 * @throws `self-test-failed` naming the kernel, `gpu-error` for one that does not compile, `aborted`
 */
export async function requireSoundKernels(
  device: EngineDevice,
  signal: AbortSignal | undefined,
  firstFailure: (bench: SelfTestBench) => Promise<string | undefined>,
): Promise<void> {
  const attempt = async () => {
    const before = device.memory.snapshot();
    try {
      return await firstFailure(new SelfTestBench(device, signal));
    } finally {
      device.memory.releaseExcept(before);
    }
  };
  const failed = await attempt().catch((error: unknown) => {
    // Some browsers list the feature before their WGSL knows `enable subgroups`.
    const isCompiler = error instanceof BedsideError && error.code === 'gpu-error' && !device.failed;
    if (device.variant.subgroups && isCompiler) return error.message;
    throw error;
  });
  if (!failed) return;
  if (device.variant.subgroups) {
    device.variant = { ...device.variant, subgroups: false, lanes: undefined };
    if (!(await attempt())) return;
  }
  throw new BedsideError(
    'self-test-failed',
    `This graphics device computes wrongly (${failed}), so no answer from it can be trusted.`,
    'Update the graphics driver and the browser, or use another device.',
  );
}
