import { halfToFloat } from './half.ts';

const BLOCK_ELEMENTS = 256;
const BLOCK_BYTES = 110;

/**
 * Q3_K: 256 weights in 110 bytes, as 16 sub-blocks of 16.
 *     0  hmask[32]   third bits: bit 4n + j of byte 16s + l belongs to weight 128n + 32j + 16s + l
 *    32  qs[64]      low two bits: byte 32n + 16s + l at bits 2j
 *    96  scales[12]  six-bit scales less 32: low nibbles in bytes 0..7, upper two bits in bytes 8..11
 *   108  d           f16
 * w = d (scale - 32) (q - 4), where sub-block k = 8n + 2j + s and q has three bits
 */
export function dequantizeQ3_K(bytes: Uint8Array, out: Float32Array): void {
  for (let block = 0, o = 0; block < bytes.length; block += BLOCK_BYTES, o += BLOCK_ELEMENTS) {
    const d = halfToFloat(bytes[block + 108]! | (bytes[block + 109]! << 8));
    const scales = block + 96;
    for (let k = 0; k < 16; k++) {
      const low = (bytes[scales + (k & 7)]! >> (k < 8 ? 0 : 4)) & 15;
      const high = (bytes[scales + 8 + (k & 3)]! >> ((k >> 2) * 2)) & 3;
      const scale = d * ((low | (high << 4)) - 32);
      const half = k >> 3;
      const shift = k & 6;
      const third = 1 << (half * 4 + (shift >> 1));
      const hmask = block + (k & 1) * 16;
      const qs = block + 32 + half * 32 + (k & 1) * 16;
      for (let l = 0; l < 16; l++) {
        const q = ((bytes[qs + l]! >> shift) & 3) - ((bytes[hmask + l]! & third) === 0 ? 4 : 0);
        out[o + k * 16 + l] = scale * q;
      }
    }
  }
}
