import { halfToFloat } from './half.ts';

const BLOCK_ELEMENTS = 32;
const BLOCK_BYTES = 18;

/** The sixteen levels of IQ4_NL and IQ4_XS: finer near zero, where weights are dense. */
export const iq4Levels = Int8Array.of(
  -127,
  -104,
  -83,
  -65,
  -49,
  -35,
  -22,
  -10,
  1,
  13,
  25,
  38,
  53,
  69,
  89,
  113,
);

/**
 * IQ4_NL: 32 weights in 18 bytes.
 *   0  d       f16
 *   2  qs[16]  weight j in the low nibble of byte j, weight j + 16 in the high one
 * w = d level[q]
 */
export function dequantizeIQ4_NL(bytes: Uint8Array, out: Float32Array): void {
  for (let block = 0, o = 0; block < bytes.length; block += BLOCK_BYTES, o += BLOCK_ELEMENTS) {
    const d = halfToFloat(bytes[block]! | (bytes[block + 1]! << 8));
    for (let j = 0; j < 16; j++) {
      const pair = bytes[block + 2 + j]!;
      out[o + j] = d * iq4Levels[pair & 15]!;
      out[o + 16 + j] = d * iq4Levels[pair >> 4]!;
    }
  }
}
