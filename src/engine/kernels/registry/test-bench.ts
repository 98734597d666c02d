import { waitUnlessAborted } from '../../device/abandon.ts';
import type { EngineDevice } from '../../device/device.ts';
import type { Dispatch, Step } from '../../device/dispatch.ts';
import type { DeviceBuffer } from '../../device/memory.ts';
import { readBuffer } from '../../device/readback.ts';
import { abortedError } from '../../errors.ts';
import { GgmlType, type GgmlTypeName } from '../../quant/block-formats.ts';
import { dequantizeTensor } from '../../quant/dequantize.ts';
import { placements } from '../../quant/gpu-formats.ts';
import { sampleTensorBytes } from '../../quant/sample-blocks.ts';
import { type Allocated, allocateShapes, type Shapes } from '../buffer-shape.ts';
import { allocateMatrix, type Matrix, writeRows } from '../matrix.ts';

/** A kernel's launches, to be repeated. */
export interface Launch {
  dispatches: Dispatch[];
  step: Step;
}

/** What a kernel computed, beside its twin. */
export interface KernelCheck {
  kernel: string;
  /** Of the number that is furthest off for what it may be off; infinite where it is not a number. */
  largestError: number;
  /** What that number may be off. */
  bound: number;
  passed: boolean;
  /** Only of kernels that may run any number of times. */
  launch?: Launch | undefined;
}

/** What the small problems of kernels need of a device: buffers, a launch, a comparison. */
export class TestBench {
  readonly device: EngineDevice;
  readonly checks: KernelCheck[] = [];
  /** The bytes that were compared, one after the other: what computes them twice has the same bits. */
  readonly compared: ArrayBuffer[] = [];
  readonly #signal: AbortSignal | undefined;

  constructor(device: EngineDevice, signal?: AbortSignal) {
    this.device = device;
    this.#signal = signal;
  }

  async buffer(data: Float32Array<ArrayBuffer> | Uint32Array<ArrayBuffer>): Promise<DeviceBuffer> {
    const buffer = await this.space(data.length);
    this.device.write(buffer, 0, data);
    return buffer;
  }

  space(words: number): Promise<DeviceBuffer> {
    return this.device.memory.storage('kernel problem', words * 4);
  }

  /**
   * What a kernel needs beside its input, as a model allocates it, but for the labels: by label and size a device knows what was planned
   * for a model that is being loaded.
   */
  allocate<S extends Shapes>(shapes: S): Promise<Allocated<S>> {
    const renamed = Object.entries(shapes).map(([name, shape]) => [
      name,
      { ...shape, label: 'kernel problem' },
    ]);
    return allocateShapes(this.device, Object.fromEntries(renamed) as S);
  }

  state(position: number, tokens: number): Promise<DeviceBuffer> {
    return this.device.memory.uniform('kernel problem', new Uint32Array([position, tokens]));
  }

  /** A sample matrix, and its weights as numbers. */
  async matrix(
    type: GgmlTypeName,
    rows: number,
    columns: number,
  ): Promise<{ matrix: Matrix; weights: Float32Array }> {
    const placement = placements[type]!;
    const bytes = sampleTensorBytes(type, rows * columns, 1);
    const matrix = await allocateMatrix(this.device, 'kernel problem', rows, columns, placement.format);
    writeRows(this.device, matrix, placement, bytes, 0, rows);
    return { matrix, weights: dequantizeTensor(GgmlType[type], bytes) };
  }

  /** @throws `aborted` */
  run(dispatches: Dispatch[], step: Step): Launch {
    if (this.#signal?.aborted) throw abortedError();
    const commands = this.device.begin();
    commands.launch(dispatches, step);
    commands.submit();
    return { dispatches, step };
  }

  /** Notes whether the buffer starts with these numbers, each within its tolerance. */
  async check(
    kernel: string,
    buffer: DeviceBuffer,
    expected: Float64Array,
    tolerance: number | ((index: number) => number),
    launch?: Launch,
  ): Promise<void> {
    const actual = new Float32Array(await this.#read(buffer, expected.length * 4));
    const within = typeof tolerance === 'number' ? () => tolerance : tolerance;
    let worst = { ratio: -1, error: 0, bound: 0 };
    expected.forEach((value, i) => {
      const difference = Math.abs(actual[i]! - value);
      const error = Number.isNaN(difference) ? Number.POSITIVE_INFINITY : difference;
      const bound = within(i);
      const ratio = error === 0 ? 0 : error / bound;
      if (ratio > worst.ratio) worst = { ratio, error, bound };
    });
    this.note(kernel, worst.error, worst.bound, launch);
  }

  /** Notes whether a buffer of whole numbers has these, `stride` words apart from word `first` on. */
  async checkIds(
    kernel: string,
    buffer: DeviceBuffer,
    expected: readonly number[],
    { first, stride }: { first: number; stride: number },
    launch?: Launch,
  ): Promise<void> {
    const bytes = 4 * (first + (expected.length - 1) * stride + 1);
    const words = new Uint32Array(await this.#read(buffer, bytes));
    const wrong = expected.filter((id, i) => words[first + i * stride] !== id);
    this.note(kernel, wrong.length, 0, launch);
  }

  /** @throws `aborted` */
  async #read(buffer: DeviceBuffer, bytes: number): Promise<ArrayBuffer> {
    const read = await waitUnlessAborted(this.device, this.#signal, () =>
      readBuffer(this.device, buffer, bytes),
    );
    if (this.#signal?.aborted) throw abortedError();
    this.compared.push(read);
    return read;
  }

  private note(kernel: string, largestError: number, bound: number, launch: Launch | undefined): void {
    this.checks.push({ kernel, largestError, bound, passed: largestError <= bound, launch });
  }
}
