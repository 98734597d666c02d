import { refuseUnquantizable } from './finite-weights.ts';
import { floatToHalf, halfToFloat } from './half.ts';

const BLOCK_ELEMENTS = 32;
const BLOCK_BYTES = 22;

/**
 * Q5_0: 32 weights in 22 bytes.
 *   0  d       f16
 *   2  qh      u32: bit j is the fifth bit of weight j
 *   6  qs[16]  low four bits: weight j in the low nibble of byte j, weight j + 16 in the high one
 * w = (q - 16) d
 */
export function dequantizeQ5_0(bytes: Uint8Array, out: Float32Array): void {
  for (let block = 0, o = 0; block < bytes.length; block += BLOCK_BYTES, o += BLOCK_ELEMENTS) {
    const d = halfToFloat(bytes[block]! | (bytes[block + 1]! << 8));
    const highLow = bytes[block + 2]! | (bytes[block + 3]! << 8); // fifth bits of weights 0..15
    const highHigh = bytes[block + 4]! | (bytes[block + 5]! << 8); // and of 16..31
    for (let j = 0; j < 16; j++) {
      const pair = bytes[block + 6 + j]!;
      out[o + j] = (((pair & 15) | (((highLow >> j) & 1) << 4)) - 16) * d;
      out[o + 16 + j] = (((pair >> 4) | (((highHigh >> j) & 1) << 4)) - 16) * d;
    }
  }
}

/**
 * ggml's reference quantiser, bit for bit: the weight of largest magnitude (the first of equals) maps to -16.
 * @param values whole blocks of 32 finite weights
 */
export function quantizeQ5_0(values: Float32Array): Uint8Array<ArrayBuffer> {
  refuseUnquantizable('Q5_0', values, BLOCK_ELEMENTS);
  const bytes = new Uint8Array((values.length / BLOCK_ELEMENTS) * BLOCK_BYTES);
  for (let o = 0, block = 0; o < values.length; o += BLOCK_ELEMENTS, block += BLOCK_BYTES) {
    let extreme = 0;
    for (let j = 0; j < BLOCK_ELEMENTS; j++) {
      if (Math.abs(values[o + j]!) > Math.abs(extreme)) extreme = values[o + j]!;
    }
    const d = Math.fround(extreme / -16);
    const inverse = d === 0 ? 0 : Math.fround(1 / d);
    const half = floatToHalf(d);
    bytes[block] = half;
    bytes[block + 1] = half >> 8;
    for (let j = 0; j < 16; j++) {
      const low = toFiveBits(values[o + j]!, inverse);
      const high = toFiveBits(values[o + 16 + j]!, inverse);
      bytes[block + 6 + j] = (low & 15) | ((high & 15) << 4);
      bytes[block + 2 + (j >> 3)]! |= (low >> 4) << (j & 7);
      bytes[block + 4 + (j >> 3)]! |= (high >> 4) << (j & 7);
    }
  }
  return bytes;
}

/** Of numbers up to 32.5. */
function toFiveBits(value: number, inverse: number): number {
  return Math.min(31, Math.fround(Math.fround(value * inverse) + 16.5) | 0);
}
