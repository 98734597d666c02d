import { BedsideError } from '../errors.ts';
import { inBytes, sentence } from '../sentence.ts';
import { Bank, type BankOptions, wasmPage } from './bank.ts';
import { collect } from './collect.ts';
import type { KernelModule } from './kernel-module.ts';

/** How exactly the most is found, as a share of what is asked for. */
const findingSteps = 6;

/** The memories of a device: makes them, counts them, and says how much more could be had. */
export class Banks {
  readonly held: Bank[] = [];
  readonly options: BankOptions;
  readonly maxBankBytes: number;
  readonly #module: KernelModule;
  readonly #maxBytes: number;

  /** @param maxBytes of all together */
  constructor(module: KernelModule, options: BankOptions, maxBankBytes: number, maxBytes: number) {
    this.#module = module;
    this.options = options;
    this.maxBankBytes = Math.floor(maxBankBytes / wasmPage) * wasmPage;
    this.#maxBytes = maxBytes;
  }

  get bytes(): number {
    return this.held.reduce((sum, { bytes }) => sum + bytes, 0);
  }

  /** Throws `out-of-memory`. */
  make(bytes: number): Bank {
    if (bytes > this.maxBankBytes || this.bytes + bytes > this.#maxBytes)
      throw tooLittleMemoryError(bytes, `one may have ${this.maxBankBytes}, all ${this.#maxBytes}`);
    try {
      const bank = new Bank(this.#module, bytes, this.options);
      this.held.push(bank);
      return bank;
    } catch (error) {
      throw tooLittleMemoryError(bytes, error);
    }
  }

  /** All of them or, where the machine has not so much even after a look for what is free by now, none. */
  async makeAll(sizes: readonly number[], signal?: AbortSignal): Promise<Bank[] | undefined> {
    for (const isLast of [false, true]) {
      signal?.throwIfAborted();
      const banks: Bank[] = [];
      try {
        for (const bytes of sizes) banks.push(this.make(bytes));
        return banks;
      } catch (error) {
        for (const bank of banks) this.drop(bank);
        if (!(error instanceof BedsideError)) throw error;
        if (!isLast) await collect();
      }
    }
    return undefined;
  }

  /** The bank is free once nobody holds it and the engine has collected it. */
  drop(bank: Bank): void {
    this.held.splice(this.held.indexOf(bank), 1);
  }

  /** How much more can be had at once, up to so many bytes; found by halves. It is given back. */
  async findRoom(wanted: number, signal?: AbortSignal): Promise<number> {
    if (wanted <= 0) return 0;
    if (this.#canHave(wanted)) return wanted;
    let [found, tooMuch] = [0, wanted];
    for (let step = 0; step < findingSteps; step++) {
      signal?.throwIfAborted();
      const middle = (found + tooMuch) / 2;
      if (this.#canHave(middle)) found = middle;
      else tooMuch = middle;
    }
    await collect();
    return Math.floor(found);
  }

  #canHave(bytes: number): boolean {
    if (this.bytes + bytes > this.#maxBytes) return false;
    const made: WebAssembly.Memory[] = [];
    try {
      for (let left = bytes; left > 0; left -= this.maxBankBytes) {
        const pages = Math.ceil(Math.min(left, this.maxBankBytes) / wasmPage);
        made.push(new WebAssembly.Memory({ initial: pages, maximum: pages, shared: this.options.shared }));
      }
      return true;
    } catch {
      return false;
    }
  }
}

export function tooLittleMemoryError(bytes: number, cause: unknown): BedsideError {
  return new BedsideError(
    'out-of-memory',
    sentence`processor-has-too-little-memory: There is too little free memory on this device; ${{ neededBytes: inBytes(bytes) }} more are needed.`,
    'Close other programs, or choose a smaller model or a shorter context.',
    cause,
  );
}
