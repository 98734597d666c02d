/** Table C.2 of ITU-T T.800: the probability estimate of each state, where it goes next, and whether its sense changes. */
const estimates = Uint16Array.of(
  ...[0x5601, 0x3401, 0x1801, 0x0ac1, 0x0521, 0x0221, 0x5601, 0x5401, 0x4801, 0x3801, 0x3001, 0x2401],
  ...[0x1c01, 0x1601, 0x5601, 0x5401, 0x5101, 0x4801, 0x3801, 0x3401, 0x3001, 0x2801, 0x2401, 0x2201],
  ...[0x1c01, 0x1801, 0x1601, 0x1401, 0x1201, 0x1101, 0x0ac1, 0x09c1, 0x08a1, 0x0521, 0x0441, 0x02a1],
  ...[0x0221, 0x0141, 0x0111, 0x0085, 0x0049, 0x0025, 0x0015, 0x0009, 0x0005, 0x0001, 0x5601],
);
const afterMore = Uint8Array.of(
  ...[1, 2, 3, 4, 5, 38, 7, 8, 9, 10, 11, 12, 13, 29, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24],
  ...[25, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 37, 38, 39, 40, 41, 42, 43, 44, 45, 45, 46],
);
const afterLess = Uint8Array.of(
  ...[1, 6, 9, 12, 29, 33, 6, 14, 14, 14, 17, 18, 20, 21, 14, 14, 15, 16, 17, 18, 19, 19, 20, 21],
  ...[22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 37, 38, 39, 40, 41, 42, 43, 46],
);
const isSwitch = Uint8Array.from({ length: 47 }, (_, i) => (i === 0 || i === 6 || i === 14 ? 1 : 0));

/** The arithmetic decoder (ITU-T T.800, annex C). Behind the last byte it reads ones, as the standard says. */
export class MqDecoder {
  /** State << 1 | more probable symbol, by context. */
  readonly contexts: Uint8Array;
  #bytes = new Uint8Array(0);
  #at = 0;
  #code = 0;
  #interval = 0;
  #count = 0;

  constructor(contexts: number) {
    this.contexts = new Uint8Array(contexts);
  }

  /** Begins with other data; contexts stay. */
  start(bytes: Uint8Array<ArrayBuffer>): void {
    this.#bytes = bytes;
    this.#at = 0;
    this.#code = (bytes[0] ?? 0xff) << 16;
    this.#pull();
    this.#code <<= 7;
    this.#count -= 7;
    this.#interval = 0x8000;
  }

  #pull(): void {
    const byte = this.#bytes[this.#at] ?? 0xff;
    const next = this.#bytes[this.#at + 1] ?? 0xff;
    if (byte !== 0xff) {
      this.#code = (this.#code + (next << 8)) | 0;
      this.#count = 8;
      this.#at++;
    } else if (next > 0x8f) {
      this.#code = (this.#code + 0xff00) | 0;
      this.#count = 8;
    } else {
      this.#code = (this.#code + (next << 9)) | 0;
      this.#count = 7;
      this.#at++;
    }
  }

  next(context: number): number {
    const entry = this.contexts[context]!;
    const state = entry >> 1;
    const more = entry & 1;
    const estimate = estimates[state]!;
    this.#interval -= estimate;
    let symbol = more;
    if (this.#code >>> 16 < estimate) {
      if (this.#interval < estimate) this.contexts[context] = (afterMore[state]! << 1) | more;
      else symbol = this.#takeLess(context, state, more);
      this.#interval = estimate;
    } else {
      this.#code = (this.#code - (estimate << 16)) | 0;
      if ((this.#interval & 0x8000) !== 0) return symbol;
      if (this.#interval < estimate) symbol = this.#takeLess(context, state, more);
      else this.contexts[context] = (afterMore[state]! << 1) | more;
    }
    do {
      if (this.#count === 0) this.#pull();
      this.#interval <<= 1;
      this.#code <<= 1;
      this.#count--;
    } while ((this.#interval & 0x8000) === 0);
    return symbol;
  }

  #takeLess(context: number, state: number, more: number): number {
    this.contexts[context] = (afterLess[state]! << 1) | (more ^ isSwitch[state]!);
    return 1 - more;
  }
}
