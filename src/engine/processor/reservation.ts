import { heldBytes, type PlannedBuffer, type Room } from '../device/memory.ts';
import type { Bank } from './bank.ts';
import type { BankLayout } from './bank-layout.ts';

/** Where a buffer of a plan lies. */
export interface Place {
  bank: Bank;
  address: number;
  isGrouped: boolean;
}

/** The banks of a plan, each of whose buffers has its place before it is made. */
export class Reservation {
  /** What was held before is gone: what is given up from now on is what was reserved. */
  isDue: boolean;
  readonly #buffers: readonly PlannedBuffer[];
  readonly #places = new Map<string, Place[]>();

  constructor(
    buffers: readonly PlannedBuffer[],
    banks: readonly { bank: Bank; layout: BankLayout }[],
    readonly room: Room,
    isDue: boolean,
  ) {
    this.#buffers = buffers;
    this.isDue = isDue;
    for (const { bank, layout } of banks) {
      bank.roomForPacked(layout.packedBytes);
      for (const { label, bytes, group } of layout.buffers) {
        const size = heldBytes(bytes);
        const place = { bank, address: bank.take(size)!, isGrouped: group !== undefined };
        const places = this.#places.get(keyOf(label, size));
        if (places) places.push(place);
        else this.#places.set(keyOf(label, size), [place]);
      }
    }
  }

  isFor(buffers: readonly PlannedBuffer[]): boolean {
    return this.#buffers === buffers;
  }

  /** The place of a buffer, once. */
  claim(label: string, size: number): Place | undefined {
    return this.#places.get(keyOf(label, size))?.shift();
  }

  /** Gives back the places that nobody claimed. @returns the banks that they lay in */
  cancel(): Set<Bank> {
    const banks = new Set<Bank>();
    for (const [key, places] of this.#places) {
      for (const { bank, address } of places.splice(0)) {
        bank.give(address, Number.parseInt(key, 10));
        banks.add(bank);
      }
    }
    return banks;
  }
}

function keyOf(label: string, size: number): string {
  return `${size} ${label}`;
}
