/**
 * Block formats without a kernel of their own become a wider format that holds exactly the same weights.
 * Layouts of the sources: see the format's own file here. Targets: shaders/linear/formats.
 */
import { halfToFloat } from './half.ts';
import { iq4Levels } from './iq4-nl.ts';
import { minimumOfK, scaleOfK } from './k-scales.ts';
import { words16 } from './repack.ts';

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

function word32At(bytes: Uint8Array, at: number): number {
  return (bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24)) >>> 0;
}

/** The 32 nibbles of 16 bytes in weight order: low ones first, then high ones; bit j of `high` on top of weight j. */
function spreadNibbles(
  source: Uint8Array,
  at: number,
  out: Uint8Array | Int8Array,
  first: number,
  high = 0,
  subtract = 0,
): void {
  for (let j = 0; j < 16; j++) {
    const byte = source[at + j]!;
    out[first + j] = ((byte & 15) | (((high >>> j) & 1) << 4)) - subtract;
    out[first + 16 + j] = ((byte >> 4) | (((high >>> (j + 16)) & 1) << 4)) - subtract;
  }
}

/** q - 16 has 5 bits and a sign; d stays. */
export function repackQ50AsQ80(
  source: Uint8Array,
  rows: number,
  columns: number,
  planes: Uint8Array[],
): void {
  const quants = signed(planes[0]!);
  const scales = words16(planes[1]!);
  const blocks = (rows * columns) / 32;
  for (let block = 0; block < blocks; block++) {
    const at = block * 22;
    scales[block] = source[at]! | (source[at + 1]! << 8);
    spreadNibbles(source, at + 6, quants, block * 32, word32At(source, at + 2), 16);
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
  const quants = planes[0]!;
  const affine = floats(planes[1]!);
  const blocks = (rows * columns) / 32;
  for (let block = 0; block < blocks; block++) {
    const at = block * 20;
    affine[2 * block] = halfAt(source, at);
    affine[2 * block + 1] = halfAt(source, at + 2);
    spreadNibbles(source, at + 4, quants, block * 32);
  }
}

export function repackQ51AsAffine8(
  source: Uint8Array,
  rows: number,
  columns: number,
  planes: Uint8Array[],
): void {
  const quants = planes[0]!;
  const affine = floats(planes[1]!);
  const blocks = (rows * columns) / 32;
  for (let block = 0; block < blocks; block++) {
    const at = block * 24;
    affine[2 * block] = halfAt(source, at);
    affine[2 * block + 1] = halfAt(source, at + 2);
    spreadNibbles(source, at + 8, quants, block * 32, word32At(source, at + 4));
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
  const quants = planes[0]!;
  const affine = floats(planes[1]!);
  const blocks = (rows * columns) / 256;
  for (let block = 0; block < blocks; block++) {
    const at = block * 176;
    const d = halfAt(source, at);
    const dmin = halfAt(source, at + 2);
    const packed = at + 4;
    for (let k = 0; k < 8; k++) {
      affine[2 * (block * 8 + k)] = d * scaleOfK(source, packed, k);
      affine[2 * (block * 8 + k) + 1] = -dmin * minimumOfK(source, packed, k);
      for (let l = 0; l < 32; l++) {
        const byte = source[at + 48 + 32 * (k >> 1) + l]!;
        const nibble = k & 1 ? byte >> 4 : byte & 15;
        quants[block * 256 + 32 * k + l] = nibble | (((source[at + 16 + l]! >> k) & 1) << 4);
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
