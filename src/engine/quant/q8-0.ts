import { refuseUnquantizable } from './finite-weights.ts';
import { floatToHalf, halfToFloat } from './half.ts';

const BLOCK_ELEMENTS = 32;
const BLOCK_BYTES = 34;

/**
 * Q8_0: 32 weights in 34 bytes.
 *   0  d       f16
 *   2  qs[32]  i8
 * w = q d
 */
export function dequantizeQ8_0(bytes: Uint8Array, out: Float32Array): void {
  const signed = new Int8Array(bytes.buffer, bytes.byteOffset, bytes.length);
  for (let block = 0, o = 0; block < bytes.length; block += BLOCK_BYTES, o += BLOCK_ELEMENTS) {
    const d = halfToFloat(bytes[block]! | (bytes[block + 1]! << 8));
    for (let j = 0; j < BLOCK_ELEMENTS; j++) out[o + j] = signed[block + 2 + j]! * d;
  }
}

/**
 * ggml's reference quantiser, bit for bit: every operation rounded to float32; the largest magnitude maps to
 * 127; halves round away from zero.
 * @param values whole blocks of 32 finite weights
 */
export function quantizeQ8_0(values: Float32Array): Uint8Array<ArrayBuffer> {
  refuseUnquantizable('Q8_0', values, BLOCK_ELEMENTS);
  const bits = new Int32Array(values.buffer, values.byteOffset, values.length);
  const bytes = new Uint8Array((values.length / BLOCK_ELEMENTS) * BLOCK_BYTES);
  for (let o = 0, block = 0; o < values.length; o += BLOCK_ELEMENTS, block += BLOCK_BYTES) {
    let largest = 0;
    for (let j = 0; j < BLOCK_ELEMENTS; j++) {
      const magnitude = Math.abs(values[o + j]!);
      if (magnitude > largest) largest = magnitude;
    }
    const d = Math.fround(largest / 127);
    const inverse = d === 0 ? 0 : Math.fround(1 / d);
    const half = floatToHalf(d);
    bytes[block] = half;
    bytes[block + 1] = half >> 8;
    for (let j = 0; j < BLOCK_ELEMENTS; j++) {
      const scaled = Math.fround(values[o + j]! * inverse);
      // All ones for a negative weight: signs are random, and a branch on them would be mispredicted half of the time.
      const sign = bits[o + j]! >> 31;
      bytes[block + 2 + j] = (((Math.abs(scaled) + 0.5) | 0) ^ sign) - sign;
    }
  }
  return bytes;
}
