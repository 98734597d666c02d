/** JPEG and WebP files simple enough to write by hand: gray blocks of 8 x 8, and one colour throughout. */
import { concatBytes } from './images.ts';

function segment(marker: number, data: number[] | Uint8Array): Uint8Array {
  return concatBytes([0xff, marker, (data.length + 2) >> 8, (data.length + 2) & 255], data);
}

export interface JpegOptions {
  width: number;
  height: number;
  /** Gray value of the block in this column and row of blocks. */
  gray: (column: number, row: number) => number;
  /** Of a TIFF block to embed as EXIF. */
  exif?: Uint8Array;
}

/** A baseline JPEG of one component, every block flat: the only coefficient is the first one, which is 8 times the value. */
export function makeJpeg({ width, height, gray, exif }: JpegOptions): Uint8Array<ArrayBuffer> {
  // Huffman codes 0 to 11 of four bits each, for differences of so many bits; and one code of one bit: end of block.
  const dcTable = [
    0x00,
    0,
    0,
    0,
    12,
    ...new Array<number>(12).fill(0),
    ...Array.from({ length: 12 }, (_, i) => i),
  ];
  const acTable = [0x10, 1, ...new Array<number>(15).fill(0), 0x00];
  let bits = '';
  let previous = 0;
  for (let row = 0; row < Math.ceil(height / 8); row++) {
    for (let column = 0; column < Math.ceil(width / 8); column++) {
      const value = (gray(column, row) - 128) * 8;
      const difference = value - previous;
      previous = value;
      const size = difference === 0 ? 0 : Math.floor(Math.log2(Math.abs(difference))) + 1;
      const magnitude = difference < 0 ? difference + 2 ** size - 1 : difference;
      bits += size.toString(2).padStart(4, '0');
      if (size > 0) bits += magnitude.toString(2).padStart(size, '0');
      bits += '0';
    }
  }
  bits += '1'.repeat((8 - (bits.length % 8)) % 8);
  const scan = (bits.match(/.{8}/g) ?? []).map(byte => Number.parseInt(byte, 2));
  return concatBytes(
    [0xff, 0xd8],
    exif
      ? segment(
          0xe1,
          concatBytes(
            [...'Exif\0\0'].map(letter => letter.charCodeAt(0)),
            exif,
          ),
        )
      : [],
    segment(0xdb, [0, ...new Array<number>(64).fill(1)]),
    segment(0xc0, [8, height >> 8, height & 255, width >> 8, width & 255, 1, 1, 0x11, 0]),
    segment(0xc4, dcTable),
    segment(0xc4, acTable),
    segment(0xda, [1, 1, 0x00, 0, 63, 0]),
    scan.flatMap(byte => (byte === 0xff ? [0xff, 0] : [byte])),
    [0xff, 0xd9],
  );
}

export function webpChunk(name: string, data: Uint8Array | number[]): Uint8Array {
  const size = data.length;
  const head = [...name].map(letter => letter.charCodeAt(0));
  return concatBytes(head, littleEndian(size, 4), data, size % 2 ? [0] : []);
}

export function makeWebp(...chunks: Uint8Array[]): Uint8Array<ArrayBuffer> {
  return concatBytes(webpChunk('RIFF', concatBytes([0x57, 0x45, 0x42, 0x50], ...chunks)));
}

/** A VP8L chunk of one colour: with a single code in each table, its pixels take no bits. */
export function flatWebpImage(
  width: number,
  height: number,
  [red, green, blue, alpha]: number[],
): Uint8Array {
  const bits: number[] = [];
  const write = (value: number, count: number) => {
    for (let i = 0; i < count; i++) bits.push((value >> i) & 1);
  };
  write(0x2f, 8);
  write(width - 1, 14);
  write(height - 1, 14);
  write(alpha === 255 ? 0 : 1, 1);
  write(0, 3);
  // No transform, no colour cache, no table of tables; then the tables: simple, one symbol, of eight bits.
  write(0, 3);
  for (const symbol of [green!, red!, blue!, alpha!, 0]) {
    write(0b101, 3);
    write(symbol, 8);
  }
  const bytes = Array.from({ length: Math.ceil(bits.length / 8) }, (_, i) =>
    bits.slice(i * 8, i * 8 + 8).reduce((byte, bit, j) => byte | (bit << j), 0),
  );
  return webpChunk('VP8L', bytes);
}

/** The extended header. Flags: 2 animated, 8 EXIF, 16 alpha. */
export function extendedWebpHeader(width: number, height: number, flags: number): Uint8Array {
  return webpChunk('VP8X', [flags, 0, 0, 0, ...littleEndian(width - 1, 3), ...littleEndian(height - 1, 3)]);
}

/** A frame of an animation, at an even place. */
export function webpFrame(
  left: number,
  top: number,
  width: number,
  height: number,
  image: Uint8Array,
): Uint8Array {
  const place = [left / 2, top / 2, width - 1, height - 1, 100].flatMap(value => littleEndian(value, 3));
  return webpChunk('ANMF', concatBytes([...place, 0], image));
}

function littleEndian(value: number, bytes: number): number[] {
  return Array.from({ length: bytes }, (_, i) => Math.floor(value / 256 ** i) & 255);
}
