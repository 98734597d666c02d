/**
 * Whether a JPEG file has every coefficient of its picture, although its end marker is missing. Decoders make up what is
 * missing and show it as if it were the picture, so the coded data are gone through to the last bit: baseline, extended and
 * progressive Huffman coding (ITU-T T.81, F.2 and G.1; the refinement of AC coefficients as libjpeg's jdphuff.c). Nothing is
 * decoded to pixels. To be asked only of files whose markers `readJpegHeader` has walked without complaint.
 */
export function hasAllCoefficients(file: Uint8Array): boolean {
  try {
    return walk(file);
  } catch (error) {
    if (error instanceof DataEnded) return false;
    throw error;
  }
}

class DataEnded extends Error {}

/** Canonical codes: how many there are of each length, and their symbols in order. */
interface HuffmanTable {
  counts: Uint8Array;
  symbols: Uint8Array;
}

interface Component {
  id: number;
  across: number;
  down: number;
  /** Blocks of 8 x 8 that hold pixels, and how many a row of whole units has. */
  blocksWide: number;
  blocksHigh: number;
  rowBlocks: number;
  /** For progressive files: a bit for each coefficient of each block that is known not to be zero. */
  nonzero: Uint32Array;
  /** For each coefficient: how many of its low bits have not been sent yet. */
  missingBits: Uint8Array;
}

interface Scan {
  parts: { component: Component; dc: HuffmanTable | undefined; ac: HuffmanTable | undefined }[];
  first: number;
  last: number;
  isRefinement: boolean;
}

function walk(file: Uint8Array): boolean {
  const u16 = (at: number) => (file[at]! << 8) | file[at + 1]!;
  const tables = new Map<number, HuffmanTable>();
  let components: Component[] = [];
  let units: [across: number, down: number] = [0, 0];
  let isProgressive = false;
  let restartInterval = 0;
  for (let at = 2; at + 4 <= file.length; ) {
    if (file[at] !== 0xff || file[at + 1] === 0xff || file[at + 1] === 0) {
      at++;
      continue;
    }
    const code = file[at + 1]!;
    if ((code >= 0xd0 && code <= 0xd8) || code === 0x01) {
      at += 2;
      continue;
    }
    const end = at + 2 + u16(at + 2);
    if (code === 0xc4) readTables(file.subarray(at + 4, end), tables);
    if (code === 0xdd) restartInterval = u16(at + 4);
    if (code >= 0xc0 && code <= 0xc2) {
      isProgressive = code === 0xc2;
      ({ components, units } = readFrame(file, at + 4, isProgressive));
    }
    if (code === 0xda) {
      const scan = readScan(file.subarray(at + 4, end), components, tables);
      at = walkScan(file, end, scan, units, isProgressive, restartInterval);
    } else at = end;
  }
  return (
    components.length > 0 && components.every(({ missingBits }) => missingBits.every(bits => bits === 0))
  );
}

function readTables(segment: Uint8Array, tables: Map<number, HuffmanTable>): void {
  for (let at = 0; at + 17 <= segment.length; ) {
    const counts = segment.subarray(at + 1, at + 17);
    const total = counts.reduce((sum, count) => sum + count, 0);
    tables.set(segment[at]!, { counts, symbols: segment.subarray(at + 17, at + 17 + total) });
    at += 17 + total;
  }
}

function readFrame(file: Uint8Array, at: number, isProgressive: boolean) {
  const u16 = (offset: number) => (file[offset]! << 8) | file[offset + 1]!;
  const [height, width] = [u16(at + 1), u16(at + 3)];
  const factors = Array.from({ length: file[at + 5]! }, (_, i) => {
    const part = file.subarray(at + 6 + 3 * i, at + 9 + 3 * i);
    return { id: part[0]!, across: part[1]! >> 4, down: part[1]! & 15 };
  });
  // Without blocks there would be no end to the units that hold the picture.
  if (!factors.every(({ across, down }) => across >= 1 && across <= 4 && down >= 1 && down <= 4)) {
    throw new DataEnded('blocks in numbers that there are not');
  }
  const mostAcross = Math.max(...factors.map(({ across }) => across));
  const mostDown = Math.max(...factors.map(({ down }) => down));
  const units: [number, number] = [Math.ceil(width / (8 * mostAcross)), Math.ceil(height / (8 * mostDown))];
  const components = factors.map(({ id, across, down }): Component => {
    const rowBlocks = units[0] * across;
    return {
      id,
      across,
      down,
      blocksWide: Math.ceil(Math.ceil((width * across) / mostAcross) / 8),
      blocksHigh: Math.ceil(Math.ceil((height * down) / mostDown) / 8),
      rowBlocks,
      nonzero: new Uint32Array(isProgressive ? rowBlocks * units[1] * down * 2 : 0),
      missingBits: new Uint8Array(64).fill(255),
    };
  });
  return { components, units };
}

/** `segment`: a scan's header behind its length. What the scan sends is noted in its components. */
function readScan(
  segment: Uint8Array,
  components: Component[],
  tables: ReadonlyMap<number, HuffmanTable>,
): Scan {
  const count = segment[0] ?? 0;
  const [first = 0, last = 0, bits = 0] = segment.subarray(1 + 2 * count);
  // As T.81 has it (B.2.3, G.1.1.1.1): with more, few bytes could say that there is much to go through.
  if (count < 1 || count > (first > 0 ? 1 : 4))
    throw new DataEnded('components in numbers that there are not');
  const parts = Array.from({ length: count }, (_, i) => {
    const [id, table = 0] = segment.subarray(1 + 2 * i);
    const component = components.find(each => each.id === id);
    if (!component) throw new DataEnded('a component that the header does not name');
    component.missingBits.fill(bits & 15, first, Math.min(last, 63) + 1);
    return { component, dc: tables.get(table >> 4), ac: tables.get(0x10 | (table & 15)) };
  });
  return { parts, first, last: Math.min(last, 63), isRefinement: bits >> 4 > 0 };
}

/** Goes through a scan's coded data and returns where they end. */
function walkScan(
  file: Uint8Array,
  from: number,
  scan: Scan,
  [unitsAcross, unitsDown]: [number, number],
  isProgressive: boolean,
  restartInterval: number,
): number {
  const bits = new BitReader(file, from);
  const walkBlock = isProgressive ? progressiveWalk(scan, bits) : sequentialWalk(bits);
  const [single] = scan.parts;
  const isSingle = scan.parts.length === 1;
  const columns = isSingle ? single!.component.blocksWide : unitsAcross;
  const count = columns * (isSingle ? single!.component.blocksHigh : unitsDown);
  for (let unit = 0; unit < count; unit++) {
    if (restartInterval > 0 && unit > 0 && unit % restartInterval === 0) {
      bits.restart();
      walkBlock.restart();
    }
    const [column, row] = [unit % columns, Math.floor(unit / columns)];
    for (const part of scan.parts) {
      const { across, down, rowBlocks } = part.component;
      if (isSingle) walkBlock.block(part, row * rowBlocks + column);
      else {
        for (let y = 0; y < down; y++) {
          for (let x = 0; x < across; x++) {
            walkBlock.block(part, (row * down + y) * rowBlocks + column * across + x);
          }
        }
      }
    }
  }
  return bits.at;
}

type Walk = { block(part: Scan['parts'][number], index: number): void; restart(): void };

function sequentialWalk(bits: BitReader): Walk {
  return {
    block({ dc, ac }) {
      bits.skip(bits.symbol(dc));
      for (let k = 1; k < 64; ) {
        const symbol = bits.symbol(ac);
        if ((symbol & 15) === 0 && symbol !== 0xf0) return;
        k += (symbol >> 4) + 1;
        bits.skip(symbol & 15);
      }
    },
    restart: () => undefined,
  };
}

function progressiveWalk({ first, last, isRefinement }: Scan, bits: BitReader): Walk {
  /** Blocks, this one included, in which nothing new begins any more. */
  let emptyRun = 0;
  const walkFirst = (nonzero: Uint32Array, ac: HuffmanTable | undefined, base: number) => {
    if (emptyRun > 0) {
      emptyRun--;
      return;
    }
    for (let k = first; k <= last; k++) {
      const symbol = bits.symbol(ac);
      const [run, size] = [symbol >> 4, symbol & 15];
      if (size === 0 && run < 15) {
        emptyRun = (1 << run) + bits.read(run) - 1;
        return;
      }
      k += run;
      if (size === 0) continue;
      bits.skip(size);
      mark(nonzero, base, k);
    }
  };
  const walkRefinement = (nonzero: Uint32Array, ac: HuffmanTable | undefined, base: number) => {
    let k = first;
    for (; emptyRun === 0 && k <= last; k++) {
      const symbol = bits.symbol(ac);
      const size = symbol & 15;
      let run = symbol >> 4;
      if (size === 0 && run < 15) {
        emptyRun = (1 << run) + bits.read(run);
        break;
      }
      if (size > 0) bits.skip(1);
      // Past the known ones, each with a bit of its own, and as many zeros as the run says.
      for (; k <= last; k++) {
        if (isMarked(nonzero, base, k)) bits.skip(1);
        else if (--run < 0) break;
      }
      if (size > 0 && k <= last) mark(nonzero, base, k);
    }
    if (emptyRun === 0) return;
    for (; k <= last; k++) if (isMarked(nonzero, base, k)) bits.skip(1);
    emptyRun--;
  };
  return {
    block({ component: { nonzero }, dc, ac }, index) {
      if (first === 0) bits.skip(isRefinement ? 1 : bits.symbol(dc));
      else if (isRefinement) walkRefinement(nonzero, ac, 2 * index);
      else walkFirst(nonzero, ac, 2 * index);
    },
    restart() {
      emptyRun = 0;
    },
  };
}

function mark(nonzero: Uint32Array, base: number, k: number): void {
  nonzero[base + (k >> 5)]! |= 1 << (k & 31);
}

function isMarked(nonzero: Uint32Array, base: number, k: number): boolean {
  return ((nonzero[base + (k >> 5)]! >>> (k & 31)) & 1) === 1;
}

/** Coded data bit by bit, the highest first; a zero after 0xff is no data, and any other byte after it ends them. */
class BitReader {
  readonly #file: Uint8Array;
  #byte = 0;
  #left = 0;
  at: number;

  constructor(file: Uint8Array, at: number) {
    this.#file = file;
    this.at = at;
  }

  bit(): number {
    if (this.#left === 0) {
      const byte = this.#file[this.at];
      if (byte === undefined || (byte === 0xff && this.#file[this.at + 1] !== 0)) throw new DataEnded();
      this.at += byte === 0xff ? 2 : 1;
      this.#byte = byte;
      this.#left = 8;
    }
    return (this.#byte >> --this.#left) & 1;
  }

  read(count: number): number {
    let value = 0;
    for (let i = 0; i < count; i++) value = (value << 1) | this.bit();
    return value;
  }

  skip(count: number): void {
    for (let i = 0; i < count; i++) this.bit();
  }

  symbol(table: HuffmanTable | undefined): number {
    if (!table) throw new DataEnded('a table that was not given');
    let code = 0;
    let first = 0;
    let index = 0;
    for (const count of table.counts) {
      code = (code << 1) | this.bit();
      first <<= 1;
      if (code - first < count) return table.symbols[index + code - first]!;
      index += count;
      first += count;
    }
    throw new DataEnded('a code that the table does not have');
  }

  /** To the data behind the next restart marker. */
  restart(): void {
    this.#left = 0;
    const isRestart = this.#file[this.at] === 0xff && (this.#file[this.at + 1]! & 0xf8) === 0xd0;
    if (!isRestart) throw new DataEnded('a restart is missing');
    this.at += 2;
  }
}
