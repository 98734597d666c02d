import { refuseUnquantizable } from './finite-weights.ts';
import { type GroupSearch, mostSearched, smallestMagnitude } from './group-search.ts';
import { floatToHalf, halfToFloat } from './half.ts';
import { nearestInteger, nearestWithin } from './nearest-integer.ts';
import { scalarSearch } from './scalar-search.ts';

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

const { fround, abs } = Math;

const most = 32;
const scaleSteps = 128;

/**
 * ggml's quantiser without an importance matrix, bit for bit.
 * @param values whole blocks of 256 finite weights
 */
export function quantizeQ6_K(
  values: Float32Array,
  groupSearch: GroupSearch = scalarSearch,
): Uint8Array<ArrayBuffer> {
  refuseUnquantizable('Q6_K', values, BLOCK_ELEMENTS);
  const bytes = new Uint8Array((values.length / BLOCK_ELEMENTS) * BLOCK_BYTES);
  const signed = new Int8Array(bytes.buffer);
  let block = 0;
  for (let from = 0; from < values.length; from += mostSearched) {
    const part = values.subarray(from, from + mostSearched);
    const { scales, levels } = groupSearch.signed(part, most);
    for (let o = 0; o < part.length; o += BLOCK_ELEMENTS, block += BLOCK_BYTES) {
      let extreme = 0;
      for (let k = o / 16; k < o / 16 + 16; k++) if (abs(scales[k]!) > abs(extreme)) extreme = scales[k]!;
      // All zero.
      if (abs(extreme) < smallestMagnitude) continue;
      const inverse = fround(-scaleSteps / extreme);
      const half = floatToHalf(fround(1 / inverse));
      bytes[block + 208] = half;
      bytes[block + 209] = half >> 8;
      const d = halfToFloat(half);
      for (let k = 0; k < 16; k++) {
        const step = Math.min(scaleSteps - 1, nearestInteger(fround(inverse * scales[o / 16 + k]!)));
        signed[block + 192 + k] = step;
        chooseLevels(part, o + 16 * k, fround(d * step), levels);
      }
      packLevels(levels, o, bytes, block);
    }
  }
  return bytes;
}

/** Of a group, with its scale as it is stored now; those of the search stay where the scale became zero. */
function chooseLevels(values: Float32Array, at: number, scale: number, levels: Uint8Array): void {
  if (scale === 0) return;
  for (let i = at; i < at + 16; i++) {
    levels[i] = nearestWithin(fround(values[i]! / scale), -most, most - 1) + most;
  }
}

function packLevels(levels: Uint8Array, from: number, bytes: Uint8Array, block: number): void {
  for (let n = 0; n < 2; n++) {
    for (let l = 0; l < 32; l++) {
      const at = from + 128 * n + l;
      const q1 = levels[at]!;
      const q2 = levels[at + 32]!;
      const q3 = levels[at + 64]!;
      const q4 = levels[at + 96]!;
      bytes[block + 64 * n + l] = (q1 & 15) | ((q3 & 15) << 4);
      bytes[block + 64 * n + l + 32] = (q2 & 15) | ((q4 & 15) << 4);
      bytes[block + 128 + 32 * n + l] = (q1 >> 4) | ((q2 >> 4) << 2) | ((q3 >> 4) << 4) | ((q4 >> 4) << 6);
    }
  }
}
