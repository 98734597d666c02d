import { refuseUnquantizable } from './finite-weights.ts';
import { floatToHalf, halfToFloat } from './half.ts';

const BLOCK_ELEMENTS = 32;
const BLOCK_BYTES = 18;

/**
 * Q4_0: 32 weights in 18 bytes.
 *   0  d       f16
 *   2  qs[16]  weight j in the low nibble of byte j, weight j + 16 in the high one
 * w = (q - 8) d
 */
export function dequantizeQ4_0(bytes: Uint8Array, out: Float32Array): void {
  for (let block = 0, o = 0; block < bytes.length; block += BLOCK_BYTES, o += BLOCK_ELEMENTS) {
    const d = halfToFloat(bytes[block]! | (bytes[block + 1]! << 8));
    for (let j = 0; j < 16; j++) {
      const pair = bytes[block + 2 + j]!;
      out[o + j] = ((pair & 15) - 8) * d;
      out[o + 16 + j] = ((pair >> 4) - 8) * d;
    }
  }
}

/**
 * ggml's reference quantiser, bit for bit: every operation rounded to float32, product and sum apart (no fused
 * multiply-add). The weight of largest magnitude (the first of equals) maps to -8, so the scale takes its sign.
 * @param values whole blocks of 32 finite weights
 */
export function quantizeQ4_0(values: Float32Array): Uint8Array<ArrayBuffer> {
  refuseUnquantizable('Q4_0', values, BLOCK_ELEMENTS);
  const bytes = new Uint8Array((values.length / BLOCK_ELEMENTS) * BLOCK_BYTES);
  for (let o = 0, block = 0; o < values.length; o += BLOCK_ELEMENTS, block += BLOCK_BYTES) {
    let extreme = 0;
    let largest = 0;
    for (let j = 0; j < BLOCK_ELEMENTS; j++) {
      const value = values[o + j]!;
      const magnitude = Math.abs(value);
      if (magnitude > largest) {
        largest = magnitude;
        extreme = value;
      }
    }
    const d = Math.fround(extreme / -8);
    const inverse = d === 0 ? 0 : Math.fround(1 / d);
    const half = floatToHalf(d);
    bytes[block] = half;
    bytes[block + 1] = half >> 8;
    for (let j = 0; j < 16; j++) {
      const low = toNibble(values[o + j]!, inverse);
      const high = toNibble(values[o + 16 + j]!, inverse);
      bytes[block + 2 + j] = low | (high << 4);
    }
  }
  return bytes;
}

/** Of numbers up to 16.5; a scale too small to invert gives infinities here, of which only the positive one is 15. */
function toNibble(value: number, inverse: number): number {
  const shifted = Math.fround(Math.fround(value * inverse) + 8.5);
  return shifted >= 15 ? 15 : shifted | 0;
}
