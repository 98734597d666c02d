import type { ParsedDicom } from '../data-set/read-dicom.ts';
import type { PixelCoding } from '../data-set/transfer-syntaxes.ts';
import {
  damagedCompressedData,
  noPixelData,
  truncatedPixelData,
  unsupportedPhotometric,
} from '../refusals/dicom-errors.ts';
import { type CompressedFrames, joinFragments, readCompressedFrames } from './compressed-frames.ts';
import { type ImagePixel, isFloat } from './image-pixel.ts';
import { type NativeLayout, nativeFrameBits } from './native-pixels.ts';

/** The frames that a file holds whole, none of them decoded. */
export interface FrameStore {
  count: number;
  coding: PixelCoding;
  /** Bytes to decode, and, of native pixels, which frame in them. */
  locate(index: number): { bytes: Uint8Array; index: number };
  layout: NativeLayout;
  warnings: ('trailing-bytes' | 'offset-table-ignored' | 'frames-missing' | 'transfer-syntax-mismatch')[];
}

/** Fails with `no-pixel-data`, `truncated-pixel-data` or `damaged-compressed-data`. */
export function findFrames({ dataSet, coding }: ParsedDicom, image: ImagePixel): FrameStore {
  const pixels = dataSet.element(image.pixelTag);
  if (!pixels) throw noPixelData();
  const layout = {
    isLittle: dataSet.encoding.isLittle,
    isSwappedPairs: !dataSet.encoding.isLittle && pixels.vr === 'OW' && image.bitsAllocated === 8,
  };
  const isEncapsulated =
    pixels.isUndefined || (coding !== 'native' && beginsWithItem(dataSet.bytes(image.pixelTag)!));
  if (!isEncapsulated) {
    if (coding !== 'native') throw damagedCompressedData();
    return findNativeFrames(dataSet.bytes(image.pixelTag)!, image, layout);
  }
  const found = readCompressedFrames(dataSet, pixels, image.frames, coding === 'rle');
  return storeOf(found, coding, image, layout);
}

/**
 * How many frames a file holds, of which the beginning was read. Fails as `findFrames` does for what that tells, and with a RangeError
 * where the pixels themselves have to be looked at.
 */
export function countFrames({ dataSet, coding }: ParsedDicom, image: ImagePixel): number {
  const pixels = dataSet.element(image.pixelTag);
  if (!pixels) throw noPixelData();
  if (!pixels.isUndefined && coding === 'native') return countNativeFrames(pixels.end - pixels.start, image);
  if (image.frames > 1 || !pixels.isUndefined) throw new RangeError('frames are found by their fragments');
  return 1;
}

function beginsWithItem(bytes: Uint8Array): boolean {
  return bytes[0] === 0xfe && bytes[1] === 0xff && bytes[2] === 0x00 && bytes[3] === 0xe0;
}

function storeOf(
  { frames, isCut, isTableIgnored }: CompressedFrames,
  coding: PixelCoding,
  image: ImagePixel,
  layout: NativeLayout,
): FrameStore {
  if (frames.length === 0) throw isCut ? truncatedPixelData() : noPixelData();
  const count = Math.min(frames.length, image.frames);
  const warnings: FrameStore['warnings'] = [];
  if (isTableIgnored) warnings.push('offset-table-ignored');
  if (count < image.frames) warnings.push('frames-missing');
  // Pixels in fragments are compressed, whatever the file says of them.
  const [first] = frames[0]!;
  const isNative = coding === 'native' && first!.length * 8 >= nativeFrameBits(image);
  const seen = isNative || coding !== 'native' ? coding : codingOf(first!);
  if (seen !== coding) warnings.push('transfer-syntax-mismatch');
  return {
    count,
    coding: seen,
    locate: index => ({ bytes: joinFragments(frames[index]!), index: 0 }),
    layout,
    warnings,
  };
}

/** By how a stream begins. */
function codingOf(bytes: Uint8Array): PixelCoding {
  if (bytes[0] === 0xff && bytes[1] === 0xd8) return 'jpeg';
  if (bytes[0] === 0xff && bytes[1] === 0x4f) return 'jpeg-2000';
  return 'rle';
}

function findNativeFrames(bytes: Uint8Array, image: ImagePixel, layout: NativeLayout): FrameStore {
  const count = countNativeFrames(bytes.length, image);
  const warnings: FrameStore['warnings'] = [];
  if (count < image.frames) warnings.push('frames-missing');
  // One byte may make the length even.
  else if (bytes.length - Math.ceil((count * nativeFrameBits(image)) / 8) > 1 && !isFloat(image))
    warnings.push('trailing-bytes');
  return { count, coding: 'native', locate: index => ({ bytes, index }), layout, warnings };
}

function countNativeFrames(bytes: number, image: ImagePixel): number {
  const { photometric, columns, samples, frames } = image;
  if (photometric === 'YBR_FULL_422' && columns % 2 === 1) throw unsupportedPhotometric(photometric, samples);
  if (bytes === 0) throw noPixelData();
  const count = Math.min(frames, Math.floor((bytes * 8) / nativeFrameBits(image)));
  if (count === 0) throw truncatedPixelData();
  return count;
}
