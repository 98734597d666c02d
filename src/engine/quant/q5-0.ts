import { halfToFloat } from './half.ts';

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
