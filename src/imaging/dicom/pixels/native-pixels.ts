import type { ImagePixel } from './image-pixel.ts';
import { takeStoredBits } from './stored-bits.ts';
import type { StoredValues } from './stored-values.ts';

/** How native pixels are written: the order of bytes, and whether 8-bit pixels are swapped in pairs, as words of bytes are. */
export interface NativeLayout {
  isLittle: boolean;
  isSwappedPairs: boolean;
}

/** Bits of a native frame (PS3.5, 8.1; PS3.3, C.7.6.3.1.2 of chroma that is half as dense). */
export function nativeFrameBits({ rows, columns, samples, bitsAllocated, photometric }: ImagePixel): number {
  return photometric === 'YBR_FULL_422' ? rows * columns * 16 : rows * columns * samples * bitsAllocated;
}

/** Frame `index` of all native pixels, which follow one another without padding. A pixel's samples lie beside one another in what is given back. */
export function decodeNative(
  pixels: Uint8Array,
  index: number,
  image: ImagePixel,
  layout: NativeLayout,
): StoredValues {
  const { rows, columns, samples, bitsAllocated, photometric, planarConfiguration } = image;
  const count = rows * columns * samples;
  if (bitsAllocated === 1) return unpackBits(pixels, index * count, count, image.isSigned);
  const frameBytes = nativeFrameBits(image) / 8;
  const bytes = takeBytes(pixels, index * frameBytes, frameBytes, layout.isSwappedPairs);
  if (photometric === 'YBR_FULL_422') return takeStoredBits(repeatChroma(bytes), image);
  const words = toWords(bytes, bitsAllocated, layout.isLittle);
  const stored = takeStoredBits(words, image);
  return samples === 3 && planarConfiguration === 1 ? interleave(stored, rows * columns) : stored;
}

/** Floating point numbers of 32 or 64 bits (PS3.3, C.7.6.24 and 25). */
export function decodeFloats(
  pixels: Uint8Array,
  index: number,
  { rows, columns, bitsAllocated }: ImagePixel,
  { isLittle }: NativeLayout,
): Float32Array | Float64Array {
  const frameBytes = (rows * columns * bitsAllocated) / 8;
  const bytes = pixels.slice(index * frameBytes, (index + 1) * frameBytes);
  if (!isLittle) swapBytes(bytes, bitsAllocated / 8);
  return bitsAllocated === 32 ? new Float32Array(bytes.buffer) : new Float64Array(bytes.buffer);
}

/** A copy, so that it is aligned and changes nothing of the file. */
function takeBytes(
  pixels: Uint8Array,
  start: number,
  length: number,
  isSwappedPairs: boolean,
): Uint8Array<ArrayBuffer> {
  if (!isSwappedPairs) return pixels.slice(start, start + length);
  const bytes = new Uint8Array(length);
  // The pairs are those of all pixels: a frame with an odd number of bytes begins in the middle of one.
  for (let i = 0; i < length; i++) bytes[i] = pixels[(start + i) ^ 1] ?? 0;
  return bytes;
}

export function toWords(
  bytes: Uint8Array<ArrayBuffer>,
  bits: number,
  isLittle: boolean,
): Uint8Array | Uint16Array | Uint32Array {
  if (bits === 8) return bytes;
  if (!isLittle) swapBytes(bytes, bits / 8);
  return bits === 16 ? new Uint16Array(bytes.buffer) : new Uint32Array(bytes.buffer);
}

function swapBytes(bytes: Uint8Array<ArrayBuffer>, size: number): void {
  if (size === 2) {
    const words = new Uint16Array(bytes.buffer);
    for (let i = 0; i < words.length; i++) words[i] = (words[i]! << 8) | (words[i]! >> 8);
  } else for (let at = 0; at + size <= bytes.length; at += size) bytes.subarray(at, at + size).reverse();
}

/** The least significant bit of a byte first. A signed bit is 0 or -1. */
function unpackBits(pixels: Uint8Array, first: number, count: number, isSigned: boolean): StoredValues {
  const values = isSigned ? new Int8Array(count) : new Uint8Array(count);
  const one = isSigned ? -1 : 1;
  for (let i = 0; i < count; i++) {
    const bit = first + i;
    if ((pixels[bit >>> 3]! >>> (bit & 7)) & 1) values[i] = one;
  }
  return values;
}

/** Y Y Cb Cr for two pixels of a row to Y Cb Cr for each. */
function repeatChroma(bytes: Uint8Array): Uint8Array {
  const out = new Uint8Array((bytes.length / 2) * 3);
  for (let from = 0, to = 0; from < bytes.length; from += 4, to += 6) {
    out[to] = bytes[from]!;
    out[to + 3] = bytes[from + 1]!;
    out[to + 1] = out[to + 4] = bytes[from + 2]!;
    out[to + 2] = out[to + 5] = bytes[from + 3]!;
  }
  return out;
}

/** Three planes to three samples a pixel. */
function interleave(planes: StoredValues, pixels: number): StoredValues {
  const out = planes.slice();
  for (let sample = 0; sample < 3; sample++) {
    const plane = sample * pixels;
    for (let i = 0; i < pixels; i++) out[i * 3 + sample] = planes[plane + i]!;
  }
  return out;
}
