import { damaged } from '../codec.ts';

/** The bits of a scan, from the highest of each byte on, without the zeros stuffed behind 0xff (ITU-T T.81, F.2.2.5). */
export class BitReader {
  readonly #bytes: Uint8Array;
  #at: number;
  #bits = 0;
  #count = 0;
  /** Zeros that were put behind the last bit: to look ahead there is no harm, to take one is. */
  #madeUp = 0;

  constructor(bytes: Uint8Array, start: number) {
    this.#bytes = bytes;
    this.#at = start;
  }

  /** The next `count` (up to 16) bits, without taking them. */
  peek(count: number): number {
    if (this.#count < count) this.#fill();
    return (this.#bits >>> (this.#count - count)) & ((1 << count) - 1);
  }

  skip(count: number): void {
    this.#count -= count;
    if (this.#count < this.#madeUp) throw damaged('scan ends early');
  }

  take(count: number): number {
    if (count === 0) return 0;
    const value = this.peek(count);
    this.skip(count);
    return value;
  }

  /** `count` bits, where the lower half of values stands for negative ones (T.81, F.2.2.1). */
  takeSigned(count: number): number {
    if (count === 0) return 0;
    const value = this.take(count);
    return value < 1 << (count - 1) ? value - (1 << count) + 1 : value;
  }

  #fill(): void {
    const bytes = this.#bytes;
    while (this.#count <= 16) {
      let byte = 0;
      const next = bytes[this.#at];
      if (next === undefined || (next === 0xff && bytes[this.#at + 1] !== 0)) {
        this.#madeUp += 8;
      } else {
        byte = next;
        this.#at += next === 0xff ? 2 : 1;
      }
      this.#bits = (this.#bits << 8) | byte;
      this.#count += 8;
    }
  }

  /** Goes on behind the next restart marker, which must be `number` (0 to 7). */
  restart(number: number): void {
    this.#dropBits();
    const bytes = this.#bytes;
    while (bytes[this.#at] === 0xff && bytes[this.#at + 1] === 0xff) this.#at++;
    if (bytes[this.#at] !== 0xff || bytes[this.#at + 1] !== 0xd0 + number) throw damaged('restart marker');
    this.#at += 2;
  }

  /** Where the scan's data end: at a marker, or at the end of the bytes. */
  end(): number {
    this.#dropBits();
    return this.#at;
  }

  #dropBits(): void {
    this.#bits = 0;
    this.#count = 0;
    this.#madeUp = 0;
  }
}
