import { type GroupSearch, type MinimumSearch, mostSearched } from './group-search.ts';
import { floatToHalf, halfToFloat } from './half.ts';
import { minimumOfK, scaleOfK, writeScalesOfK } from './k-scales.ts';
import { nearestInteger, nearestWithin } from './nearest-integer.ts';

const { fround } = Math;

const blockElements = 256;
const groups = 8;
const scaleSteps = 63;

/**
 * What Q4_K and Q5_K have in common, by ggml's quantize_row_q4_K_ref and quantize_row_q5_K_ref: the head of a block (d, dmin,
 * twelve bytes of scales and minima), and the levels of its weights.
 * @param pack writes a block's levels, which begin at `levelsAt`
 */
export function quantizeWithMinima(
  values: Float32Array,
  blockBytes: number,
  groupSearch: GroupSearch,
  search: MinimumSearch,
  pack: (levels: Uint8Array, levelsAt: number, bytes: Uint8Array, block: number) => void,
): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array((values.length / blockElements) * blockBytes);
  let block = 0;
  for (let from = 0; from < values.length; from += mostSearched) {
    const part = values.subarray(from, from + mostSearched);
    const { scales, minima, levels } = groupSearch.withMinimum(part, search);
    for (let o = 0; o < part.length; o += blockElements, block += blockBytes) {
      writeHead(scales, minima, o / 32, bytes, block);
      chooseLevels(part, o, search.most, bytes, block, levels);
      pack(levels, o, bytes, block);
    }
  }
  return bytes;
}

function writeHead(
  scales: Float32Array,
  minima: Float32Array,
  first: number,
  bytes: Uint8Array,
  block: number,
): void {
  let largestScale = 0;
  let largestMinimum = 0;
  for (let k = first; k < first + groups; k++) {
    if (scales[k]! > largestScale) largestScale = scales[k]!;
    if (minima[k]! > largestMinimum) largestMinimum = minima[k]!;
  }
  const inverseScale = largestScale > 0 ? fround(scaleSteps / largestScale) : 0;
  const inverseMinimum = largestMinimum > 0 ? fround(scaleSteps / largestMinimum) : 0;
  for (let k = 0; k < groups; k++) {
    const scale = toSixBits(fround(inverseScale * scales[first + k]!));
    const minimum = toSixBits(fround(inverseMinimum * minima[first + k]!));
    writeScalesOfK(bytes, block + 4, k, scale, minimum);
  }
  const d = floatToHalf(fround(largestScale / scaleSteps));
  const dmin = floatToHalf(fround(largestMinimum / scaleSteps));
  bytes[block] = d;
  bytes[block + 1] = d >> 8;
  bytes[block + 2] = dmin;
  bytes[block + 3] = dmin >> 8;
}

/** With the scales as they are stored now; those of the search stay where the scale became zero. */
function chooseLevels(
  values: Float32Array,
  at: number,
  most: number,
  bytes: Uint8Array,
  block: number,
  levels: Uint8Array,
): void {
  const d = halfToFloat(bytes[block]! | (bytes[block + 1]! << 8));
  const dmin = halfToFloat(bytes[block + 2]! | (bytes[block + 3]! << 8));
  for (let k = 0; k < groups; k++) {
    const scale = fround(d * scaleOfK(bytes, block + 4, k));
    if (scale === 0) continue;
    const minimum = fround(dmin * minimumOfK(bytes, block + 4, k));
    const end = at + 32 * k + 32;
    for (let i = end - 32; i < end; i++) {
      levels[i] = nearestWithin(fround(fround(values[i]! + minimum) / scale), 0, most);
    }
  }
}

/** As ggml stores it into a byte: below zero it wraps, and is cut off at the top. */
function toSixBits(value: number): number {
  return Math.min(scaleSteps, nearestInteger(value) & 255);
}
