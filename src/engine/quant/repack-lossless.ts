/**
 * Block formats without a kernel of their own become a wider format that holds exactly the same weights.
 * Layouts of the sources: see the format's own file here. Targets: shaders/linear/formats.
 */
import { halfToFloat } from './half.ts';
import { iq4Levels } from './iq4-nl.ts';
import { minimumOfK, scaleOfK } from './k-scales.ts';
import { planeWords, words16, words32 } from './repack.ts';

/** Signed view of a plane's bytes. */
function signed(plane: Uint8Array): Int8Array {
  return new Int8Array(plane.buffer, plane.byteOffset, plane.byteLength);
}

function floats(plane: Uint8Array): Float32Array {
  return new Float32Array(plane.buffer, plane.byteOffset, plane.byteLength >> 2);
}

function halfAt(bytes: Uint8Array, at: number): number {
  return halfToFloat(bytes[at]! | (bytes[at + 1]! << 8));
}

const lowNibbles = 0x0f0f0f0f;
const lowBits = 0x01010101;

/** Bits `first` to `first + 3` of `bits`, as the lowest bit of four bytes. */
function bitsToBytes(bits: number, first: number): number {
  return (((bits >>> first) & 15) * 0x00204081) & lowBits;
}

/** Two 16-bit words as one of 32 bits. */
function pairAt(words: Uint16Array, at: number): number {
  return words[at]! | (words[at + 1]! << 16);
}

/**
 * The 32 nibbles of 16 bytes in weight order, four weights a word: low ones first, then high ones; bit j of `high` on top
 * of weight j.
 */
function spreadNibbles(source: Uint16Array, at: number, out: Uint32Array, first: number, high: number): void {
  for (let i = 0; i < 4; i++) {
    const nibbles = pairAt(source, at + 2 * i);
    out[first + i] = (nibbles & lowNibbles) | (bitsToBytes(high, 4 * i) << 4);
    out[first + 4 + i] = ((nibbles >>> 4) & lowNibbles) | (bitsToBytes(high, 16 + 4 * i) << 4);
  }
}

/** q - 16 has 5 bits and a sign; d stays. */
export function repackQ50AsQ80(
  source: Uint8Array,
  rows: number,
  columns: number,
  planes: Uint8Array[],
): void {
  const from = words16(source);
  const quants = planeWords(planes[0]!);
  const scales = words16(planes[1]!);
  const blocks = (rows * columns) / 32;
  for (let block = 0; block < blocks; block++) {
    const at = block * 11;
    const q = block * 8;
    scales[block] = from[at]!;
    // Where the fifth bit is unset, q - 16 is negative: its upper half is all ones.
    const negative = ~pairAt(from, at + 1);
    for (let i = 0; i < 4; i++) {
      const nibbles = pairAt(from, at + 3 + 2 * i);
      quants[q + i] = (nibbles & lowNibbles) | (bitsToBytes(negative, 4 * i) * 0xf0);
      quants[q + 4 + i] = ((nibbles >>> 4) & lowNibbles) | (bitsToBytes(negative, 16 + 4 * i) * 0xf0);
    }
  }
}

function spreadLevels(source: Uint8Array, at: number, out: Int8Array, first: number): void {
  for (let j = 0; j < 16; j++) {
    const byte = source[at + j]!;
    out[first + j] = iq4Levels[byte & 15]!;
    out[first + 16 + j] = iq4Levels[byte >> 4]!;
  }
}

/** The sixteen levels of IQ4_NL are signed bytes. */
export function repackIq4NlAsQ80(
  source: Uint8Array,
  rows: number,
  columns: number,
  planes: Uint8Array[],
): void {
  const quants = signed(planes[0]!);
  const scales = words16(planes[1]!);
  const blocks = (rows * columns) / 32;
  for (let block = 0; block < blocks; block++) {
    const at = block * 18;
    scales[block] = source[at]! | (source[at + 1]! << 8);
    spreadLevels(source, at + 2, quants, block * 32);
  }
}

export function repackQ41AsAffine8(
  source: Uint8Array,
  rows: number,
  columns: number,
  planes: Uint8Array[],
): void {
  const from = words16(source);
  const quants = planeWords(planes[0]!);
  const affine = floats(planes[1]!);
  const blocks = (rows * columns) / 32;
  for (let block = 0; block < blocks; block++) {
    const at = block * 10;
    affine[2 * block] = halfToFloat(from[at]!);
    affine[2 * block + 1] = halfToFloat(from[at + 1]!);
    spreadNibbles(from, at + 2, quants, block * 8, 0);
  }
}

export function repackQ51AsAffine8(
  source: Uint8Array,
  rows: number,
  columns: number,
  planes: Uint8Array[],
): void {
  const from = words16(source);
  const quants = planeWords(planes[0]!);
  const affine = floats(planes[1]!);
  const blocks = (rows * columns) / 32;
  for (let block = 0; block < blocks; block++) {
    const at = block * 12;
    affine[2 * block] = halfToFloat(from[at]!);
    affine[2 * block + 1] = halfToFloat(from[at + 1]!);
    spreadNibbles(from, at + 4, quants, block * 8, pairAt(from, at + 2));
  }
}

/** Groups of 16: scale d * (low nibble), offset -dmin * (high nibble) of the group's scale byte. */
export function repackQ2KAsAffine8(
  source: Uint8Array,
  rows: number,
  columns: number,
  planes: Uint8Array[],
): void {
  const quants = planes[0]!;
  const affine = floats(planes[1]!);
  const blocks = (rows * columns) / 256;
  for (let block = 0; block < blocks; block++) {
    const at = block * 84;
    const d = halfAt(source, at + 80);
    const dmin = halfAt(source, at + 82);
    for (let group = 0; group < 16; group++) {
      const packed = source[at + group]!;
      affine[2 * (block * 16 + group)] = d * (packed & 15);
      affine[2 * (block * 16 + group) + 1] = -dmin * (packed >> 4);
      const n = group >> 3;
      const j = (group >> 1) & 3;
      const s = group & 1;
      for (let l = 0; l < 16; l++) {
        quants[block * 256 + group * 16 + l] = (source[at + 16 + 32 * n + 16 * s + l]! >> (2 * j)) & 3;
      }
    }
  }
}

/** Groups of 32: scale d * s, offset -dmin * m with the 6-bit pairs of Q4_K and Q5_K. */
export function repackQ5KAsAffine8(
  source: Uint8Array,
  rows: number,
  columns: number,
  planes: Uint8Array[],
): void {
  const from = words32(source);
  const quants = planeWords(planes[0]!);
  const affine = floats(planes[1]!);
  const blocks = (rows * columns) / 256;
  for (let block = 0; block < blocks; block++) {
    const at = block * 176;
    const d = halfAt(source, at);
    const dmin = halfAt(source, at + 2);
    const packed = at + 4;
    const high = at / 4 + 4;
    const low = at / 4 + 12;
    for (let k = 0; k < 8; k++) {
      affine[2 * (block * 8 + k)] = d * scaleOfK(source, packed, k);
      affine[2 * (block * 8 + k) + 1] = -dmin * minimumOfK(source, packed, k);
      const q = block * 64 + 8 * k;
      const nibbles = low + 8 * (k >> 1);
      const shift = 4 * (k & 1);
      for (let i = 0; i < 8; i++) {
        quants[q + i] =
          ((from[nibbles + i]! >>> shift) & lowNibbles) | (((from[high + i]! >>> k) & lowBits) << 4);
      }
    }
  }
}

export function repackIq4XsAsAffine8(
  source: Uint8Array,
  rows: number,
  columns: number,
  planes: Uint8Array[],
): void {
  const quants = signed(planes[0]!);
  const affine = floats(planes[1]!);
  const blocks = (rows * columns) / 256;
  for (let block = 0; block < blocks; block++) {
    const at = block * 136;
    const d = halfAt(source, at);
    const high = source[at + 2]! | (source[at + 3]! << 8);
    for (let k = 0; k < 8; k++) {
      const scale = ((source[at + 4 + (k >> 1)]! >> (4 * (k & 1))) & 15) | (((high >> (2 * k)) & 3) << 4);
      affine[2 * (block * 8 + k)] = d * (scale - 32);
      spreadLevels(source, at + 8 + 16 * k, quants, block * 256 + 32 * k);
    }
  }
}

/** q - 4 * (bit unset) lies in -4..3, so q + 32 fits Q6_K's six bits; the scales become its signed bytes. */
export function repackQ3KAsQ6K(
  source: Uint8Array,
  rows: number,
  columns: number,
  planes: Uint8Array[],
): void {
  const [low, high, subScales] = planes as [Uint8Array, Uint8Array, Uint8Array, Uint8Array];
  const scales = words16(planes[3]!);
  const blocks = (rows * columns) / 256;
  for (let block = 0; block < blocks; block++) {
    const at = block * 110;
    scales[block] = source[at + 108]! | (source[at + 109]! << 8);
    for (let group = 0; group < 16; group++) {
      const lowByte = source[at + 96 + (group & 7)]!;
      const lowBits = group < 8 ? lowByte & 15 : lowByte >> 4;
      const highBits = (source[at + 104 + (group & 3)]! >> (2 * (group >> 2))) & 3;
      subScales[block * 16 + group] = (lowBits | (highBits << 4)) - 32;
      const n = group >> 3;
      const j = (group >> 1) & 3;
      const s = group & 1;
      for (let l = 0; l < 16; l++) {
        const bits = (source[at + 32 + 32 * n + 16 * s + l]! >> (2 * j)) & 3;
        const whole = (source[at + 16 * s + l]! >> (4 * n + j)) & 1;
        const q = bits - (whole ? 0 : 4) + 32;
        low[block * 128 + 64 * n + 32 * (j & 1) + 16 * s + l]! |= (q & 15) << (4 * (j >> 1));
        high[block * 64 + 32 * n + 16 * s + l]! |= (q >> 4) << (2 * j);
      }
    }
  }
}
