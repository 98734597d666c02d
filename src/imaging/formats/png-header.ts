import { crc32 } from '../../engine/formats/crc32.ts';
import { sentence } from '../../engine/sentence.ts';
import { BoundedBytes } from './bounded-bytes.ts';
import { readExifOrientation } from './exif-orientation.ts';
import { checkImageSize, damagedImage } from './image-errors.ts';
import type { ImageHeader } from './image-header.ts';

const signatureBytes = 8;
/** A chunk's length and type before its data, and its checksum after it. */
const framingBytes = 12;

/** Bit depths that each colour type may have (PNG, section 11.2.1). */
const depthsOfColourType: Record<number, readonly number[]> = {
  0: [1, 2, 4, 8, 16],
  2: [8, 16],
  3: [1, 2, 4, 8],
  4: [8, 16],
  6: [8, 16],
};

/**
 * Walks every chunk up to IEND. The checksums of the chunks that make the pixels are verified here, because browsers show
 * an image with a wrong one as if nothing were missing. What follows IEND is not looked at.
 */
export function readPngHeader(file: Uint8Array): ImageHeader {
  const bytes = new BoundedBytes(file, 'png');
  if (bytes.u32(signatureBytes) !== 13 || bytes.text(signatureBytes + 4, 4) !== 'IHDR') {
    throw damagedImage('png', sentence`begins-without-header: it does not begin with its header`);
  }
  checkSum(bytes, signatureBytes, 13);
  const width = bytes.u32(16);
  const height = bytes.u32(20);
  const bitDepth = bytes.u8(24);
  const colourType = bytes.u8(25);
  if (!depthsOfColourType[colourType]?.includes(bitDepth) || bytes.u16(26) !== 0 || bytes.u8(28) > 1) {
    throw damagedImage('png', sentence`header-makes-no-sense: its header makes no sense`);
  }
  checkImageSize('png', width, height);
  const header: ImageHeader = {
    format: 'png',
    width,
    height,
    orientation: 1,
    isAnimated: false,
    hasAlpha: colourType >= 4,
    bitDepth,
  };

  let hasPixels = false;
  let hasPalette = false;
  for (let at = signatureBytes; ; ) {
    const length = bytes.u32(at);
    const type = bytes.text(at + 4, 4);
    bytes.require(at, length + framingBytes);
    // A capital first letter: a chunk that the pixels depend on.
    if (/^[A-Z]/.test(type)) checkSum(bytes, at, length);
    if (type === 'IEND') break;
    if (type === 'IDAT') hasPixels = true;
    if (type === 'PLTE') hasPalette = true;
    if (type === 'acTL') header.isAnimated = bytes.u32(at + 8) > 1;
    if (type === 'tRNS') header.hasAlpha = true;
    if (type === 'eXIf' && !header.exif) {
      header.orientation = readExifOrientation(file.subarray(at + 8, at + 8 + length));
      header.exif = { start: at, end: at + length + framingBytes };
    }
    at += length + framingBytes;
  }
  if (!hasPixels) throw damagedImage('png', sentence`has-no-pixels: it has no pixels`);
  if (colourType === 3 && !hasPalette)
    throw damagedImage('png', sentence`palette-is-missing: its table of colours is missing`);
  return header;
}

/** Of the chunk at `at` with `length` bytes of data: covers its type and data. */
function checkSum(bytes: BoundedBytes, at: number, length: number): void {
  const end = at + 8 + length;
  if (crc32(bytes.bytes.subarray(at + 4, end)) !== bytes.u32(end)) {
    throw damagedImage('png', sentence`part-with-wrong-checksum: a part of it does not fit its checksum`);
  }
}
