/**
 * The first `most` bytes, or fewer, of what a gzip file holds (RFC 1951, RFC 1952), from its beginning alone. Undefined where it is no
 * gzip file. Browsers inflate whole streams, and not at once.
 */
export function inflateBeginning(gzip: Uint8Array, most: number): Uint8Array | undefined {
  if (gzip[0] !== 0x1f || gzip[1] !== 0x8b || gzip[2] !== 8) return undefined;
  const start = endOfHeader(gzip);
  const out: number[] = [];
  try {
    const bits = new DeflateBits(gzip, start);
    while (out.length < most && !inflateBlock(bits, out, most));
  } catch (error) {
    // What is there will do.
    if (error !== endOfBytes) throw error;
  }
  return Uint8Array.from(out.slice(0, most));
}

const flags = { headerCheck: 2, extra: 4, name: 8, comment: 16 };
const endOfBytes = new Error('no more bytes');

function endOfHeader(gzip: Uint8Array): number {
  const set = gzip[3] ?? 0;
  let at = 10;
  if (set & flags.extra) at += 2 + ((gzip[at] ?? 0) | ((gzip[at + 1] ?? 0) << 8));
  for (const flag of [flags.name, flags.comment]) {
    if ((set & flag) === 0) continue;
    const zero = gzip.indexOf(0, at);
    at = zero < 0 ? gzip.length : zero + 1;
  }
  return set & flags.headerCheck ? at + 2 : at;
}

class DeflateBits {
  readonly #bytes: Uint8Array;
  #bit: number;

  constructor(bytes: Uint8Array, start: number) {
    this.#bytes = bytes;
    this.#bit = start * 8;
  }

  /** The lowest bit first. */
  take(count: number): number {
    let value = 0;
    for (let i = 0; i < count; i++, this.#bit++) {
      const byte = this.#bytes[this.#bit >> 3];
      if (byte === undefined) throw endOfBytes;
      value |= ((byte >> (this.#bit & 7)) & 1) << i;
    }
    return value;
  }

  align(): void {
    this.#bit = (this.#bit + 7) & ~7;
  }
}

/** Codes by length: how many of each, and the symbols in their order. */
interface Code {
  counts: number[];
  symbols: number[];
}

function codeOf(lengths: readonly number[]): Code {
  const counts = Array<number>(16).fill(0);
  for (const length of lengths) counts[length]!++;
  counts[0] = 0;
  const symbols = lengths
    .map((length, symbol) => ({ length, symbol }))
    .filter(({ length }) => length > 0)
    .sort((a, b) => a.length - b.length || a.symbol - b.symbol)
    .map(({ symbol }) => symbol);
  return { counts, symbols };
}

function nextSymbol(bits: DeflateBits, { counts, symbols }: Code): number {
  let [code, first, index] = [0, 0, 0];
  for (let length = 1; length < 16; length++) {
    code |= bits.take(1);
    const count = counts[length]!;
    if (code - first < count) return symbols[index + code - first]!;
    index += count;
    first = (first + count) << 1;
    code <<= 1;
  }
  throw endOfBytes;
}

const lengthBases = [
  3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195,
  227, 258,
];
const lengthBits = [0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0];
const codeOrder = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];

/** Whether it was the last block. Stops as soon as there are `most` bytes. */
function inflateBlock(bits: DeflateBits, out: number[], most: number): boolean {
  const isLast = bits.take(1) === 1;
  const kind = bits.take(2);
  if (kind === 0) {
    bits.align();
    const length = bits.take(16);
    bits.take(16);
    for (let i = 0; i < length && out.length < most; i++) out.push(bits.take(8));
    return isLast;
  }
  if (kind === 3) throw endOfBytes;
  const { literals, distances } = kind === 1 ? fixedCodes() : readCodes(bits);
  while (out.length < most) {
    const symbol = nextSymbol(bits, literals);
    if (symbol === 256) return isLast;
    if (symbol < 256) {
      out.push(symbol);
      continue;
    }
    const length = (lengthBases[symbol - 257] ?? 0) + bits.take(lengthBits[symbol - 257] ?? 0);
    const which = nextSymbol(bits, distances);
    // Bases of distances double with every second code (RFC 1951, 3.2.5).
    const extra = which < 4 ? 0 : (which >> 1) - 1;
    const base = which < 4 ? which + 1 : ((2 + (which & 1)) << extra) + 1;
    const from = out.length - base - bits.take(extra);
    if (from < 0) throw endOfBytes;
    for (let i = 0; i < length; i++) out.push(out[from + i]!);
  }
  return isLast;
}

function fixedCodes(): { literals: Code; distances: Code } {
  const lengths = Array.from({ length: 288 }, (_, i) => (i < 144 ? 8 : i < 256 ? 9 : i < 280 ? 7 : 8));
  return { literals: codeOf(lengths), distances: codeOf(Array<number>(30).fill(5)) };
}

function readCodes(bits: DeflateBits): { literals: Code; distances: Code } {
  const literals = bits.take(5) + 257;
  const distances = bits.take(5) + 1;
  const orders = bits.take(4) + 4;
  const ofLengths = Array<number>(19).fill(0);
  for (let i = 0; i < orders; i++) ofLengths[codeOrder[i]!] = bits.take(3);
  const code = codeOf(ofLengths);
  const lengths: number[] = [];
  while (lengths.length < literals + distances) {
    const symbol = nextSymbol(bits, code);
    if (symbol < 16) lengths.push(symbol);
    else {
      const repeated = symbol === 16 ? (lengths.at(-1) ?? 0) : 0;
      const count = symbol === 16 ? 3 + bits.take(2) : symbol === 17 ? 3 + bits.take(3) : 11 + bits.take(7);
      for (let i = 0; i < count; i++) lengths.push(repeated);
    }
  }
  return {
    literals: codeOf(lengths.slice(0, literals)),
    distances: codeOf(lengths.slice(literals, literals + distances)),
  };
}
