import { refuseUnquantizable } from './finite-weights.ts';
import { floatToHalf, halfToFloat } from './half.ts';

const BLOCK_ELEMENTS = 32;
const BLOCK_BYTES = 24;

/**
 * Q5_1: 32 weights in 24 bytes.
 *   0  d       f16
 *   2  m       f16
 *   4  qh      u32: bit j is the fifth bit of weight j
 *   8  qs[16]  low four bits: weight j in the low nibble of byte j, weight j + 16 in the high one
 * w = q d + m
 */
export function dequantizeQ5_1(bytes: Uint8Array, out: Float32Array): void {
  for (let block = 0, o = 0; block < bytes.length; block += BLOCK_BYTES, o += BLOCK_ELEMENTS) {
    const d = halfToFloat(bytes[block]! | (bytes[block + 1]! << 8));
    const m = halfToFloat(bytes[block + 2]! | (bytes[block + 3]! << 8));
    const highLow = bytes[block + 4]! | (bytes[block + 5]! << 8); // fifth bits of weights 0..15
    const highHigh = bytes[block + 6]! | (bytes[block + 7]! << 8); // and of 16..31
    for (let j = 0; j < 16; j++) {
      const pair = bytes[block + 8 + j]!;
      out[o + j] = ((pair & 15) | (((highLow >> j) & 1) << 4)) * d + m;
      out[o + 16 + j] = ((pair >> 4) | (((highHigh >> j) & 1) << 4)) * d + m;
    }
  }
}

/** The minimum is stored as it is. */
const LARGEST_WEIGHT = 65504;

/**
 * ggml's reference quantiser, bit for bit: the smallest weight maps to 0, the largest to 31.
 * @param values whole blocks of 32 finite weights
 */
export function quantizeQ5_1(values: Float32Array): Uint8Array<ArrayBuffer> {
  refuseUnquantizable('Q5_1', values, BLOCK_ELEMENTS, LARGEST_WEIGHT);
  const bytes = new Uint8Array((values.length / BLOCK_ELEMENTS) * BLOCK_BYTES);
  for (let o = 0, block = 0; o < values.length; o += BLOCK_ELEMENTS, block += BLOCK_BYTES) {
    let lowest = values[o]!;
    let highest = lowest;
    for (let j = 1; j < BLOCK_ELEMENTS; j++) {
      if (values[o + j]! < lowest) lowest = values[o + j]!;
      if (values[o + j]! > highest) highest = values[o + j]!;
    }
    const d = Math.fround(Math.fround(highest - lowest) / 31);
    const inverse = d === 0 ? 0 : Math.fround(1 / d);
    const half = floatToHalf(d);
    const minimum = floatToHalf(lowest);
    bytes[block] = half;
    bytes[block + 1] = half >> 8;
    bytes[block + 2] = minimum;
    bytes[block + 3] = minimum >> 8;
    for (let j = 0; j < 16; j++) {
      const low = toFiveBits(Math.fround(values[o + j]! - lowest), inverse);
      const high = toFiveBits(Math.fround(values[o + 16 + j]! - lowest), inverse);
      bytes[block + 8 + j] = (low & 15) | ((high & 15) << 4);
      bytes[block + 4 + (j >> 3)]! |= (low >> 4) << (j & 7);
      bytes[block + 6 + (j >> 3)]! |= (high >> 4) << (j & 7);
    }
  }
  return bytes;
}

/** Of numbers up to 31.5; of the infinities that a range too small to invert gives, 0. */
function toFiveBits(above: number, inverse: number): number {
  return (Math.fround(Math.fround(above * inverse) + 0.5) | 0) & 31;
}
