import type { DeviceBuffer } from '../device/memory.ts';
import type { Bank } from './bank.ts';

/** Where a buffer lies. A launch binds what lies in one bank; what launches of several bind lies in each of them. */
export class ProcessorBuffer implements DeviceBuffer {
  readonly label: string;
  readonly size: number;
  /** Whether it lies with all that its launches bind. */
  readonly isGrouped: boolean;
  /** Its address in each bank that it lies in. */
  readonly places = new Map<Bank, number>();
  /** What only the host writes lies with the host as well. */
  readonly host: Uint8Array<ArrayBuffer> | undefined;
  /** Banks that have what was written last; all, where only the host writes. */
  #current = new Set<Bank>();

  constructor(
    label: string,
    size: number,
    where: 'host' | { bank: Bank; address: number; isGrouped: boolean },
  ) {
    this.label = label;
    this.size = size;
    this.isGrouped = where !== 'host' && where.isGrouped;
    if (where === 'host') {
      this.host = new Uint8Array(size);
    } else {
      this.places.set(where.bank, where.address);
      this.#current.add(where.bank);
    }
  }

  /** It lies in this bank too; before a launch there `carry` brings what it holds. */
  addPlace(bank: Bank, address: number): void {
    this.places.set(bank, address);
    if (this.host) bank.view(address, this.size).set(this.host);
  }

  /** It lies in this bank no longer. @returns where it lay, if it did */
  leave(bank: Bank): number | undefined {
    const address = this.places.get(bank);
    if (address === undefined) return undefined;
    if (!this.host && this.#current.size === 1 && this.#current.has(bank)) {
      this.carry([...this.places.keys()].find(other => other !== bank)!);
    }
    this.places.delete(bank);
    this.#current.delete(bank);
    return address;
  }

  /** Where it was made. */
  get home(): Bank | undefined {
    const [bank] = this.places.keys();
    return bank;
  }

  /** What it holds. */
  get bytes(): Uint8Array {
    if (this.host) return this.host;
    const [bank] = this.#current;
    return bank!.view(this.places.get(bank!)!, this.size);
  }

  write(offset: number, bytes: Uint8Array): void {
    this.host?.set(bytes, offset);
    for (const [bank, address] of this.places) {
      if (this.host || this.#current.has(bank)) bank.view(address, this.size).set(bytes, offset);
    }
  }

  /** Before a launch in this bank that binds it. */
  carry(bank: Bank): void {
    if (this.host || this.#current.has(bank)) return;
    bank.view(this.places.get(bank)!, this.size).set(this.bytes);
    this.#current.add(bank);
  }

  /** After launches in this bank that may have written it. */
  noteWritten(bank: Bank): void {
    if (this.host || this.#current.size === 1) return;
    this.#current = new Set([bank]);
  }
}
