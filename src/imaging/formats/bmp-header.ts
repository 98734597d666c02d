import { sentence } from '../../engine/sentence.ts';
import { BoundedBytes } from './bounded-bytes.ts';
import { checkImageSize, damagedImage, EXPORT_AS_PNG, unsupportedImage } from './image-errors.ts';
import type { ImageHeader } from './image-header.ts';

/** Red, green, blue and alpha: which bits of a 16 or 32-bit pixel each takes; 0 where there is none. */
export type ChannelMasks = [red: number, green: number, blue: number, alpha: number];

/** Where a BMP file keeps what. Positions are bytes from the file's start. */
export interface BmpLayout {
  width: number;
  height: number;
  /** Rows from the top; most files have them from the bottom. */
  isTopDown: boolean;
  bitsPerPixel: 1 | 4 | 8 | 16 | 24 | 32;
  pixelsAt: number;
  /** A multiple of four. */
  rowBytes: number;
  palette: { at: number; colours: number; entryBytes: 3 | 4 };
  masks: ChannelMasks;
}

const compression = { none: 0, bitFields: 3, alphaBitFields: 6 };
/** Sizes of the second header: OS/2 1.x, then Windows from 3.0 to 5.0, with those of Adobe and OS/2 2.x between. */
export const bmpHeaderSizes = [12, 40, 52, 56, 64, 108, 124];

/** Windows GDI, BITMAPFILEHEADER and the BITMAPINFOHEADER family. Fails where the pixels are not all there. */
export function readBmpLayout(file: Uint8Array): BmpLayout {
  const bytes = new BoundedBytes(file, 'bmp');
  const pixelsAt = bytes.u32(10, true);
  const headerBytes = bytes.u32(14, true);
  const isCore = headerBytes === 12;
  const width = isCore ? bytes.u16(18, true) : bytes.i32(18, true);
  const storedHeight = isCore ? bytes.u16(20, true) : bytes.i32(22, true);
  const bitsPerPixel = bytes.u16(isCore ? 24 : 28, true);
  const method = isCore ? compression.none : bytes.u32(30, true);
  const isBitFields = method === compression.bitFields || method === compression.alphaBitFields;
  if (!isBitsPerPixel(bitsPerPixel) || width < 0 || !bmpHeaderSizes.includes(headerBytes)) {
    throw damagedImage('bmp', sentence`header-makes-no-sense: its header makes no sense`);
  }
  // Run lengths, or a whole JPEG or PNG file for a printer.
  if (method !== compression.none && !isBitFields) {
    throw unsupportedImage(
      sentence`compressed-bmp: a BMP file that is compressed in a way that is not read`,
      EXPORT_AS_PNG,
    );
  }
  checkImageSize('bmp', width, Math.abs(storedHeight));
  const rowBytes = Math.ceil((width * bitsPerPixel) / 32) * 4;
  bytes.require(pixelsAt, rowBytes * Math.abs(storedHeight));

  const hasMasksAfterHeader = isBitFields && headerBytes === 40;
  const masksBytes = !hasMasksAfterHeader ? 0 : method === compression.alphaBitFields ? 16 : 12;
  return {
    width,
    height: Math.abs(storedHeight),
    isTopDown: storedHeight < 0,
    bitsPerPixel,
    pixelsAt,
    rowBytes,
    palette: readPalettePlace(bytes, bitsPerPixel, isCore, 14 + headerBytes + masksBytes, pixelsAt),
    masks: readMasks(
      bytes,
      bitsPerPixel,
      isBitFields,
      isBitFields ? Math.max(headerBytes - 40, masksBytes) : 0,
    ),
  };
}

export function readBmpHeader(file: Uint8Array): ImageHeader {
  const { width, height, bitsPerPixel, masks } = readBmpLayout(file);
  return {
    format: 'bmp',
    width,
    height,
    orientation: 1,
    isAnimated: false,
    hasAlpha: masks[3] !== 0,
    bitDepth: bitsPerPixel === 16 ? 5 : Math.min(bitsPerPixel, 8),
  };
}

function isBitsPerPixel(bits: number): bits is BmpLayout['bitsPerPixel'] {
  return [1, 4, 8, 16, 24, 32].includes(bits);
}

function readPalettePlace(
  bytes: BoundedBytes,
  bitsPerPixel: number,
  isCore: boolean,
  at: number,
  pixelsAt: number,
): BmpLayout['palette'] {
  const entryBytes = isCore ? 3 : 4;
  if (bitsPerPixel > 8) return { at, colours: 0, entryBytes };
  const used = isCore ? 0 : bytes.u32(46, true);
  // Old programs leave the count out and store fewer colours than the bits allow.
  const room = Math.floor((pixelsAt - at) / entryBytes);
  const colours = Math.min(used || 2 ** bitsPerPixel, 2 ** bitsPerPixel, room);
  if (colours <= 0) throw damagedImage('bmp', sentence`palette-is-missing: its table of colours is missing`);
  bytes.require(at, colours * entryBytes);
  return { at, colours, entryBytes };
}

/** `maskBytes`: how many bytes of masks there are, from byte 54 on; without any, the format's usual ones. */
function readMasks(
  bytes: BoundedBytes,
  bitsPerPixel: number,
  isBitFields: boolean,
  maskBytes: number,
): ChannelMasks {
  if (!isBitFields) return bitsPerPixel === 16 ? [0x7c00, 0x3e0, 0x1f, 0] : [0xff0000, 0xff00, 0xff, 0];
  return [
    bytes.u32(54, true),
    bytes.u32(58, true),
    bytes.u32(62, true),
    maskBytes >= 16 ? bytes.u32(66, true) : 0,
  ];
}
