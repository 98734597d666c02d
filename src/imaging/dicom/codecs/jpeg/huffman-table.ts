import { damaged } from '../codec.ts';
import type { BitReader } from './bit-reader.ts';

const lookahead = 9;

/** A Huffman table (ITU-T T.81, annex C and F.2.2.3): the next symbol of up to 16 bits. */
export class HuffmanTable {
  /** By the next `lookahead` bits: length << 8 | symbol, 0 where the code is longer. */
  readonly #short = new Uint16Array(1 << lookahead);
  /** By length: the greatest code, left-aligned to 16 bits and one more, and what turns a code into the index of its symbol. */
  readonly #limit = new Int32Array(18);
  readonly #offset = new Int32Array(17);
  readonly #symbols: Uint8Array;

  /** `counts`: of codes with 1 to 16 bits. */
  constructor(counts: Uint8Array, symbols: Uint8Array) {
    this.#symbols = symbols;
    let code = 0;
    let index = 0;
    for (let length = 1; length <= 16; length++) {
      const count = counts[length - 1]!;
      if (code + count > 1 << length) throw damaged('Huffman table');
      this.#offset[length] = index - code;
      for (let i = 0; i < count; i++, code++, index++) {
        if (length > lookahead) continue;
        const first = code << (lookahead - length);
        this.#short.fill((length << 8) | symbols[index]!, first, first + (1 << (lookahead - length)));
      }
      this.#limit[length] = code << (16 - length);
      code <<= 1;
    }
    this.#limit[17] = 0x10000;
  }

  next(reader: BitReader): number {
    const entry = this.#short[reader.peek(lookahead)]!;
    if (entry !== 0) {
      reader.skip(entry >> 8);
      return entry & 0xff;
    }
    const bits = reader.peek(16);
    let length = lookahead + 1;
    while (length <= 16 && bits >= this.#limit[length]!) length++;
    if (length > 16) throw damaged('Huffman code');
    reader.skip(length);
    return this.#symbols[(bits >> (16 - length)) + this.#offset[length]!]!;
  }
}
