/** Writers of small image files, for tests: each as plain as its format allows. */
import { crc32, deflateSync } from 'node:zlib';

/** The values of the pixel at (x, y): as many as the kind of image has channels. */
type Sample = (x: number, y: number) => number[];

const latin1 = (text: string) => Uint8Array.from(text, letter => letter.charCodeAt(0));

export function concatBytes(...parts: (Uint8Array | number[])[]): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(parts.flatMap(part => [...part]));
}

function big(value: number, bytes: number): number[] {
  return Array.from({ length: bytes }, (_, i) => Math.floor(value / 256 ** (bytes - 1 - i)) & 255);
}

function little(value: number, bytes: number): number[] {
  return big(value, bytes).reverse();
}

/** The TIFF block that says how an image is turned, as cameras write it. */
export function exifBlock(orientation: number, isLittle = false): Uint8Array {
  const word = isLittle ? little : big;
  const entry = [...word(0x0112, 2), ...word(3, 2), ...word(1, 4), ...word(orientation, 2), 0, 0];
  return concatBytes(latin1(isLittle ? 'II' : 'MM'), word(42, 2), word(8, 4), word(1, 2), entry, word(0, 4));
}

export function pngChunk(type: string, data: Uint8Array | number[]): Uint8Array {
  const body = concatBytes(latin1(type), data);
  return concatBytes(big(data.length, 4), body, big(crc32(body), 4));
}

export interface PngOptions {
  width: number;
  height: number;
  sample: Sample;
  /** 0 gray, 2 RGB, 3 palette, 4 gray and alpha, 6 RGB and alpha. */
  colourType?: 0 | 2 | 3 | 4 | 6;
  bitDepth?: 1 | 2 | 4 | 8 | 16;
  isInterlaced?: boolean;
  /** Chunks between the header and the pixels. */
  chunks?: Uint8Array[];
}

export function makePng(options: PngOptions): Uint8Array<ArrayBuffer> {
  const { width, height, colourType = 2, bitDepth = 8, isInterlaced = false, chunks = [] } = options;
  const passes = isInterlaced ? adam7 : [[0, 0, 1, 1]];
  const rows = passes.flatMap(([left, top, across, down]) => {
    const columns = range(left!, width, across!);
    if (columns.length === 0) return [];
    return range(top!, height, down!).map(y =>
      concatBytes(
        [0],
        packBits(
          columns.flatMap(x => options.sample(x, y)),
          bitDepth,
        ),
      ),
    );
  });
  return concatBytes(
    latin1('\x89PNG\r\n\x1a\n'),
    pngChunk('IHDR', [...big(width, 4), ...big(height, 4), bitDepth, colourType, 0, 0, isInterlaced ? 1 : 0]),
    ...chunks,
    pngChunk('IDAT', deflateSync(concatBytes(...rows))),
    pngChunk('IEND', []),
  );
}

/** First column, first row, column step, row step of each pass. */
const adam7 = [
  [0, 0, 8, 8],
  [4, 0, 8, 8],
  [0, 4, 4, 8],
  [2, 0, 4, 4],
  [0, 2, 2, 4],
  [1, 0, 2, 2],
  [0, 1, 1, 2],
];

function range(from: number, to: number, step: number): number[] {
  return Array.from({ length: Math.max(0, Math.ceil((to - from) / step)) }, (_, i) => from + i * step);
}

function packBits(values: number[], bits: number): number[] {
  if (bits === 16) return values.flatMap(value => big(value, 2));
  const perByte = 8 / bits;
  return Array.from({ length: Math.ceil(values.length / perByte) }, (_, i) =>
    values
      .slice(i * perByte, (i + 1) * perByte)
      .reduce((byte, value, j) => byte | (value << (8 - bits * (j + 1))), 0),
  );
}

export interface BmpOptions {
  width: number;
  height: number;
  /** Palette index, [red, green, blue] or, with 32 bits, [red, green, blue, alpha]. */
  sample: Sample;
  bitsPerPixel?: 1 | 4 | 8 | 24 | 32;
  palette?: number[][];
  isTopDown?: boolean;
}

/** With 32 bits, the version of the header that defines alpha. */
export function makeBmp(options: BmpOptions): Uint8Array<ArrayBuffer> {
  const { width, height, sample, bitsPerPixel = 24, palette = [], isTopDown = false } = options;
  const hasAlpha = bitsPerPixel === 32;
  const headerBytes = hasAlpha ? 108 : 40;
  const rows = range(0, height, 1).map(y => {
    const values = range(0, width, 1).flatMap(x => sample(x, y));
    const row = bitsPerPixel <= 8 ? packBits(values, bitsPerPixel) : swapRedAndBlue(values, bitsPerPixel / 8);
    return concatBytes(row, new Uint8Array((4 - (row.length % 4)) % 4));
  });
  const pixels = concatBytes(...(isTopDown ? rows : rows.reverse()));
  const masks = [0xff0000, 0xff00, 0xff, 0xff000000].flatMap(mask => little(mask, 4));
  const header = concatBytes(
    [...little(headerBytes, 4), ...little(width, 4), ...little(isTopDown ? 2 ** 32 - height : height, 4)],
    [
      ...little(1, 2),
      ...little(bitsPerPixel, 2),
      ...little(hasAlpha ? 3 : 0, 4),
      ...little(pixels.length, 4),
    ],
    [...little(2835, 4), ...little(2835, 4), ...little(palette.length, 4), ...little(0, 4)],
    hasAlpha ? [...masks, ...new Array<number>(52).fill(0)] : [],
    palette.flatMap(([red, green, blue]) => [blue!, green!, red!, 0]),
  );
  const pixelsAt = 14 + header.length;
  const fileHeader = [
    ...latin1('BM'),
    ...little(pixelsAt + pixels.length, 4),
    0,
    0,
    0,
    0,
    ...little(pixelsAt, 4),
  ];
  return concatBytes(fileHeader, header, pixels);
}

function swapRedAndBlue(values: number[], channels: number): number[] {
  return values.map((_, i) => {
    const channel = i % channels;
    return values[channel === 0 ? i + 2 : channel === 2 ? i - 2 : i]!;
  });
}

export interface GifOptions {
  width: number;
  height: number;
  /** Palette index. */
  sample: Sample;
  /** Colours: 2, 4, 8 ... 256 of them. */
  palette: number[][];
  frames?: number;
  isInterlaced?: boolean;
  transparent?: number;
  /** Of the frame on the screen; both corners are the screen's by default. */
  frame?: { left: number; top: number; width: number; height: number };
}

export function makeGif(options: GifOptions): Uint8Array<ArrayBuffer> {
  const { width, height, sample, palette, frames = 1, isInterlaced = false, transparent } = options;
  const { frame = { left: 0, top: 0, width, height } } = options;
  const colourBits = Math.log2(palette.length);
  const rows = isInterlaced
    ? [
        range(0, frame.height, 8),
        range(4, frame.height, 8),
        range(2, frame.height, 4),
        range(1, frame.height, 2),
      ].flat()
    : range(0, frame.height, 1);
  const codeBits = Math.max(2, colourBits);
  const coded = compressLzw(
    rows.flatMap(y => range(0, frame.width, 1).flatMap(x => sample(x, y))),
    codeBits,
  );
  const blocks = range(0, coded.length, 255).map(from => coded.slice(from, from + 255));
  const control = [0x21, 0xf9, 4, transparent === undefined ? 0 : 1, 0, 0, transparent ?? 0, 0];
  const place = [frame.left, frame.top, frame.width, frame.height].flatMap(value => little(value, 2));
  const image = concatBytes(
    control,
    [0x2c, ...place, isInterlaced ? 0x40 : 0, codeBits],
    ...blocks.map(block => [block.length, ...block]),
    [0],
  );
  return concatBytes(
    latin1('GIF89a'),
    [...little(width, 2), ...little(height, 2), 0x80 | (colourBits - 1), 0, 0],
    palette.flat(),
    ...new Array<Uint8Array>(frames).fill(image),
    [0x3b],
  );
}

/** GIF's LZW: the table is given up when it is full. */
function compressLzw(indices: number[], colourBits: number): number[] {
  const clear = 2 ** colourBits;
  const bits: number[] = [];
  let codes = new Map<string, number>();
  let codeBits = colourBits + 1;
  const write = (code: number) => {
    for (let bit = 0; bit < codeBits; bit++) bits.push((code >> bit) & 1);
  };
  const codeOf = (text: string) => codes.get(text) ?? Number(text);
  write(clear);
  let text = '';
  for (const index of indices) {
    const longer = text === '' ? String(index) : `${text},${index}`;
    if (text === '' || codes.has(longer)) {
      text = longer;
      continue;
    }
    write(codeOf(text));
    const next = clear + 2 + codes.size;
    if (next === 4096) {
      write(clear);
      codes = new Map();
      codeBits = colourBits + 1;
    } else {
      if (next === 2 ** codeBits) codeBits++;
      codes.set(longer, next);
    }
    text = String(index);
  }
  write(codeOf(text));
  write(clear + 1);
  return range(0, bits.length, 8).map(at =>
    bits.slice(at, at + 8).reduce((byte, bit, i) => byte | (bit << i), 0),
  );
}
