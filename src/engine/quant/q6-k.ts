import { halfToFloat } from './half.ts';

const BLOCK_ELEMENTS = 256;
const BLOCK_BYTES = 210;

/**
 * Q6_K: 256 weights in 210 bytes, as 16 sub-blocks of 16. Each half n of the block holds four runs of 32.
 *     0  ql[128]     low four bits: byte 64n + 32p + l: run p in the low nibble, run p + 2 in the high one
 *   128  qh[64]      upper two bits: byte 32n + l, run r at bits 2r
 *   192  scales[16]  i8, sub-block 8n + 2r + floor(l / 16)
 *   208  d           f16
 * w = d scale (q - 32), for weight 128n + 32r + l
 */
export function dequantizeQ6_K(bytes: Uint8Array, out: Float32Array): void {
  const signed = new Int8Array(bytes.buffer, bytes.byteOffset, bytes.length);
  for (let block = 0, o = 0; block < bytes.length; block += BLOCK_BYTES, o += BLOCK_ELEMENTS) {
    const d = halfToFloat(bytes[block + 208]! | (bytes[block + 209]! << 8));
    for (let k = 0; k < 16; k++) {
      const scale = d * signed[block + 192 + k]!;
      const half = k >> 3;
      const run = (k >> 1) & 3;
      const within = (k & 1) * 16;
      const ql = block + half * 64 + (run & 1) * 32 + within;
      const qh = block + 128 + half * 32 + within;
      const lowShift = run < 2 ? 0 : 4;
      for (let l = 0; l < 16; l++) {
        const q = ((bytes[ql + l]! >> lowShift) & 15) | (((bytes[qh + l]! >> (2 * run)) & 3) << 4);
        out[o + k * 16 + l] = scale * (q - 32);
      }
    }
  }
}
