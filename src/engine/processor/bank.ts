import { align, Heap } from './heap.ts';
import { instantiateKernels, type KernelExports, type KernelModule } from './kernel-module.ts';

export const wasmPage = 65536;

/** Addresses have 32 bits. */
export const mostBankBytes = 65536 * wasmPage;

/** Of each thread. Attention takes the most; a product of up to 32768 columns takes less. */
export const scratchBytes = 256 * 1024;

/** Launches handed to helpers at a time: what is longer goes in parts. */
export const mostLaunches = 4096;

export interface BankOptions {
  shared: boolean;
  /** Threads that compute in it. */
  threads: number;
  /** Bytes after each stretch that nothing may read or write (for tests): they are no numbers. */
  guardBytes: number;
}

const guardByte = 0xff;
/** Address zero stays unused. */
const firstAddress = 64;

/**
 * One WebAssembly memory, which never grows, with the kernels over it: a launch binds what lies in one. Has in it what each thread
 * computes with, and for helpers the control block and the list of launches.
 */
export class Bank {
  readonly wasm: WebAssembly.Memory;
  readonly kernels: KernelExports;
  /** Addresses, one a thread. */
  readonly scratch: readonly number[];
  readonly control: number = 0;
  readonly list: number = 0;
  readonly bytes: number;
  /** Stretches that are taken, but for the bank's own. */
  users = 0;
  /** Buffers in it that no plan told of. */
  guests = 0;
  readonly #heap: Heap;
  readonly #guardBytes: number;
  /** Rooms for packed activations, the largest last. It is shared by all products: each packs its own just before it multiplies. */
  #packed: { address: number; bytes: number }[] = [];
  /** From here on the memory was never used, and is zero. */
  #untouched = 0;

  /** @throws RangeError where the engine has no such memory */
  constructor(module: KernelModule, bytes: number, { shared, threads, guardBytes }: BankOptions) {
    const pages = Math.ceil(bytes / wasmPage);
    // Of one size from the beginning: where threads share it, growing does not work everywhere (Safari 26).
    this.wasm = new WebAssembly.Memory({ initial: pages, maximum: pages, shared });
    this.kernels = instantiateKernels(module, this.wasm);
    this.bytes = pages * wasmPage;
    this.#guardBytes = guardBytes;
    this.#heap = new Heap(firstAddress, this.bytes);
    this.scratch = Array.from({ length: threads }, () => this.#takeOwn(scratchBytes));
    if (!shared) return;
    this.control = this.#takeOwn(module.numberOf('CONTROL_BYTES'));
    this.list = this.#takeOwn(8 * mostLaunches);
  }

  get free(): number {
    return this.#heap.free;
  }

  /** @returns the address of so many zero bytes, or undefined where there is no room */
  take(bytes: number): number | undefined {
    const room = bytes + this.#guardBytes;
    const address = this.#heap.take(room);
    if (address === undefined) return undefined;
    this.users++;
    const memory = new Uint8Array(this.wasm.buffer);
    memory.fill(0, address, Math.min(address + room, Math.max(this.#untouched, address)));
    this.#untouched = Math.max(this.#untouched, address + room);
    memory.fill(guardByte, address + bytes, address + room);
    return address;
  }

  /** Gives back what `take` returned for the same bytes. */
  give(address: number, bytes: number): void {
    this.#heap.give(address, bytes + this.#guardBytes);
    this.users--;
    if (this.users > 0) return;
    // Nobody is left who was told of them.
    for (const room of this.#packed.splice(0)) this.#heap.give(room.address, room.bytes + this.#guardBytes);
  }

  /** The bytes as they are now. */
  view(address: number, bytes: number): Uint8Array {
    return new Uint8Array(this.wasm.buffer, address, bytes);
  }

  /** Whether what lies behind so many bytes was left alone. */
  isGuarded(address: number, bytes: number): boolean {
    return this.view(address + bytes, this.#guardBytes).every(byte => byte === guardByte);
  }

  /** Launches told of less go on with what they have. @returns the address, or undefined where there is no room */
  roomForPacked(bytes: number): number | undefined {
    const last = this.#packed.at(-1);
    if (last && last.bytes >= bytes) return last.address;
    const address = this.take(bytes);
    if (address === undefined) return undefined;
    this.users--;
    this.#packed.push({ address, bytes });
    return address;
  }

  #takeOwn(bytes: number): number {
    const address = this.take(bytes);
    if (address === undefined) throw new RangeError('A memory too small for a thread.');
    this.users--;
    return address;
  }
}

/** Bytes that a bank has for itself. */
export function ownBytes({ numberOf }: KernelModule, { shared, threads, guardBytes }: BankOptions): number {
  const room = (bytes: number) => align(bytes + guardBytes);
  const helped = shared ? room(numberOf('CONTROL_BYTES')) + room(8 * mostLaunches) : 0;
  return firstAddress + threads * room(scratchBytes) + helped;
}
