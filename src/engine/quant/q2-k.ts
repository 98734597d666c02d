import { halfToFloat } from './half.ts';

const BLOCK_ELEMENTS = 256;
const BLOCK_BYTES = 84;

/**
 * Q2_K: 256 weights in 84 bytes, as 16 sub-blocks of 16.
 *    0  scales[16]  sub-block k: scale in the low nibble, minimum in the high one
 *   16  qs[64]      two-bit weights: byte 32n + 16s + l holds weight 128n + 32j + 16s + l at bits 2j
 *   80  d           f16
 *   82  dmin        f16
 * w = d scale q - dmin minimum, where sub-block k = 8n + 2j + s
 */
export function dequantizeQ2_K(bytes: Uint8Array, out: Float32Array): void {
  for (let block = 0, o = 0; block < bytes.length; block += BLOCK_BYTES, o += BLOCK_ELEMENTS) {
    const d = halfToFloat(bytes[block + 80]! | (bytes[block + 81]! << 8));
    const dmin = halfToFloat(bytes[block + 82]! | (bytes[block + 83]! << 8));
    for (let k = 0; k < 16; k++) {
      const scales = bytes[block + k]!;
      const scale = d * (scales & 15);
      const minimum = dmin * (scales >> 4);
      const qs = block + 16 + (k >> 3) * 32 + (k & 1) * 16;
      const shift = k & 6;
      for (let l = 0; l < 16; l++) {
        out[o + k * 16 + l] = scale * ((bytes[qs + l]! >> shift) & 3) - minimum;
      }
    }
  }
}
