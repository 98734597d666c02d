import { foreignFileError } from './foreign-images.ts';
import { bmpHeaderSizes, readBmpHeader } from './formats/bmp-header.ts';
import { readGifHeader } from './formats/gif-header.ts';
import { readHeifHeader, recogniseHeif } from './formats/heif-header.ts';
import type { ImageFormat } from './formats/image-errors.ts';
import type { ImageHeader } from './formats/image-header.ts';
import { readJpegHeader } from './formats/jpeg-header.ts';
import { readPngHeader } from './formats/png-header.ts';
import { readTiffHeader } from './formats/tiff/tiff-header.ts';
import { readWebpHeader } from './formats/webp-header.ts';

const readers: Record<ImageFormat, (file: Uint8Array) => ImageHeader> = {
  png: readPngHeader,
  jpeg: readJpegHeader,
  webp: readWebpHeader,
  bmp: readBmpHeader,
  gif: readGifHeader,
  tiff: readTiffHeader,
  heic: readHeifHeader,
  avif: readHeifHeader,
};

/**
 * Reads the structure of a whole image file, without decoding it. Fails with `not-an-image` or `unsupported-image` (another
 * kind of file), `damaged-image` (cut short or malformed), `image-too-large` or `image-too-small`.
 */
export function readImageHeader(file: Uint8Array): ImageHeader {
  return readers[recogniseImage(file, file.length)](file);
}

/**
 * The format that a file begins like. `head`: its first bytes, 4096 or all there are. Fails with `not-an-image` or
 * `unsupported-image`, so that a large file of another kind need not be read whole.
 */
export function recogniseImage(head: Uint8Array, fileBytes: number): ImageFormat {
  const text = String.fromCharCode(...head.subarray(0, 12));
  if (text.startsWith('\x89PNG')) return 'png';
  if (text.startsWith('\xff\xd8\xff')) return 'jpeg';
  if (text.startsWith('GIF87a') || text.startsWith('GIF89a')) return 'gif';
  if (text.startsWith('RIFF') && text.startsWith('WEBP', 8)) return 'webp';
  if (text.startsWith('BM') && head.length >= 18 && bmpHeaderSizes.includes(littleEndian32(head, 14)))
    return 'bmp';
  const heif = recogniseHeif(head);
  if (heif) return heif;
  // A DICOM file's first 128 bytes are free, and some hold a TIFF header.
  const isDicom = String.fromCharCode(...head.subarray(128, 132)) === 'DICM';
  if ((text.startsWith('II*\0') || text.startsWith('MM\0*')) && !isDicom) return 'tiff';
  throw foreignFileError(head, fileBytes);
}

function littleEndian32(bytes: Uint8Array, at: number): number {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getUint32(at, true);
}
