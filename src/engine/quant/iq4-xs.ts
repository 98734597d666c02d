import { halfToFloat } from './half.ts';
import { iq4Levels } from './iq4-nl.ts';

const BLOCK_ELEMENTS = 256;
const BLOCK_BYTES = 136;

/**
 * IQ4_XS: 256 weights in 136 bytes, as 8 sub-blocks of 32.
 *   0  d            f16
 *   2  scales_h     u16: bits 2k hold the upper two bits of scale k
 *   4  scales_l[4]  low nibbles: sub-block 2i in the low nibble of byte i, 2i + 1 in the high one
 *   8  qs[128]      byte 16k + j: weight 32k + j in the low nibble, 32k + 16 + j in the high one
 * w = d (scale - 32) level[q]
 */
export function dequantizeIQ4_XS(bytes: Uint8Array, out: Float32Array): void {
  for (let block = 0, o = 0; block < bytes.length; block += BLOCK_BYTES, o += BLOCK_ELEMENTS) {
    const d = halfToFloat(bytes[block]! | (bytes[block + 1]! << 8));
    const high = bytes[block + 2]! | (bytes[block + 3]! << 8);
    for (let k = 0; k < 8; k++) {
      const low = (bytes[block + 4 + (k >> 1)]! >> ((k & 1) * 4)) & 15;
      const scale = d * ((low | (((high >> (2 * k)) & 3) << 4)) - 32);
      const qs = block + 8 + 16 * k;
      const first = o + 32 * k;
      for (let j = 0; j < 16; j++) {
        const pair = bytes[qs + j]!;
        out[first + j] = scale * iq4Levels[pair & 15]!;
        out[first + 16 + j] = scale * iq4Levels[pair >> 4]!;
      }
    }
  }
}
