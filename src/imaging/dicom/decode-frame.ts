import { CodecError, type CodedImage, type WantedImage } from './codecs/codec.ts';
import { decodeJpeg } from './codecs/jpeg/decode-jpeg.ts';
import { decodeJpeg2000 } from './codecs/jpeg-2000/decode-jpeg-2000.ts';
import { decodeJpegLs } from './codecs/jpeg-ls/decode-jpeg-ls.ts';
import { decodeRle } from './codecs/rle.ts';
import type { PixelCoding } from './data-set/transfer-syntaxes.ts';
import type { FrameStore } from './pixels/frame-store.ts';
import { type ImagePixel, isFloat } from './pixels/image-pixel.ts';
import { decodeFloats, decodeNative, toWords } from './pixels/native-pixels.ts';
import { takeStoredBits } from './pixels/stored-bits.ts';
import type { StoredValues } from './pixels/stored-values.ts';
import {
  damagedCompressedData,
  dimensionMismatch,
  unsupportedTransferSyntax,
} from './refusals/dicom-errors.ts';

/** A frame's stored values, and what a codec says of their colours. */
export interface DecodedFrame {
  stored: StoredValues;
  /** What three samples mean where the compressed stream decides it. */
  space?: CodedImage['space'];
  /** The stream's colours are others than the file says. */
  isMismatch?: boolean;
}

type Codec = (stream: Uint8Array, wanted: WantedImage, photometric: string) => CodedImage;

const codecs: Record<Exclude<PixelCoding, 'native' | 'rle'>, Codec> = {
  jpeg: decodeJpeg,
  'jpeg-ls': decodeJpegLs,
  'jpeg-2000': decodeJpeg2000,
};

/** Fails with `damaged-compressed-data`, `dimension-mismatch` or `unsupported-transfer-syntax`. */
export function decodeFrame(store: FrameStore, index: number, image: ImagePixel): DecodedFrame {
  const { bytes, index: within } = store.locate(index);
  if (store.coding === 'native') {
    const decode = isFloat(image) ? decodeFloats : decodeNative;
    return { stored: decode(bytes, within, image, store.layout) };
  }
  try {
    return decodeCompressed(bytes, store.coding, image);
  } catch (error) {
    throw inWords(error, image);
  }
}

function decodeCompressed(
  stream: Uint8Array,
  coding: Exclude<PixelCoding, 'native'>,
  image: ImagePixel,
): DecodedFrame {
  const { rows, columns, samples, bitsAllocated, photometric } = image;
  if (coding === 'rle') {
    if (bitsAllocated < 8) throw new CodecError('unsupported', 'single bits that are run-length encoded');
    const native = decodeRle(stream, rows * columns, samples, bitsAllocated / 8);
    return { stored: takeStoredBits(toWords(native, bitsAllocated, true), image) };
  }
  const { data, bits, space, isMismatch } = codecs[coding](stream, { columns, rows, samples }, photometric);
  // A stream of so few bits holds the values alone, wherever the file says that they would lie in a word.
  const highBit = bits > image.highBit ? image.highBit : image.bitsStored - 1;
  return { stored: takeStoredBits(data, { ...image, highBit }), ...(space && { space, isMismatch }) };
}

function inWords(error: unknown, { rows, columns }: ImagePixel): unknown {
  if (!(error instanceof CodecError)) return error;
  switch (error.kind) {
    case 'damaged':
      return damagedCompressedData(error.message);
    case 'unsupported':
      return unsupportedTransferSyntax(error.message);
    case 'other-size':
      return dimensionMismatch({ rows, columns }, error.found!);
  }
}
