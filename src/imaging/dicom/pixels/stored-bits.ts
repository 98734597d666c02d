import type { ImagePixel } from './image-pixel.ts';
import type { StoredValues } from './stored-values.ts';

/** Where a value lies in its word. */
export type BitLayout = Pick<ImagePixel, 'bitsStored' | 'highBit' | 'isSigned'>;

/**
 * Takes `bitsStored` bits ending at `highBit` out of each word, and drops all others; the sign is that of the highest bit that is
 * taken (PS3.5, 8.1.1).
 */
export function takeStoredBits(
  words: Uint8Array | Uint16Array | Int16Array | Uint32Array | Int32Array,
  { bitsStored, highBit, isSigned }: BitLayout,
): StoredValues {
  const wordBits = words.BYTES_PER_ELEMENT * 8;
  if (bitsStored === wordBits) return isSigned ? asSigned(words) : asUnsigned(words);
  const up = 31 - highBit;
  const down = 32 - bitsStored;
  const values = allocate(words.length, bitsStored, isSigned);
  if (isSigned) for (let i = 0; i < words.length; i++) values[i] = (words[i]! << up) >> down;
  else for (let i = 0; i < words.length; i++) values[i] = (words[i]! << up) >>> down;
  return values;
}

function allocate(length: number, bits: number, isSigned: boolean): StoredValues {
  if (bits <= 8) return isSigned ? new Int8Array(length) : new Uint8Array(length);
  if (bits <= 16) return isSigned ? new Int16Array(length) : new Uint16Array(length);
  return isSigned ? new Int32Array(length) : new Uint32Array(length);
}

type Words = Parameters<typeof takeStoredBits>[0];

function asSigned({ buffer, byteOffset, length, BYTES_PER_ELEMENT }: Words): StoredValues {
  const Signed = BYTES_PER_ELEMENT === 1 ? Int8Array : BYTES_PER_ELEMENT === 2 ? Int16Array : Int32Array;
  return new Signed(buffer as ArrayBuffer, byteOffset, length);
}

function asUnsigned({ buffer, byteOffset, length, BYTES_PER_ELEMENT }: Words): StoredValues {
  const Unsigned = BYTES_PER_ELEMENT === 1 ? Uint8Array : BYTES_PER_ELEMENT === 2 ? Uint16Array : Uint32Array;
  return new Unsigned(buffer as ArrayBuffer, byteOffset, length);
}
