import { refuseUnquantizable } from './finite-weights.ts';
import type { GroupSearch, MinimumSearch } from './group-search.ts';
import { halfToFloat } from './half.ts';
import { minimumOfK, scaleOfK } from './k-scales.ts';
import { quantizeWithMinima } from './quantize-with-minima.ts';
import { scalarSearch } from './scalar-search.ts';

const BLOCK_ELEMENTS = 256;
const BLOCK_BYTES = 144;

/**
 * Q4_K: 256 weights in 144 bytes, as 8 sub-blocks of 32.
 *    0  d           f16
 *    2  dmin        f16
 *    4  scales[12]  six-bit scales and minima, see k-scales.ts
 *   16  qs[128]     byte 32i + l: weight 64i + l in the low nibble, 64i + 32 + l in the high one
 * w = d scale q - dmin minimum
 */
export function dequantizeQ4_K(bytes: Uint8Array, out: Float32Array): void {
  for (let block = 0, o = 0; block < bytes.length; block += BLOCK_BYTES, o += BLOCK_ELEMENTS) {
    const d = halfToFloat(bytes[block]! | (bytes[block + 1]! << 8));
    const dmin = halfToFloat(bytes[block + 2]! | (bytes[block + 3]! << 8));
    for (let i = 0; i < 4; i++) {
      const lowScale = d * scaleOfK(bytes, block + 4, 2 * i);
      const lowMinimum = dmin * minimumOfK(bytes, block + 4, 2 * i);
      const highScale = d * scaleOfK(bytes, block + 4, 2 * i + 1);
      const highMinimum = dmin * minimumOfK(bytes, block + 4, 2 * i + 1);
      const qs = block + 16 + 32 * i;
      const low = o + 64 * i;
      for (let l = 0; l < 32; l++) {
        const pair = bytes[qs + l]!;
        out[low + l] = lowScale * (pair & 15) - lowMinimum;
        out[low + 32 + l] = highScale * (pair >> 4) - highMinimum;
      }
    }
  }
}

const search: MinimumSearch = { count: 32, most: 15, first: -1, steps: 20, error: 'square' };

/**
 * ggml's quantiser without an importance matrix, bit for bit.
 * @param values whole blocks of 256 finite weights
 */
export function quantizeQ4_K(
  values: Float32Array,
  groupSearch: GroupSearch = scalarSearch,
): Uint8Array<ArrayBuffer> {
  refuseUnquantizable('Q4_K', values, BLOCK_ELEMENTS);
  return quantizeWithMinima(values, BLOCK_BYTES, groupSearch, search, (levels, at, bytes, block) => {
    for (let i = 0; i < 4; i++) {
      const low = at + 64 * i;
      const qs = block + 16 + 32 * i;
      for (let l = 0; l < 32; l++) bytes[qs + l] = levels[low + l]! | (levels[low + 32 + l]! << 4);
    }
  });
}
