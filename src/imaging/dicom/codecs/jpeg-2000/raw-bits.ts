/** Bits of passes that are not arithmetic-coded: behind a byte 0xff the next one has seven (ITU-T T.800, D.6). Behind the last byte ones. */
export class RawBits {
  readonly #bytes: Uint8Array;
  #at = 0;
  #byte = 0;
  #left = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  take(): number {
    if (this.#left === 0) {
      this.#left = this.#byte === 0xff ? 7 : 8;
      this.#byte = this.#bytes[this.#at++] ?? 0xff;
    }
    this.#left--;
    return (this.#byte >> this.#left) & 1;
  }
}
