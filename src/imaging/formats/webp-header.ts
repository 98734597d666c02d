import { sentence } from '../../engine/sentence.ts';
import { BoundedBytes } from './bounded-bytes.ts';
import { readExifOrientation } from './exif-orientation.ts';
import { checkImageSize, damagedImage } from './image-errors.ts';
import type { ImageHeader } from './image-header.ts';

/** A chunk's name and the place of its data in the file. `at` is where its name starts. */
export interface WebpChunk {
  name: string;
  at: number;
  start: number;
  end: number;
}

/** The chunks of bytes `from` to `to`, one after the other; the last one's padding may be missing. */
export function* webpChunks(bytes: BoundedBytes, from: number, to: number): Generator<WebpChunk> {
  for (let at = from; at + 8 <= to; ) {
    const length = bytes.u32(at + 4, true);
    const end = at + 8 + length;
    if (end > to) throw damagedImage('webp', sentence`ends-too-early: it ends too early`);
    yield { name: bytes.text(at, 4), at, start: at + 8, end };
    at = end + (length % 2);
  }
}

/** The chunks inside the file's RIFF container, which must be there whole. */
export function topWebpChunks(bytes: BoundedBytes): Generator<WebpChunk> {
  const riffBytes = bytes.u32(4, true);
  bytes.require(8, riffBytes);
  return webpChunks(bytes, 12, 8 + riffBytes);
}

/** Reads the container's chunks (RFC 9649, section 2), and sizes from the extended header or the image data's own. */
export function readWebpHeader(file: Uint8Array): ImageHeader {
  const bytes = new BoundedBytes(file, 'webp');
  let header: ImageHeader | undefined;
  let hasPixels = false;
  for (const { name, at, start, end } of topWebpChunks(bytes)) {
    if (name === 'VP8X') header ??= readExtended(bytes, start);
    if (name === 'VP8 ') header ??= readLossy(bytes, start);
    if (name === 'VP8L') header ??= readLossless(bytes, start);
    if (name === 'VP8 ' || name === 'VP8L' || name === 'ANMF') hasPixels = true;
    if (!header)
      throw damagedImage('webp', sentence`begins-without-header: it does not begin with its header`);
    if (name === 'EXIF' && !header.exif) {
      header.orientation = readExifOrientation(withoutExifName(file.subarray(start, end)));
      header.exif = { start: at, end };
    }
  }
  if (!header || !hasPixels) throw damagedImage('webp', sentence`has-no-pixels: it has no pixels`);
  return header;
}

function readExtended(bytes: BoundedBytes, at: number): ImageHeader {
  const flags = bytes.u8(at);
  const width = (bytes.u32(at + 3, true) >>> 8) + 1;
  const height = (bytes.u32(at + 6, true) >>> 8) + 1;
  return makeHeader(width, height, (flags & 0x10) !== 0, (flags & 0x02) !== 0);
}

/** A VP8 key frame's header (RFC 6386, section 9.1). */
function readLossy(bytes: BoundedBytes, at: number): ImageHeader {
  const isKeyFrame = (bytes.u8(at) & 1) === 0;
  if (!isKeyFrame || bytes.text(at + 3, 3) !== '\x9d\x01\x2a') {
    throw damagedImage('webp', sentence`header-makes-no-sense: its header makes no sense`);
  }
  return makeHeader(bytes.u16(at + 6, true) & 0x3fff, bytes.u16(at + 8, true) & 0x3fff, false);
}

/** A lossless image's header (RFC 9649, section 3.4): 14 bits of each side less one, then whether alpha is used. */
function readLossless(bytes: BoundedBytes, at: number): ImageHeader {
  if (bytes.u8(at) !== 0x2f)
    throw damagedImage('webp', sentence`header-makes-no-sense: its header makes no sense`);
  const bits = bytes.u32(at + 1, true);
  return makeHeader((bits & 0x3fff) + 1, ((bits >>> 14) & 0x3fff) + 1, ((bits >>> 28) & 1) === 1);
}

function makeHeader(width: number, height: number, hasAlpha: boolean, isAnimated = false): ImageHeader {
  checkImageSize('webp', width, height);
  return { format: 'webp', width, height, orientation: 1, isAnimated, hasAlpha, bitDepth: 8 };
}

/** The chunk holds bare TIFF; some programs write JPEG's name for it in front. */
function withoutExifName(chunk: Uint8Array): Uint8Array {
  return String.fromCharCode(...chunk.subarray(0, 6)) === 'Exif\0\0' ? chunk.subarray(6) : chunk;
}
