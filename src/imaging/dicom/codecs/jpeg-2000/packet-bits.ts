import { damaged } from '../codec.ts';

/** The bits of a packet's header: behind a byte 0xff the next one has seven (ITU-T T.800, B.10.1). */
export class PacketBits {
  readonly #bytes: Uint8Array;
  #at: number;
  #byte = 0;
  #left = 0;

  constructor(bytes: Uint8Array, start: number) {
    this.#bytes = bytes;
    this.#at = start;
  }

  take(): number {
    if (this.#left === 0) {
      if (this.#at >= this.#bytes.length) throw damaged('packet header ends early');
      this.#left = this.#byte === 0xff ? 7 : 8;
      this.#byte = this.#bytes[this.#at++]!;
    }
    this.#left--;
    return (this.#byte >> this.#left) & 1;
  }

  takeMany(count: number): number {
    let value = 0;
    for (let i = 0; i < count; i++) value = value * 2 + this.take();
    return value;
  }

  /** The first byte behind the header. */
  end(): number {
    if (this.#byte === 0xff) this.#at++;
    return this.#at;
  }
}
