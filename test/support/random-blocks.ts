import { floatToHalf } from '../../src/engine/quant/half.ts';
import { randomBytes, randomNormal, seededRandom } from './random.ts';

// Byte offsets of the f16 fields of each block format; every other byte may be anything.
const halfFields: Record<string, { bytes: number; weights: number; halves: number[] }> = {
  Q4_0: { bytes: 18, weights: 32, halves: [0] },
  Q4_1: { bytes: 20, weights: 32, halves: [0, 2] },
  Q5_0: { bytes: 22, weights: 32, halves: [0] },
  Q5_1: { bytes: 24, weights: 32, halves: [0, 2] },
  Q8_0: { bytes: 34, weights: 32, halves: [0] },
  Q2_K: { bytes: 84, weights: 256, halves: [80, 82] },
  Q3_K: { bytes: 110, weights: 256, halves: [108] },
  Q4_K: { bytes: 144, weights: 256, halves: [0, 2] },
  Q5_K: { bytes: 176, weights: 256, halves: [0, 2] },
  Q6_K: { bytes: 210, weights: 256, halves: [208] },
  IQ4_NL: { bytes: 18, weights: 32, halves: [0] },
  IQ4_XS: { bytes: 136, weights: 256, halves: [0] },
};

/** Random but valid tensor data of a ggml type: every bit pattern of the quants occurs, scales are small and finite. */
export function randomTensorBytes(type: string, weights: number, seed: number): Uint8Array<ArrayBuffer> {
  if (type === 'F32') return new Uint8Array(randomNormal(weights, seed).buffer);
  if (type === 'F16') {
    return new Uint8Array(Uint16Array.from(randomNormal(weights, seed), floatToHalf).buffer);
  }
  if (type === 'BF16') {
    const words = new Uint32Array(randomNormal(weights, seed).buffer);
    return new Uint8Array(Uint16Array.from(words, word => word >>> 16).buffer);
  }
  const format = halfFields[type]!;
  const blocks = weights / format.weights;
  const data = randomBytes(blocks * format.bytes, seed);
  const next = seededRandom(seed + 1);
  for (let block = 0; block < blocks; block++) {
    for (const field of format.halves) {
      const bits = floatToHalf((next() - 0.5) / 16);
      data[block * format.bytes + field] = bits & 255;
      data[block * format.bytes + field + 1] = bits >> 8;
    }
  }
  return data;
}
