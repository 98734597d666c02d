import { refuseUnquantizable } from './finite-weights.ts';
import type { GroupSearch, MinimumSearch } from './group-search.ts';
import { halfToFloat } from './half.ts';
import { minimumOfK, scaleOfK } from './k-scales.ts';
import { quantizeWithMinima } from './quantize-with-minima.ts';
import { scalarSearch } from './scalar-search.ts';

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

const search: MinimumSearch = { count: 32, most: 31, first: -0.5, steps: 15, error: 'square' };

/**
 * ggml's quantiser without an importance matrix, bit for bit.
 * @param values whole blocks of 256 finite weights
 */
export function quantizeQ5_K(
  values: Float32Array,
  groupSearch: GroupSearch = scalarSearch,
): Uint8Array<ArrayBuffer> {
  refuseUnquantizable('Q5_K', values, BLOCK_ELEMENTS);
  return quantizeWithMinima(values, BLOCK_BYTES, groupSearch, search, (levels, at, bytes, block) => {
    for (let i = 0; i < 4; i++) {
      const qs = block + 48 + 32 * i;
      for (let l = 0; l < 32; l++) {
        const low = levels[at + 64 * i + l]!;
        const high = levels[at + 64 * i + 32 + l]!;
        bytes[qs + l] = (low & 15) | ((high & 15) << 4);
        bytes[block + 16 + l]! |= ((low >> 4) | ((high >> 4) << 1)) << (2 * i);
      }
    }
  });
}
