import { BoundedBytes } from './bounded-bytes.ts';
import { type Chunk, collect, joinChunks, pngSignature, pump } from './png-chunks.ts';

/**
 * PNG files of 16 bits whose values take the lower 12 or fewer, as programs write them that store a scanner's numbers as
 * they are: on a screen they are black. Here such a file becomes one of 8 bits that shows its picture.
 *
 * The rule: where the largest colour value is below 4096, the values are taken to have 8, 10 or 12 bits, the least that hold
 * it, and the upper 8 of those are kept. From 4096 on a picture is at least as bright as a dark photograph, and is left as it
 * is; so is one that is black through and through. What is transparent is not seen, and does not count. Transparency keeps
 * its own scale, unless it is below 4096 everywhere too: then it has as many bits as it or the colours need.
 */
export interface StretchedPng {
  /** How many bits the values had. */
  bits: number;
  file: Uint8Array<ArrayBuffer>;
}

export const deepest = 4096;
const depths = [8, 10, 12];
/**
 * Parts that speak of 16-bit values: significant bits, background, histogram, the colour that is transparent; and an
 * animation's other pictures, whose own values would have to be rewritten, while only the first is shown.
 */
const chunksOfDeepValues = ['sBIT', 'bKGD', 'hIST', 'tRNS', 'acTL', 'fcTL', 'fdAT'];
/** What is inflated at a time: it becomes a thousand times as long at most, and all of that before the next is asked for. */
const inflatedBytes = 16_384;
const channelsOfColourType: Record<number, number> = { 0: 1, 2: 3, 4: 2, 6: 4 };

/** `file`: a PNG that `readPngHeader` has taken. Undefined where it is not of this kind. Fails where its data are damaged. */
export async function stretchDeepPng(file: Uint8Array): Promise<StretchedPng | undefined> {
  const png = readDeepPng(file);
  if (!png) return undefined;
  const { largest, largestAlpha } = await findLargest(png);
  if (largest === 0 || largest >= deepest) return undefined;
  const bits = bitsOf(largest);
  const alphaShift =
    largestAlpha > 0 && largestAlpha < deepest ? Math.max(bits, bitsOf(largestAlpha)) - 8 : 8;
  return { bits, file: await rewrite(png, bits - 8, alphaShift) };
}

export const bitsOf = (value: number) => depths.find(depth => value < 2 ** depth)!;

export interface DeepPng {
  width: number;
  height: number;
  colourType: number;
  channels: number;
  hasAlpha: boolean;
  isInterlaced: boolean;
  /** The value of each channel that is transparent throughout. */
  key: number[] | undefined;
  chunks: Chunk[];
}

export function readDeepPng(file: Uint8Array): DeepPng | undefined {
  const bytes = new BoundedBytes(file, 'png');
  const colourType = bytes.u8(25);
  const channels = channelsOfColourType[colourType];
  if (bytes.u8(24) !== 16 || channels === undefined) return undefined;
  const chunks: Chunk[] = [];
  for (let at = pngSignature.length; chunks.at(-1)?.type !== 'IEND'; ) {
    const length = bytes.u32(at);
    bytes.require(at, length + 12);
    chunks.push({ type: bytes.text(at + 4, 4), data: file.subarray(at + 8, at + 8 + length) });
    at += length + 12;
  }
  const hasAlpha = colourType >= 4;
  const transparent = chunks.find(({ type }) => type === 'tRNS')?.data;
  const hasKey = !hasAlpha && transparent !== undefined && transparent.length >= 2 * channels;
  return {
    width: bytes.u32(16),
    height: bytes.u32(20),
    colourType,
    channels,
    hasAlpha,
    isInterlaced: bytes.u8(28) === 1,
    key: hasKey
      ? Array.from({ length: channels }, (_, i) => (transparent[2 * i]! << 8) | transparent[2 * i + 1]!)
      : undefined,
    chunks,
  };
}

/** Over what is seen of the picture. Ends behind the first row that settles it: of most files the first. */
async function findLargest(png: DeepPng): Promise<{ largest: number; largestAlpha: number }> {
  const { channels, hasAlpha, key } = png;
  const colours = hasAlpha ? channels - 1 : channels;
  let [largest, largestAlpha] = [0, 0];
  for await (const { row } of readRows(png)) {
    for (let at = 0; at < row.length; at += 2 * channels) {
      let ofPixel = 0;
      let isKey = key !== undefined;
      for (let channel = 0; channel < colours; channel++) {
        const value = (row[at + 2 * channel]! << 8) | row[at + 2 * channel + 1]!;
        if (value > ofPixel) ofPixel = value;
        if (isKey && value !== key![channel]) isKey = false;
      }
      const alpha = hasAlpha ? (row[at + 2 * colours]! << 8) | row[at + 2 * colours + 1]! : 1;
      if (hasAlpha && alpha > largestAlpha) largestAlpha = alpha;
      if (alpha > 0 && !isKey && ofPixel > largest) largest = ofPixel;
    }
    if (largest >= deepest) break;
  }
  return { largest, largestAlpha };
}

/** The same picture in 8 bits: the values without their lowest `shift` bits. A transparent colour becomes a channel. */
async function rewrite(png: DeepPng, shift: number, alphaShift: number): Promise<Uint8Array<ArrayBuffer>> {
  const { channels, hasAlpha, key } = png;
  const written = channels + (key ? 1 : 0);
  async function* filteredRows() {
    for await (const { row } of readRows(png)) {
      const pixels = row.length / (2 * channels);
      // The first byte: no filter.
      const out = new Uint8Array(1 + pixels * written);
      let to = 1;
      for (let pixel = 0; pixel < pixels; pixel++) {
        let isKey = key !== undefined;
        for (let channel = 0; channel < channels; channel++) {
          const at = 2 * (pixel * channels + channel);
          const value = (row[at]! << 8) | row[at + 1]!;
          if (isKey && value !== key![channel]) isKey = false;
          // What is transparent may be larger than all that is seen.
          out[to++] = Math.min(255, value >> (hasAlpha && channel === channels - 1 ? alphaShift : shift));
        }
        if (key) out[to++] = isKey ? 0 : 255;
      }
      yield out;
    }
  }
  const pixels = await collect(pump(filteredRows(), new CompressionStream('deflate')));
  const header = png.chunks[0]!.data.slice();
  header[8] = 8;
  if (key) header[9] = png.colourType + 4;
  const isKept = ({ type }: Chunk) => !chunksOfDeepValues.includes(type) && type !== 'IDAT';
  const [, ...rest] = png.chunks.filter(isKept);
  const place =
    png.chunks
      .slice(
        0,
        png.chunks.findIndex(({ type }) => type === 'IDAT'),
      )
      .filter(isKept).length - 1;
  return joinChunks([
    { type: 'IHDR', data: header },
    ...rest.slice(0, place),
    { type: 'IDAT', data: pixels },
    ...rest.slice(place),
  ]);
}

/** Where the pixels of each of the seven passes lie: first column, first row, column step, row step. */
export const adam7 = [
  [0, 0, 8, 8],
  [4, 0, 8, 8],
  [0, 4, 4, 8],
  [2, 0, 4, 4],
  [0, 2, 2, 4],
  [1, 0, 2, 2],
  [0, 1, 1, 2],
] as const;

/** The rows of the picture, or of its passes one after another, unfiltered (PNG, section 9). Each is valid until the next. */
export async function* readRows(png: DeepPng): AsyncGenerator<{ row: Uint8Array }> {
  const { width, height, channels, isInterlaced } = png;
  const pixelBytes = 2 * channels;
  const passes = (isInterlaced ? adam7 : [[0, 0, 1, 1] as const])
    .map(([left, top, across, down]) => ({
      bytes: Math.ceil((width - left) / across) * pixelBytes,
      rows: Math.ceil((height - top) / down),
    }))
    .filter(({ bytes, rows }) => bytes > 0 && rows > 0);
  const input = new ByteQueue(pump(deflatedPieces(png), new DecompressionStream('deflate')));
  try {
    for (const { bytes, rows } of passes) {
      let before = new Uint8Array(bytes);
      for (let y = 0; y < rows; y++) {
        const line = await input.take(bytes + 1);
        const row = line.subarray(1);
        unfilter(line[0]!, row, before, pixelBytes);
        yield { row };
        before = row;
      }
    }
  } finally {
    await input.close();
  }
}

function* deflatedPieces({ chunks }: DeepPng): Generator<Uint8Array> {
  for (const { type, data } of chunks) {
    if (type !== 'IDAT') continue;
    for (let at = 0; at < data.length; at += inflatedBytes) yield data.subarray(at, at + inflatedBytes);
  }
}

function unfilter(filter: number, row: Uint8Array, before: Uint8Array, pixelBytes: number): void {
  if (filter > 4) throw new Error('a row has an unknown filter');
  if (filter === 0) return;
  for (let i = 0; i < row.length; i++) {
    const left = i < pixelBytes ? 0 : row[i - pixelBytes]!;
    const above = before[i]!;
    const corner = i < pixelBytes ? 0 : before[i - pixelBytes]!;
    const predicted =
      filter === 1
        ? left
        : filter === 2
          ? above
          : filter === 3
            ? (left + above) >> 1
            : paeth(left, above, corner);
    row[i] = (row[i]! + predicted) & 255;
  }
}

function paeth(left: number, above: number, corner: number): number {
  const [toLeft, toAbove, toCorner] = [above - corner, left - corner, left + above - 2 * corner].map(
    Math.abs,
  ) as [number, number, number];
  if (toLeft <= toAbove && toLeft <= toCorner) return left;
  return toAbove <= toCorner ? above : corner;
}

/** Pieces of any length, taken in lengths that are asked for. */
class ByteQueue {
  readonly #pieces: AsyncGenerator<Uint8Array>;
  #piece = new Uint8Array(0);
  #at = 0;

  constructor(pieces: AsyncGenerator<Uint8Array>) {
    this.#pieces = pieces;
  }

  async take(length: number): Promise<Uint8Array<ArrayBuffer>> {
    const out = new Uint8Array(length);
    for (let filled = 0; filled < length; ) {
      if (this.#at === this.#piece.length) {
        const { done, value } = await this.#pieces.next();
        if (done) throw new Error('the pixels end too early');
        this.#piece = value as Uint8Array<ArrayBuffer>;
        this.#at = 0;
      }
      const part = this.#piece.subarray(this.#at, this.#at + length - filled);
      out.set(part, filled);
      filled += part.length;
      this.#at += part.length;
    }
    return out;
  }

  async close(): Promise<void> {
    await this.#pieces.return(undefined);
  }
}
