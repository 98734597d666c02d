import {
  type DeviceBuffer,
  type DeviceMemory,
  heldBytes,
  type MemoryRequest,
  type PlannedBuffer,
  type ProbeResult,
  type Room,
} from '../device/memory.ts';
import { type Bank, mostBankBytes, ownBytes } from './bank.ts';
import { type BankLayout, layOutBanks } from './bank-layout.ts';
import { Banks, tooLittleMemoryError } from './banks.ts';
import { ProcessorBuffer } from './buffer.ts';
import { collect } from './collect.ts';
import type { KernelModule } from './kernel-module.ts';
import { type Place, Reservation } from './reservation.ts';

export interface MemoryOptions {
  /** The most that all memories may have together; what the machine gives by default. */
  maxBytes?: number | undefined;
  /** The most that one memory may have, 4 GiB by default. */
  maxBankBytes?: number | undefined;
  /** What is there from the beginning, and again wherever more is made that no plan told of. */
  sideBytes?: number | undefined;
  shared?: boolean | undefined;
  /** Bytes between buffers that nothing may read or write (for tests): they are no numbers, and `brokenGuards` looks at them. */
  guardBytes?: number | undefined;
}

/** The self-test and the visual tokens of an image find room in it. */
const usualSideBytes = 16 * 1024 * 1024;

/** What the memory needs of the device that it belongs to. */
export interface MemoryUser {
  module: KernelModule;
  threads: number;
  /** Calls back once everything submitted is done: what a launch under way still reads is not given out again. */
  afterAll(then: () => void): void;
  /** Nobody may hold on to this bank any more. */
  onDropped(bank: Bank): void;
}

/**
 * The device's memory: a side bank, and beside it the banks of the model, made with exactly what its plan says and dropped with
 * its last buffer. What no plan told of lies in side banks.
 */
export class ProcessorMemory implements DeviceMemory {
  bytes = 0;
  peakBytes = 0;
  readonly #user: MemoryUser;
  readonly #banks: Banks;
  /** Banks that no plan told of. The first is there as long as the device is. */
  readonly #side: Bank[] = [];
  readonly #sideBytes: number;
  /** What each bank has for itself. */
  readonly #ownBytes: number;
  #reservation: Reservation | undefined;
  readonly #held = new Set<ProcessorBuffer>();
  /** Of a buffer: what was taken for the launches that read it. */
  readonly #attached = new Map<ProcessorBuffer, { bank: Bank; address: number; bytes: number }[]>();

  /** @throws `out-of-memory` */
  constructor(options: MemoryOptions, user: MemoryUser) {
    const { shared = false, guardBytes = 0, sideBytes = usualSideBytes } = options;
    const { maxBankBytes = mostBankBytes, maxBytes = Number.POSITIVE_INFINITY } = options;
    this.#user = user;
    const { module, threads } = user;
    this.#banks = new Banks(module, { shared, threads, guardBytes }, maxBankBytes, maxBytes);
    this.#ownBytes = ownBytes(module, this.#banks.options);
    this.#sideBytes = sideBytes;
    this.#side.push(this.#banks.make(this.#ownBytes + sideBytes));
  }

  /** It is there as long as the device is. */
  get firstBank(): Bank {
    return this.#side[0]!;
  }

  get banks(): readonly Bank[] {
    return this.#banks.held;
  }

  /** What one buffer may have: beside the largest there is room for as much that launches bind with it. */
  get maxBufferBytes(): number {
    return this.#banks.maxBankBytes / 2;
  }

  /** Of all memories, whatever lies in them. */
  get bankBytes(): number {
    return this.#banks.bytes;
  }

  async storage(label: string, bytes: number): Promise<ProcessorBuffer> {
    const size = heldBytes(bytes);
    const where = this.#reservation?.claim(label, size) ?? this.#placeBeside(label, size);
    if (this.#side.includes(where.bank)) where.bank.guests++;
    return this.#hold(new ProcessorBuffer(label, size, where));
  }

  async uniform(label: string, words: Uint32Array<ArrayBuffer>): Promise<ProcessorBuffer> {
    const buffer = this.#hold(new ProcessorBuffer(label, heldBytes(words.byteLength), 'host'));
    buffer.write(0, new Uint8Array(words.buffer, words.byteOffset, words.byteLength));
    return buffer;
  }

  async readback(label: string, bytes: number): Promise<ProcessorBuffer> {
    return this.#hold(new ProcessorBuffer(label, heldBytes(bytes), 'host'));
  }

  /**
   * Where a launch can bind all of these: in the bank where it would be, unless what no plan told of has no room there. Then in a
   * side bank, for whose time the rest has a copy there. Throws `out-of-memory`.
   */
  bankWithRoom(preferred: Bank, buffers: readonly ProcessorBuffer[]): Bank {
    const { guardBytes } = this.#banks.options;
    const missingIn = (bank: Bank) =>
      sum(
        buffers
          .filter(({ places }) => !places.has(bank))
          .map(buffer => ({ bytes: buffer.size + guardBytes + 64, isGuest: this.#isGuest(buffer) }))
          .filter(({ isGuest }) => isGuest || this.#side.includes(bank)),
      );
    const missing = missingIn(preferred);
    if (missing === 0 || missing <= preferred.free / 2) return preferred;
    const side = this.#side.find(bank => bank.free - missingIn(bank) >= bank.bytes / 4);
    return side ?? this.#makeSide(buffers.reduce((total, { size }) => total + size, 0));
  }

  /** Where a buffer lies in a bank, from now on. Throws `out-of-memory`. */
  placeIn(bank: Bank, buffer: ProcessorBuffer): number {
    const known = buffer.places.get(bank);
    if (known !== undefined) return known;
    const address = bank.take(buffer.size);
    if (address === undefined) throw tooLittleMemoryError(buffer.size, buffer.label);
    buffer.addPlace(bank, address);
    if (this.#isGuest(buffer)) bank.guests++;
    return address;
  }

  /** Room for packed activations, which all launches in this bank share. Throws `out-of-memory`. */
  packedIn(bank: Bank, bytes: number): number {
    const address = bank.roomForPacked(bytes);
    if (address === undefined) throw tooLittleMemoryError(bytes, 'packed activations');
    return address;
  }

  /** Room in a bank that lasts as long as the buffer does. Zero. Throws `out-of-memory`. */
  attach(bank: Bank, buffer: ProcessorBuffer, label: string, bytes: number): number {
    const address = bank.take(bytes);
    if (address === undefined) throw tooLittleMemoryError(bytes, label);
    const attached = this.#attached.get(buffer);
    if (attached) attached.push({ bank, address, bytes });
    else this.#attached.set(buffer, [{ bank, address, bytes }]);
    return address;
  }

  release(released: DeviceBuffer): void {
    const buffer = released as ProcessorBuffer;
    if (!this.#held.delete(buffer)) return;
    this.bytes -= buffer.size;
    const attached = this.#attached.get(buffer) ?? [];
    this.#attached.delete(buffer);
    const isGuest = this.#isGuest(buffer);
    this.#user.afterAll(() => {
      const banks = new Set(buffer.places.keys());
      for (const [bank, address] of buffer.places) {
        bank.give(address, buffer.size);
        if (isGuest) bank.guests--;
      }
      for (const { bank, address, bytes } of attached) {
        bank.give(address, bytes);
        banks.add(bank);
      }
      for (const bank of banks) this.#dropIfUnused(bank);
    });
  }

  snapshot(): ReadonlySet<DeviceBuffer> {
    return new Set(this.#held);
  }

  releaseExcept(snapshot: ReadonlySet<DeviceBuffer>): void {
    for (const buffer of [...this.#held]) if (!snapshot.has(buffer)) this.release(buffer);
  }

  /** A model that is to come in the place of what is released keeps its banks. */
  releaseAll(): void {
    if (this.#reservation?.isDue) this.#cancelReservation();
    this.releaseExcept(new Set());
  }

  /**
   * Makes the banks of a plan, beside those of the model that is given up for it. Where the machine has not both, only what is
   * needed beyond those is tried, and the banks are made at the second call.
   */
  async reserve({ buffers }: MemoryRequest, signal?: AbortSignal): Promise<Room> {
    if (this.#reservation?.isFor(buffers)) {
      this.#reservation.isDue = true;
      return this.#reservation.room;
    }
    this.#cancelReservation();
    const layouts = this.#layOut(buffers);
    const { maxBankBytes } = this.#banks;
    if (!layouts) return { wantedBytes: maxBankBytes + sum(buffers), roomBytes: maxBankBytes };
    const wantedBytes = sum(layouts);
    // Of a model that is given up.
    const held = this.#banks.bytes - sum(this.#side);
    const banks = await this.#banks.makeAll(
      layouts.map(({ bytes }) => bytes),
      signal,
    );
    if (banks) {
      const places = banks.map((bank, i) => ({ bank, layout: layouts[i]! }));
      const room = { wantedBytes, roomBytes: wantedBytes };
      this.#reservation = new Reservation(buffers, places, room, held === 0);
      return room;
    }
    return { wantedBytes, roomBytes: held + (await this.#banks.findRoom(wantedBytes - held, signal)) };
  }

  async probe(sizes: readonly number[], signal?: AbortSignal): Promise<ProbeResult> {
    const wantedBytes = sizes.reduce((total, size) => total + size, 0);
    return { wantedBytes, allocatedBytes: await this.#banks.findRoom(wantedBytes, signal) };
  }

  /** Labels of buffers behind which something was written. */
  brokenGuards(): string[] {
    return [...this.#held]
      .filter(({ places, size }) => [...places].some(([bank, address]) => !bank.isGuarded(address, size)))
      .map(({ label }) => label);
  }

  #layOut(buffers: readonly PlannedBuffer[]): BankLayout[] | undefined {
    const { options, maxBankBytes } = this.#banks;
    const blockTokens = this.#user.module.numberOf('BLOCK_TOKENS');
    return layOutBanks(buffers, { ...options, maxBankBytes, ownBytes: this.#ownBytes, blockTokens });
  }

  #hold(buffer: ProcessorBuffer): ProcessorBuffer {
    this.#held.add(buffer);
    this.bytes += buffer.size;
    this.peakBytes = Math.max(this.peakBytes, this.bytes);
    return buffer;
  }

  /** A place that no plan told of. A quarter of each bank is left for records, parameters and packed activations. */
  #placeBeside(label: string, size: number): Place {
    for (const bank of this.#side) {
      const address = bank.free - size >= bank.bytes / 4 ? bank.take(size) : undefined;
      if (address !== undefined) return { bank, address, isGrouped: false };
    }
    if (size > this.maxBufferBytes)
      throw tooLittleMemoryError(size, `${label}: one may have ${this.maxBufferBytes}`);
    const bank = this.#makeSide(size);
    return { bank, address: bank.take(size)!, isGrouped: false };
  }

  #makeSide(size: number): Bank {
    const bytes = this.#ownBytes + Math.max(this.#sideBytes, 2 * size);
    const bank = this.#banks.make(Math.min(this.#banks.maxBankBytes, bytes));
    this.#side.push(bank);
    return bank;
  }

  #isGuest({ home }: ProcessorBuffer): boolean {
    return home !== undefined && this.#side.includes(home);
  }

  #cancelReservation(): void {
    const banks = this.#reservation?.cancel() ?? [];
    this.#reservation = undefined;
    for (const bank of banks) this.#dropIfUnused(bank);
  }

  /** Copies of a model's buffers stay in a side bank no longer than what they were there for. */
  #dropIfUnused(bank: Bank): void {
    const side = this.#side.indexOf(bank);
    if (side >= 0 ? bank.guests > 0 : bank.users > 0) return;
    for (const buffer of this.#held) {
      const address = buffer.leave(bank);
      if (address !== undefined) bank.give(address, buffer.size);
    }
    if (bank === this.firstBank || !this.#banks.held.includes(bank)) return;
    if (side > 0) this.#side.splice(side, 1);
    this.#banks.drop(bank);
    this.#user.onDropped(bank);
    void collect();
  }
}

function sum(parts: readonly { readonly bytes: number }[]): number {
  return parts.reduce((total, { bytes }) => total + bytes, 0);
}
