import { refuseUnquantizable } from './finite-weights.ts';
import { type GroupSearch, mostSearched } from './group-search.ts';
import { floatToHalf, halfToFloat } from './half.ts';
import { nearestWithin } from './nearest-integer.ts';
import { scalarSearch } from './scalar-search.ts';

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

const { fround, abs } = Math;

const most = 4;
const scaleSteps = 32;
/** The scales of a block, as they are stored. */
const steps = new Int8Array(16);

/**
 * ggml's quantiser without an importance matrix, bit for bit.
 * @param values whole blocks of 256 finite weights
 */
export function quantizeQ3_K(
  values: Float32Array,
  groupSearch: GroupSearch = scalarSearch,
): Uint8Array<ArrayBuffer> {
  refuseUnquantizable('Q3_K', values, BLOCK_ELEMENTS);
  const bytes = new Uint8Array((values.length / BLOCK_ELEMENTS) * BLOCK_BYTES);
  let block = 0;
  for (let from = 0; from < values.length; from += mostSearched) {
    const part = values.subarray(from, from + mostSearched);
    const { scales, levels } = groupSearch.signedRefined(part, most);
    for (let o = 0; o < part.length; o += BLOCK_ELEMENTS, block += BLOCK_BYTES) {
      chooseLevels(part, o, writeScales(scales, o / 16, bytes, block), levels);
      packLevels(levels, o, bytes, block);
    }
  }
  return bytes;
}

/** Returns the scale of the block's scales. */
function writeScales(scales: Float32Array, first: number, bytes: Uint8Array, block: number): number {
  let extreme = 0;
  for (let k = first; k < first + 16; k++) if (abs(scales[k]!) > abs(extreme)) extreme = scales[k]!;
  if (extreme === 0) return 0;
  const inverse = fround(-scaleSteps / extreme);
  for (let k = 0; k < 16; k++) {
    const step = nearestWithin(fround(inverse * scales[first + k]!), -scaleSteps, scaleSteps - 1);
    const stored = step + scaleSteps;
    steps[k] = step;
    bytes[block + 96 + (k & 7)]! |= (stored & 15) << (k < 8 ? 0 : 4);
    bytes[block + 104 + (k & 3)]! |= (stored >> 4) << ((k >> 2) * 2);
  }
  const d = floatToHalf(fround(1 / inverse));
  bytes[block + 108] = d;
  bytes[block + 109] = d >> 8;
  return halfToFloat(d);
}

/** With the scales as they are stored now; those of the search stay where the scale became zero. */
function chooseLevels(values: Float32Array, at: number, d: number, levels: Uint8Array): void {
  if (d === 0) return;
  for (let k = 0; k < 16; k++) {
    const scale = fround(d * steps[k]!);
    if (scale === 0) continue;
    const end = at + 16 * k + 16;
    for (let i = end - 16; i < end; i++) {
      levels[i] = nearestWithin(fround(values[i]! / scale), -most, most - 1) + most;
    }
  }
}

function packLevels(levels: Uint8Array, at: number, bytes: Uint8Array, block: number): void {
  for (let i = 0; i < BLOCK_ELEMENTS; i++) {
    const level = levels[at + i]!;
    bytes[block + (i & 31)]! |= (level >> 2) << (i >> 5);
    bytes[block + 32 + (i >> 7) * 32 + (i & 31)]! |= (level & 3) << (((i >> 5) & 3) * 2);
  }
}
