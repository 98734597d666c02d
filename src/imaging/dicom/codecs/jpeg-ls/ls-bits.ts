import { damaged } from '../codec.ts';

/** The bits of a JPEG-LS scan: behind a byte 0xff the next one has seven (ITU-T T.87, A.1). */
export class LsBits {
  readonly #bytes: Uint8Array;
  #at: number;
  #bits = 0;
  #count = 0;
  #isAfterFf = false;

  constructor(bytes: Uint8Array, start: number) {
    this.#bytes = bytes;
    this.#at = start;
  }

  /** `count`: up to 24. */
  take(count: number): number {
    while (this.#count < count) this.#pull();
    this.#count -= count;
    return (this.#bits >>> this.#count) & ((1 << count) - 1);
  }

  takeBit(): number {
    if (this.#count === 0) this.#pull();
    this.#count--;
    return (this.#bits >>> this.#count) & 1;
  }

  /** Zeros before the next one, both of which are taken. Fails beyond `most`. */
  takeZeros(most: number): number {
    let zeros = 0;
    for (;;) {
      if (this.#count === 0) this.#pull();
      const rest = this.#bits & ((1 << this.#count) - 1);
      if (rest !== 0) {
        const lead = Math.clz32(rest) - (32 - this.#count);
        this.#count -= lead + 1;
        zeros += lead;
        if (zeros > most) throw damaged('code too long');
        return zeros;
      }
      zeros += this.#count;
      this.#count = 0;
      if (zeros > most) throw damaged('code too long');
    }
  }

  #pull(): void {
    const byte = this.#bytes[this.#at];
    const isMarker = byte === 0xff && (this.#bytes[this.#at + 1] ?? 0xff) >= 0x80;
    if (byte === undefined || isMarker) throw damaged('scan ends early');
    this.#at++;
    const bits = this.#isAfterFf ? 7 : 8;
    this.#bits = (this.#bits << bits) | byte;
    this.#count += bits;
    this.#isAfterFf = byte === 0xff;
  }

  /** The byte behind the last one that was taken from. */
  get end(): number {
    return this.#at;
  }
}
