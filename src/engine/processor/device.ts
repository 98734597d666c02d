import type { EngineDevice, Stopwatch, Variant } from '../device/device.ts';
import type { Bindings, CommandList, Dispatch, Step } from '../device/dispatch.ts';
import type { KernelSpec } from '../device/kernel-spec.ts';
import type { DeviceBuffer } from '../device/memory.ts';
import type { BedsideError } from '../errors.ts';
import type { DeviceReport } from '../types/device.ts';
import {
  instantiateKernels,
  type KernelExports,
  type KernelModule,
  type KernelNumbers,
} from './kernel-module.ts';
import { blockOf, type LaunchRecord, lowerKernel, placeOf, writeRecord } from './launch-records.ts';
import { type MemoryOptions, type ProcessorBuffer, ProcessorMemory } from './memory.ts';
import { TaskQueue } from './queue.ts';
import { SingleWalker, type Walker } from './walker.ts';

/** Of each thread. Attention takes the most; a product of up to 32768 columns takes less. */
export const scratchBytes = 256 * 1024;

/** A kernel over its buffers: the records of its launches, in the memory. */
interface ProcessorDispatch extends Dispatch {
  readonly records: readonly number[];
}

/** Makes whoever computes, over the memory of the device; `lost` is called where it cannot go on. */
export type MakeWalker = (over: {
  kernels: KernelExports;
  numberOf: KernelNumbers;
  memory: ProcessorMemory;
  lost: (error: BedsideError) => void;
}) => Walker;

/** The machine's processor as a device: kernels of processor/ over one memory. */
export class ProcessorDevice implements EngineDevice {
  readonly report: DeviceReport;
  variant: Variant = { subgroups: false, f16: false };
  readonly memory: ProcessorMemory;
  readonly #queue = new TaskQueue();
  readonly #kernels: KernelExports;
  readonly #numberOf: KernelNumbers;
  readonly #walker: Walker;
  readonly #compiled = new Set<string>();
  /** Room for packed activations, shared by all products: each packs its own just before it multiplies. */
  #packed = { address: 0, bytes: 0 };
  /** Of a buffer that commands copy to: how many tasks have to be done for it to hold what was copied last. */
  readonly #writtenBy = new WeakMap<DeviceBuffer, number>();

  constructor(module: KernelModule, options: MemoryOptions, makeWalker: MakeWalker = singleWalker) {
    this.memory = new ProcessorMemory(options, then => this.#queue.afterAll(then));
    const { kernels, numberOf } = instantiateKernels(module, this.memory.wasm);
    this.#kernels = kernels;
    this.#numberOf = numberOf;
    const lost = (error: BedsideError) => this.#queue.fail(error);
    this.#walker = makeWalker({ kernels, numberOf, memory: this.memory, lost });
    this.report = {
      adapter: 'processor',
      isSoftware: true,
      shaderF16: false,
      subgroups: false,
      maxBufferBytes: this.memory.maxBytes,
      maxBindingBytes: this.memory.maxBytes,
    };
  }

  get maxBufferBytes(): number {
    return this.memory.maxBytes;
  }

  get maxBindingBytes(): number {
    return this.memory.maxBytes;
  }

  get lost(): EngineDevice['lost'] {
    return this.#queue.lost;
  }

  get failed(): boolean {
    return this.#queue.failed;
  }

  check(): void {
    this.#queue.check();
  }

  async compile(spec: KernelSpec): Promise<void> {
    lowerKernel(spec, this.#numberOf);
    this.#compiled.add(JSON.stringify([spec.kernel, spec.form]));
  }

  get compiledKernels(): number {
    return this.#compiled.size;
  }

  async createDispatch(spec: KernelSpec, bindings: Bindings, grid: Dispatch['grid']): Promise<Dispatch> {
    await this.compile(spec);
    const launches = this.#blocksOf(lowerKernel(spec, this.#numberOf), bindings);
    const [owner] = Object.values(bindings);
    const bytes = this.#numberOf('RECORD_BYTES');
    const records = launches.map(launch => {
      const buffer = (owner && 'buffer' in owner ? owner.buffer : owner) as ProcessorBuffer;
      const address = this.memory.attach(buffer, spec.label, bytes);
      const words = new Uint32Array(this.memory.wasm.buffer, address, bytes / 4);
      writeRecord(words, launch, bindings, this.#packed.address, this.#numberOf);
      return address;
    });
    const dispatch: ProcessorDispatch = { label: spec.label, grid, records };
    return dispatch;
  }

  write(target: DeviceBuffer, offset: number, data: ArrayBufferView<ArrayBuffer>): void {
    const buffer = target as ProcessorBuffer;
    const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
    if (offset + bytes.length > buffer.size) throw new Error(`A write past the end of ${buffer.label}.`);
    const put = (from: Uint8Array) => this.memory.view(buffer).set(from, offset);
    if (this.#queue.isIdle) put(bytes);
    else {
      const copy = bytes.slice();
      this.#queue.add(() => put(copy));
    }
  }

  begin(): CommandList {
    return new ProcessorCommands(this.#queue, this.memory, this.#walker, (buffer, done) =>
      this.#writtenBy.set(buffer, done),
    );
  }

  flush(): void {
    this.check();
  }

  settled(): Promise<void> {
    return this.#queue.reached();
  }

  async read(readback: DeviceBuffer, bytes: number): Promise<ArrayBuffer> {
    await this.#queue.reached(this.#writtenBy.get(readback) ?? 0);
    // A copy that is never shared, whatever the memory is.
    return new Uint8Array(this.memory.view(readback as ProcessorBuffer).subarray(0, bytes)).buffer;
  }

  async createStopwatch(): Promise<Stopwatch> {
    return {
      time: async (runs, step) => {
        const times: number[] = [];
        for (const dispatches of runs) {
          await this.settled();
          const started = performance.now();
          const commands = this.begin();
          commands.launch(dispatches, step);
          commands.submit();
          await this.settled();
          times.push(performance.now() - started);
        }
        return times;
      },
    };
  }

  destroy(): void {
    this.#walker.destroy();
    this.#queue.end();
  }

  /** Launches over packed activations once for each block of tokens that the activations have room for. */
  #blocksOf(launches: readonly LaunchRecord[], bindings: Bindings): readonly LaunchRecord[] {
    if (!launches.some(({ isPacked }) => isPacked)) {
      if (launches.some(({ kernel }) => kernel === 'MATVEC')) this.#requireScratch(bindings);
      return launches;
    }
    const params = placeOf(bindings[0]!);
    const words = new Uint32Array(this.memory.wasm.buffer, params.address, 4);
    const [columns, strideBytes] = [16 * words[1]!, 16 * words[3]!];
    const most = Math.ceil(placeOf(bindings[1]!).bytes / strideBytes);
    const blockTokens = this.#numberOf('BLOCK_TOKENS');
    this.#roomForPacked(4 * columns * 8 * Math.ceil(Math.min(most, blockTokens) / 8));
    return Array.from({ length: Math.ceil(most / blockTokens) }, (_, block) =>
      launches.map(launch => blockOf(launch, block)),
    ).flat();
  }

  /** Launches made before go on with the room that they have. */
  #roomForPacked(bytes: number): void {
    if (bytes <= this.#packed.bytes) return;
    this.#packed = { address: this.memory.take('packed activations', bytes), bytes };
  }

  #requireScratch(bindings: Bindings): void {
    const units = new Uint32Array(this.memory.wasm.buffer, placeOf(bindings[0]!).address, 2)[1]!;
    if (this.#kernels.matvecScratch(64 * units) <= scratchBytes) return;
    throw new Error(`A product of ${64 * units} columns is wider than a thread's scratch.`);
  }
}

const singleWalker: MakeWalker = ({ kernels, memory }) =>
  new SingleWalker(kernels, memory.take('scratch', scratchBytes));

class ProcessorCommands implements CommandList {
  readonly #tasks: (() => void | Promise<void>)[] = [];
  readonly #copied: DeviceBuffer[] = [];

  constructor(
    private readonly queue: TaskQueue,
    private readonly memory: ProcessorMemory,
    private readonly walker: Walker,
    private readonly onCopied: (buffer: DeviceBuffer, done: number) => void,
  ) {}

  launch(dispatches: readonly Dispatch[], step: Step): void {
    const words: number[] = [];
    for (const { grid, records } of dispatches as readonly ProcessorDispatch[]) {
      if ((typeof grid === 'function' ? grid(step) : grid).includes(0)) continue;
      for (const record of records) words.push(record, step.tokens);
    }
    const list = Uint32Array.from(words);
    if (list.length > 0) this.#tasks.push(() => this.walker.walk(list));
  }

  copy(from: DeviceBuffer, fromOffset: number, to: DeviceBuffer, toOffset: number, bytes: number): void {
    const [source, target] = [from as ProcessorBuffer, to as ProcessorBuffer];
    this.#tasks.push(() => {
      const part = this.memory.view(source).subarray(fromOffset, fromOffset + bytes);
      this.memory.view(target).set(part, toOffset);
    });
    this.#copied.push(to);
  }

  submit(): void {
    let done = 0;
    for (const task of this.#tasks.splice(0)) done = this.queue.add(task);
    for (const buffer of this.#copied.splice(0)) this.onCopied(buffer, done);
  }
}
