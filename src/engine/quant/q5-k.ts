import { halfToFloat } from './half.ts';
import { minimumOfK, scaleOfK } from './k-scales.ts';

const BLOCK_ELEMENTS = 256;
const BLOCK_BYTES = 176;

/**
 * Q5_K: 256 weights in 176 bytes, as 8 sub-blocks of 32.
 *    0  d           f16
 *    2  dmin        f16
 *    4  scales[12]  six-bit scales and minima, see k-scales.ts
 *   16  qh[32]      bit k of byte l is the fifth bit of weight 32k + l
 *   48  qs[128]     low four bits: byte 32i + l: weight 64i + l low, 64i + 32 + l high
 * w = d scale q - dmin minimum
 */
export function dequantizeQ5_K(bytes: Uint8Array, out: Float32Array): void {
  for (let block = 0, o = 0; block < bytes.length; block += BLOCK_BYTES, o += BLOCK_ELEMENTS) {
    const d = halfToFloat(bytes[block]! | (bytes[block + 1]! << 8));
    const dmin = halfToFloat(bytes[block + 2]! | (bytes[block + 3]! << 8));
    const qh = block + 16;
    for (let i = 0; i < 4; i++) {
      const lowScale = d * scaleOfK(bytes, block + 4, 2 * i);
      const lowMinimum = dmin * minimumOfK(bytes, block + 4, 2 * i);
      const highScale = d * scaleOfK(bytes, block + 4, 2 * i + 1);
      const highMinimum = dmin * minimumOfK(bytes, block + 4, 2 * i + 1);
      const qs = block + 48 + 32 * i;
      const low = o + 64 * i;
      for (let l = 0; l < 32; l++) {
        const pair = bytes[qs + l]!;
        const fifth = bytes[qh + l]! >> (2 * i);
        out[low + l] = lowScale * ((pair & 15) | ((fifth & 1) << 4)) - lowMinimum;
        out[low + 32 + l] = highScale * ((pair >> 4) | ((fifth & 2) << 3)) - highMinimum;
      }
    }
  }
}
