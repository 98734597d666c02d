import type { EngineDevice, Stopwatch, Variant } from '../device/device.ts';
import type { Bindings, CommandList, Dispatch } from '../device/dispatch.ts';
import type { KernelSpec } from '../device/kernel-spec.ts';
import type { DeviceBuffer } from '../device/memory.ts';
import type { BedsideError } from '../errors.ts';
import type { DeviceReport, ProcessorFacts, ProcessorRates } from '../types/device.ts';
import type { ActivationBits } from '../types/device-choice.ts';
import { type Bank, scratchBytes } from './bank.ts';
import { packedBytes } from './bank-layout.ts';
import type { ProcessorBuffer } from './buffer.ts';
import { ProcessorCommands, type ProcessorDispatch } from './commands.ts';
import type { KernelModule } from './kernel-module.ts';
import { blockOf, bufferOf, type LaunchRecord, lowerKernel, writeRecord } from './launch-records.ts';
import { type MemoryOptions, ProcessorMemory } from './memory.ts';
import { TaskQueue } from './queue.ts';
import { SingleWalker, type Walker } from './walker.ts';

/** Makes whoever computes in the banks of the device; `lost` is called where it cannot go on. */
export type MakeWalker = (over: {
  banks: () => readonly Bank[];
  lost: (error: BedsideError) => void;
}) => Walker;

export interface DeviceOptions extends MemoryOptions {
  /** To which products round their activations; 32, the default, is exact. */
  activationBits?: ActivationBits | undefined;
}

/** The machine's processor as a device: kernels of processor/ over memories of its own. */
export class ProcessorDevice implements EngineDevice {
  report: DeviceReport;
  variant: Variant = { subgroups: false, f16: false };
  readonly memory: ProcessorMemory;
  readonly activationBits: ActivationBits;
  readonly #queue = new TaskQueue();
  readonly #module: KernelModule;
  readonly #walker: Walker;
  readonly #compiled = new Set<string>();
  /** Of the dispatch made last: graphs are built in the order in which they are launched. */
  #latestBank: Bank;
  /** Of a buffer that commands copy to: how many tasks have to be done for it to hold what was copied last. */
  readonly #writtenBy = new WeakMap<DeviceBuffer, number>();

  /** @param threads that compute */
  constructor(
    module: KernelModule,
    options: DeviceOptions,
    threads = 1,
    makeWalker: MakeWalker = () => new SingleWalker(),
    processor?: ProcessorFacts,
  ) {
    this.activationBits = options.activationBits ?? 32;
    this.#module = module;
    this.memory = new ProcessorMemory(options, {
      module,
      threads,
      afterAll: then => this.#queue.afterAll(then),
      onDropped: bank => this.#letGo(bank),
    });
    this.#latestBank = this.memory.firstBank;
    this.#walker = makeWalker({
      banks: () => this.memory.banks,
      lost: error => this.#queue.fail(error),
    });
    this.report = {
      kind: 'processor',
      adapter: 'processor',
      isSoftware: true,
      shaderF16: false,
      subgroups: false,
      maxBufferBytes: this.maxBufferBytes,
      maxBindingBytes: this.maxBindingBytes,
      interleavesRows: this.interleavesRows,
      ...(processor ? { processor } : {}),
    };
  }

  /** What was measured with the threads that compute here, since it was opened. */
  noteRates(rates: ProcessorRates): void {
    const { processor } = this.report;
    if (processor) this.report = { ...this.report, processor: { ...processor, rates } };
  }

  get maxBufferBytes(): number {
    return this.memory.maxBufferBytes;
  }

  get maxBindingBytes(): number {
    return this.memory.maxBufferBytes;
  }

  /** Rounded products compute a row in each lane. */
  get interleavesRows(): boolean {
    return this.activationBits !== 32;
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
    lowerKernel(spec, this.#module.numberOf, this.activationBits);
    this.#compiled.add(JSON.stringify([spec.kernel, spec.form]));
  }

  get compiledKernels(): number {
    return this.#compiled.size;
  }

  async createDispatch(
    spec: KernelSpec,
    bindings: Bindings,
    grid: Dispatch['grid'],
  ): Promise<ProcessorDispatch> {
    await this.compile(spec);
    const { numberOf } = this.#module;
    const { memory } = this;
    const bound = [...new Set(Object.values(bindings).map(bufferOf))];
    const buffers = bound.filter(({ host }) => !host);
    const bank = memory.bankWithRoom(bankFor(buffers, this.#latestBank), buffers);
    this.#latestBank = bank;
    const { launches, packed } = this.#blocksOf(
      lowerKernel(spec, numberOf, this.activationBits),
      bindings,
      bank,
    );
    const bytes = numberOf('RECORD_BYTES');
    const records = launches.map(launch => {
      const address = memory.attach(bank, bound[0]!, spec.label, bytes);
      const words = new Uint32Array(bank.wasm.buffer, address, bytes / 4);
      const addressOf = (buffer: ProcessorBuffer) => memory.placeIn(bank, buffer);
      writeRecord(words, launch, bindings, addressOf, packed, numberOf);
      return address;
    });
    return { label: spec.label, grid, bank, records, buffers };
  }

  write(target: DeviceBuffer, offset: number, data: ArrayBufferView<ArrayBuffer>): void {
    const buffer = target as ProcessorBuffer;
    const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
    if (offset + bytes.length > buffer.size) throw new Error(`A write past the end of ${buffer.label}.`);
    if (this.#queue.isIdle) buffer.write(offset, bytes);
    else {
      const copy = bytes.slice();
      this.#queue.add(() => buffer.write(offset, copy));
    }
  }

  begin(): CommandList {
    return new ProcessorCommands(this.#queue, this.#walker, (buffer, done) =>
      this.#writtenBy.set(buffer, done),
    );
  }

  flush(): void {
    this.check();
  }

  abandon(): void {
    this.#queue.abandonWork();
    this.#walker.abandon();
  }

  /** How many of its threads compute what is submitted from now on; at least one does. The bits do not depend on it. */
  setThreads(count: number): void {
    this.#walker.setThreads(count);
  }

  settled(): Promise<void> {
    return this.#queue.reached();
  }

  async read(readback: DeviceBuffer, bytes: number): Promise<ArrayBuffer> {
    await this.#queue.reached(this.#writtenBy.get(readback) ?? 0);
    // A copy that is never shared, whatever the memory is.
    return new Uint8Array((readback as ProcessorBuffer).bytes.subarray(0, bytes)).buffer;
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

  /** As `destroy`, but helpers are not ended: they can be started for another device. Only while nothing is submitted. */
  release(): void {
    this.#walker.release();
    this.#queue.end();
  }

  destroy(): void {
    this.#walker.destroy();
    this.#queue.end();
  }

  #letGo(bank: Bank): void {
    if (this.#latestBank === bank) this.#latestBank = this.memory.firstBank;
    this.#walker.letGo();
  }

  /** Launches over packed activations once for each block of tokens that the activations have room for. */
  #blocksOf(
    launches: readonly LaunchRecord[],
    bindings: Bindings,
    bank: Bank,
  ): { launches: readonly LaunchRecord[]; packed: number } {
    if (!launches.some(({ isPacked }) => isPacked)) {
      if (launches.some(({ kernel }) => kernel.endsWith('MATVEC'))) requireScratch(bindings, bank);
      return { launches, packed: 0 };
    }
    const params = wordsOf(bindings[0]!);
    const [columns, strideBytes] = [16 * params[1]!, 16 * params[3]!];
    const most = Math.ceil(bindings[1]!.size / strideBytes);
    const blockTokens = this.#module.numberOf('BLOCK_TOKENS');
    const blocks = Array.from({ length: Math.ceil(most / blockTokens) }, (_, block) =>
      launches.map(launch => blockOf(launch, block)),
    );
    const packed = this.memory.packedIn(bank, packedBytes(4 * columns, most, blockTokens));
    return { launches: blocks.flat(), packed };
  }
}

/**
 * Where a kernel is launched: with the group of what it binds, which is most of it; else where most of it lies already, and
 * where several banks have all of it, where the launch before it is.
 */
function bankFor(buffers: readonly ProcessorBuffer[], latest: Bank): Bank {
  const grouped = buffers.filter(({ isGrouped }) => isGrouped);
  const bytesIn = (bank: Bank) => {
    // Copies that lie beside something that no plan told of go with it.
    if (bank.guests > 0 && !buffers.some(({ home }) => home === bank)) return -1;
    if (grouped.length > 0) return bytesOf(grouped.filter(({ home }) => home === bank));
    return bytesOf(buffers.filter(({ places }) => places.has(bank)));
  };
  let [best, most] = [latest, bytesIn(latest)];
  for (const bank of new Set(buffers.flatMap(({ places }) => [...places.keys()]))) {
    const bytes = bytesIn(bank);
    if (bytes > most) [best, most] = [bank, bytes];
  }
  return best;
}

function bytesOf(buffers: readonly ProcessorBuffer[]): number {
  return buffers.reduce((sum, { size }) => sum + size, 0);
}

/** A kernel's parameters. */
function wordsOf(params: Bindings[number]): Uint32Array {
  const { buffer, byteOffset } = bufferOf(params).bytes;
  return new Uint32Array(buffer, byteOffset, params.size / 4);
}

function requireScratch(bindings: Bindings, { kernels }: Bank): void {
  const columns = 64 * wordsOf(bindings[0]!)[1]!;
  if (kernels.matvecScratch(columns) <= scratchBytes) return;
  throw new Error(`A product of ${columns} columns is wider than a thread's scratch.`);
}
