import { type DeviceBuffer, type DeviceMemory, heldBytes, type ProbeResult } from '../device/memory.ts';
import { BedsideError } from '../errors.ts';
import { inBytes, sentence } from '../sentence.ts';
import { Heap } from './heap.ts';

const wasmPage = 65536;
/** The memory grows by so much or more: growing is a call into the browser. */
const growBytes = 16 * wasmPage;

/** What a memory of 32-bit addresses can hold. */
export const mostBytes = 65536 * wasmPage;

/** A stretch of the memory in which the kernels compute. */
export interface ProcessorBuffer extends DeviceBuffer {
  readonly address: number;
}

export interface MemoryOptions {
  /** The most that the memory may grow to; 4 GiB by default. */
  maxBytes?: number | undefined;
  shared?: boolean | undefined;
  /** Bytes between buffers that nothing may read or write (for tests): they are no numbers, and `brokenGuards` looks at them. */
  guardBytes?: number | undefined;
}

const guardByte = 0xff;

/** The device's memory: one WebAssembly memory, which grows as buffers are made. */
export class ProcessorMemory implements DeviceMemory {
  bytes = 0;
  peakBytes = 0;
  readonly maxBytes: number;
  readonly wasm: WebAssembly.Memory;
  readonly #heap: Heap;
  readonly #guardBytes: number;
  readonly #held = new Set<ProcessorBuffer>();
  /** Of a buffer: what was taken for the launches that read it. */
  readonly #attached = new Map<ProcessorBuffer, { address: number; bytes: number }[]>();
  readonly #afterAll: (then: () => void) => void;
  /** From here on the memory was never used, and is zero. */
  #fresh = 0;

  /** `afterAll` calls back once everything submitted is done: what a launch under way still reads is not given out again. */
  constructor(options: MemoryOptions, afterAll: (then: () => void) => void) {
    const { shared = false, guardBytes = 0 } = options;
    this.maxBytes = Math.min(mostBytes, Math.ceil((options.maxBytes ?? mostBytes) / wasmPage) * wasmPage);
    // Shared memory has its size from the beginning: where threads share it, growing does not work everywhere (Safari 26).
    const pages = shared ? this.maxBytes / wasmPage : 1;
    const maximum = shared ? pages : mostBytes / wasmPage;
    try {
      this.wasm = new WebAssembly.Memory({ initial: pages, maximum, shared });
    } catch (error) {
      throw tooLittleMemoryError(this.maxBytes, error);
    }
    // Address zero stays unused.
    this.#heap = new Heap(64, pages * wasmPage);
    this.#guardBytes = guardBytes;
    this.#afterAll = afterAll;
  }

  /** Not part of what buffers count: records, scratch. Zero. Throws `out-of-memory`. */
  take(label: string, bytes: number): number {
    const room = bytes + this.#guardBytes;
    let address = this.#heap.take(room);
    if (address === undefined) {
      this.#grow(label, this.#heap.missing(room));
      address = this.#heap.take(room)!;
    }
    const memory = new Uint8Array(this.wasm.buffer);
    memory.fill(0, address, Math.min(address + room, Math.max(this.#fresh, address)));
    this.#fresh = Math.max(this.#fresh, address + room);
    memory.fill(guardByte, address + bytes, address + room);
    return address;
  }

  /** Gives back what `take` returned for the same bytes. */
  give(address: number, bytes: number): void {
    this.#heap.give(address, bytes + this.#guardBytes);
  }

  async storage(label: string, bytes: number): Promise<ProcessorBuffer> {
    const size = heldBytes(bytes);
    const buffer: ProcessorBuffer = { label, size, address: this.take(label, size) };
    this.#held.add(buffer);
    this.bytes += size;
    this.peakBytes = Math.max(this.peakBytes, this.bytes);
    return buffer;
  }

  async uniform(label: string, words: Uint32Array<ArrayBuffer>): Promise<ProcessorBuffer> {
    const buffer = await this.storage(label, words.byteLength);
    new Uint32Array(this.wasm.buffer, buffer.address, words.length).set(words);
    return buffer;
  }

  readback(label: string, bytes: number): Promise<ProcessorBuffer> {
    return this.storage(label, bytes);
  }

  /** Room that lasts as long as the buffer does. Zero. Throws `out-of-memory`. */
  attach(buffer: ProcessorBuffer, label: string, bytes: number): number {
    const address = this.take(label, bytes);
    const attached = this.#attached.get(buffer);
    if (attached) attached.push({ address, bytes });
    else this.#attached.set(buffer, [{ address, bytes }]);
    return address;
  }

  release(released: DeviceBuffer): void {
    const buffer = released as ProcessorBuffer;
    if (!this.#held.delete(buffer)) return;
    this.bytes -= buffer.size;
    const attached = this.#attached.get(buffer) ?? [];
    this.#attached.delete(buffer);
    this.#afterAll(() => {
      this.give(buffer.address, buffer.size);
      for (const { address, bytes } of attached) this.give(address, bytes);
    });
  }

  snapshot(): ReadonlySet<DeviceBuffer> {
    return new Set(this.#held);
  }

  releaseExcept(snapshot: ReadonlySet<DeviceBuffer>): void {
    for (const buffer of [...this.#held]) if (!snapshot.has(buffer)) this.release(buffer);
  }

  releaseAll(): void {
    this.releaseExcept(new Set());
  }

  async probe(sizes: readonly number[], signal?: AbortSignal): Promise<ProbeResult> {
    const made: DeviceBuffer[] = [];
    const result = { wantedBytes: sizes.reduce((sum, size) => sum + size, 0), allocatedBytes: 0 };
    try {
      for (const size of [...sizes].sort((a, b) => b - a)) {
        signal?.throwIfAborted();
        try {
          made.push(await this.storage('probe', size));
          result.allocatedBytes += size;
        } catch (error) {
          if (!(error instanceof BedsideError && error.code === 'out-of-memory')) throw error;
        }
      }
    } finally {
      for (const buffer of made) this.release(buffer);
    }
    return result;
  }

  /** The buffer's bytes as they are now. Valid until the memory grows. */
  view({ address, size }: ProcessorBuffer): Uint8Array {
    return new Uint8Array(this.wasm.buffer, address, size);
  }

  /** Labels of buffers behind which something was written. */
  brokenGuards(): string[] {
    const memory = new Uint8Array(this.wasm.buffer);
    return [...this.#held]
      .filter(({ address, size }) =>
        memory.subarray(address + size, address + size + this.#guardBytes).some(byte => byte !== guardByte),
      )
      .map(({ label }) => label);
  }

  #grow(label: string, missing: number): void {
    const wanted = Math.ceil(missing / wasmPage) * wasmPage;
    const room = this.maxBytes - this.#heap.end;
    const cause = `${label}: ${missing} bytes are missing, ${room} may be added`;
    if (wanted > room) throw tooLittleMemoryError(wanted, cause);
    const grown = Math.min(Math.max(wanted, growBytes), room);
    try {
      this.wasm.grow(grown / wasmPage);
    } catch (error) {
      throw tooLittleMemoryError(wanted, error);
    }
    this.#heap.extend(this.#heap.end + grown);
  }
}

function tooLittleMemoryError(bytes: number, cause: unknown): BedsideError {
  return new BedsideError(
    'out-of-memory',
    sentence`processor-has-too-little-memory: There is too little free memory on this device; ${{ neededBytes: inBytes(bytes) }} more are needed.`,
    'Close other programs, or choose a smaller model or a shorter context.',
    cause,
  );
}
