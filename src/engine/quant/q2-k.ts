import { refuseUnquantizable } from './finite-weights.ts';
import { type GroupSearch, type MinimumSearch, mostSearched } from './group-search.ts';
import { floatToHalf, halfToFloat } from './half.ts';
import { nearestInteger, nearestWithin } from './nearest-integer.ts';
import { scalarSearch } from './scalar-search.ts';

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

const { fround } = Math;

const search: MinimumSearch = { count: 16, most: 3, first: -0.5, steps: 15, error: 'absolute' };
const scaleSteps = 15;

/**
 * ggml's quantiser without an importance matrix, bit for bit.
 * @param values whole blocks of 256 finite weights
 */
export function quantizeQ2_K(
  values: Float32Array,
  groupSearch: GroupSearch = scalarSearch,
): Uint8Array<ArrayBuffer> {
  refuseUnquantizable('Q2_K', values, BLOCK_ELEMENTS);
  const bytes = new Uint8Array((values.length / BLOCK_ELEMENTS) * BLOCK_BYTES);
  let block = 0;
  for (let from = 0; from < values.length; from += mostSearched) {
    const part = values.subarray(from, from + mostSearched);
    const { scales, minima, levels } = groupSearch.withMinimum(part, search);
    for (let o = 0; o < part.length; o += BLOCK_ELEMENTS, block += BLOCK_BYTES) {
      writeScales(scales, minima, o / 16, bytes, block);
      chooseLevels(part, o, bytes, block, levels);
      for (let n = 0; n < 2; n++) {
        const qs = block + 16 + 32 * n;
        for (let l = 0; l < 32; l++) {
          const at = o + 128 * n + l;
          bytes[qs + l] =
            levels[at]! | (levels[at + 32]! << 2) | (levels[at + 64]! << 4) | (levels[at + 96]! << 6);
        }
      }
    }
  }
  return bytes;
}

function writeScales(
  scales: Float32Array,
  minima: Float32Array,
  first: number,
  bytes: Uint8Array,
  block: number,
): void {
  let largestScale = 0;
  let largestMinimum = 0;
  for (let k = first; k < first + 16; k++) {
    if (scales[k]! > largestScale) largestScale = scales[k]!;
    if (minima[k]! > largestMinimum) largestMinimum = minima[k]!;
  }
  const inverseScale = largestScale > 0 ? fround(scaleSteps / largestScale) : 0;
  const inverseMinimum = largestMinimum > 0 ? fround(scaleSteps / largestMinimum) : 0;
  for (let k = 0; k < 16; k++) {
    const scale = nearestInteger(fround(inverseScale * scales[first + k]!));
    bytes[block + k] = scale | (nearestInteger(fround(inverseMinimum * minima[first + k]!)) << 4);
  }
  const d = floatToHalf(fround(largestScale / scaleSteps));
  const dmin = floatToHalf(fround(largestMinimum / scaleSteps));
  bytes[block + 80] = d;
  bytes[block + 81] = d >> 8;
  bytes[block + 82] = dmin;
  bytes[block + 83] = dmin >> 8;
}

/** With the scales as they are stored now; those of the search stay where the scale became zero. */
function chooseLevels(
  values: Float32Array,
  at: number,
  bytes: Uint8Array,
  block: number,
  levels: Uint8Array,
): void {
  const d = halfToFloat(bytes[block + 80]! | (bytes[block + 81]! << 8));
  const dmin = halfToFloat(bytes[block + 82]! | (bytes[block + 83]! << 8));
  for (let k = 0; k < 16; k++) {
    const scale = fround(d * (bytes[block + k]! & 15));
    if (scale === 0) continue;
    const minimum = fround(dmin * (bytes[block + k]! >> 4));
    const end = at + 16 * k + 16;
    for (let i = end - 16; i < end; i++) {
      levels[i] = nearestWithin(fround(fround(values[i]! + minimum) / scale), 0, search.most);
    }
  }
}
