import { sentence } from '../../engine/sentence.ts';
import { BoundedBytes } from './bounded-bytes.ts';
import { readExifOrientation } from './exif-orientation.ts';
import { checkImageSize, damagedImage, EXPORT_AS_PNG, unsupportedImage } from './image-errors.ts';
import type { ImageHeader } from './image-header.ts';
import { hasAllCoefficients } from './jpeg-coefficients.ts';

const marker = { startOfImage: 0xd8, endOfImage: 0xd9, startOfScan: 0xda, app1: 0xe1 };
/** The marker that ends a file. */
export const endOfJpeg: readonly number[] = [0xff, marker.endOfImage];
/** Start-of-frame markers of the processes that browsers decode: baseline, extended and progressive Huffman. */
const decodedFrames = [0xc0, 0xc1, 0xc2];
/** The other processes: lossless, hierarchical, arithmetic coding; and JPEG-LS. */
const otherFrames = [0xc3, 0xc5, 0xc6, 0xc7, 0xc9, 0xca, 0xcb, 0xcd, 0xce, 0xcf, 0xf7];
/** A progressive image has about ten. Files made to keep a decoder busy have tens of thousands. */
const mostScans = 500;

/**
 * Walks the markers and scans up to the end-of-image marker (ITU-T T.81, annex B). What follows it is not looked at. A file
 * that lacks that marker alone is whole (`lacksEnd`): some devices and cut downloads leave it out.
 */
export function readJpegHeader(file: Uint8Array): ImageHeader {
  const bytes = new BoundedBytes(file, 'jpeg');
  let header: ImageHeader | undefined;
  let exif: ImageHeader['exif'];
  let orientation: ImageHeader['orientation'] = 1;
  let scans = 0;
  let lacksEnd = false;
  for (let at = 2; ; ) {
    at = findMarker(bytes, at);
    const code = bytes.u8(at + 1);
    if (code === marker.endOfImage) break;
    // Markers without a segment: restarts, TEM, a second start of image.
    if ((code >= 0xd0 && code <= 0xd8) || code === 0x01) {
      at += 2;
      continue;
    }
    const length = bytes.u16(at + 2);
    if (length < 2) throw damagedImage('jpeg', sentence`part-without-length: a part of it has no length`);
    bytes.require(at + 2, length);
    if (decodedFrames.includes(code)) {
      if (header) throw damagedImage('jpeg', sentence`two-headers: it has two headers`);
      header = readFrame(bytes, at + 4);
    } else if (otherFrames.includes(code)) {
      throw unsupportedImage(
        sentence`unshowable-jpeg: a JPEG image of a kind that browsers cannot show`,
        EXPORT_AS_PNG,
      );
    } else if (code === marker.app1 && !exif && isExif(file, at + 4)) {
      orientation = readExifOrientation(file.subarray(at + 10, at + 2 + length));
      exif = { start: at, end: at + 2 + length };
    }
    at += 2 + length;
    if (code === marker.startOfScan) {
      if (!header) throw damagedImage('jpeg', sentence`header-is-missing: its header is missing`);
      scans++;
      if (scans > mostScans)
        throw damagedImage('jpeg', sentence`repeats-without-end: it repeats itself without end`);
      const next = skipScan(bytes, at);
      if (next === undefined) {
        if (!hasAllCoefficients(file))
          throw damagedImage('jpeg', sentence`ends-too-early: it ends too early`);
        lacksEnd = true;
        break;
      }
      at = next;
    }
  }
  if (!header || scans === 0) throw damagedImage('jpeg', sentence`has-no-pixels: it has no pixels`);
  return { ...header, orientation, ...(exif && { exif }), ...(lacksEnd && { lacksEnd }) };
}

function readFrame(bytes: BoundedBytes, at: number): ImageHeader {
  const bitDepth = bytes.u8(at);
  const height = bytes.u16(at + 1);
  const width = bytes.u16(at + 3);
  const components = bytes.u8(at + 5);
  if (bitDepth !== 8) {
    throw unsupportedImage(
      sentence`deep-jpeg: a JPEG image with ${{ bitDepth }} bits a colour, which browsers cannot show`,
      EXPORT_AS_PNG,
    );
  }
  if (![1, 3, 4].includes(components))
    throw damagedImage('jpeg', sentence`header-makes-no-sense: its header makes no sense`);
  checkImageSize('jpeg', width, height);
  return { format: 'jpeg', width, height, orientation: 1, isAnimated: false, hasAlpha: false, bitDepth };
}

/** The next marker's 0xff: it may be repeated as padding, and decoders pass over stray bytes before it. */
function findMarker(bytes: BoundedBytes, from: number): number {
  const at = nextMarker(bytes, from);
  if (at === undefined) throw damagedImage('jpeg', sentence`ends-too-early: it ends too early`);
  return at;
}

function nextMarker(bytes: BoundedBytes, from: number): number | undefined {
  let at = bytes.bytes.indexOf(0xff, from);
  while (at >= 0 && (bytes.bytes[at + 1] === 0xff || bytes.bytes[at + 1] === 0x00)) {
    at = bytes.bytes.indexOf(0xff, at + 1);
  }
  return at < 0 || at + 1 >= bytes.length ? undefined : at;
}

/** From the first byte of a scan's coded data to the marker that ends it, where one does: restarts and stuffed zeros are data. */
function skipScan(bytes: BoundedBytes, from: number): number | undefined {
  for (let at = from; ; ) {
    const found = nextMarker(bytes, at);
    if (found === undefined) return undefined;
    at = found;
    const code = bytes.u8(at + 1);
    if (code < 0xd0 || code > 0xd7) return at;
    at += 2;
  }
}

function isExif(file: Uint8Array, at: number): boolean {
  return String.fromCharCode(...file.subarray(at, at + 6)) === 'Exif\0\0';
}
