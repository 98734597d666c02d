import { halfToFloat } from './half.ts';

const BLOCK_ELEMENTS = 32;
const BLOCK_BYTES = 20;

/**
 * Q4_1: 32 weights in 20 bytes.
 *   0  d       f16
 *   2  m       f16
 *   4  qs[16]  weight j in the low nibble of byte j, weight j + 16 in the high one
 * w = q d + m
 */
export function dequantizeQ4_1(bytes: Uint8Array, out: Float32Array): void {
  for (let block = 0, o = 0; block < bytes.length; block += BLOCK_BYTES, o += BLOCK_ELEMENTS) {
    const d = halfToFloat(bytes[block]! | (bytes[block + 1]! << 8));
    const m = halfToFloat(bytes[block + 2]! | (bytes[block + 3]! << 8));
    for (let j = 0; j < 16; j++) {
      const pair = bytes[block + 4 + j]!;
      out[o + j] = (pair & 15) * d + m;
      out[o + 16 + j] = (pair >> 4) * d + m;
    }
  }
}
