import { Random } from '../random.ts';
import { blockFormatOf, GgmlType, type GgmlTypeName } from './block-formats.ts';
import { halfWords } from './finite-scales.ts';
import { floatToHalf } from './half.ts';

/** Normally distributed f32 numbers, the same for the same seed (Box-Muller). For self-tests. */
export function sampleNumbers(count: number, seed: number): Float32Array<ArrayBuffer> {
  const random = new Random(seed);
  return Float32Array.from({ length: count }, () => {
    return Math.sqrt(-2 * Math.log(1 - random.nextFloat())) * Math.cos(2 * Math.PI * random.nextFloat());
  });
}

/**
 * Valid tensor data of any format for self-tests: every bit pattern of the quants occurs, scales are small and finite.
 * @param weights a multiple of the format's block length
 */
export function sampleTensorBytes(
  type: GgmlTypeName,
  weights: number,
  seed: number,
): Uint8Array<ArrayBuffer> {
  if (type === 'F32') return new Uint8Array(sampleNumbers(weights, seed).buffer);
  if (type === 'F16')
    return new Uint8Array(Uint16Array.from(sampleNumbers(weights, seed), floatToHalf).buffer);
  if (type === 'BF16') {
    const words = new Uint32Array(sampleNumbers(weights, seed).buffer);
    return new Uint8Array(Uint16Array.from(words, word => word >>> 16).buffer);
  }
  const random = new Random(seed);
  const { blockElements, blockBytes } = blockFormatOf(GgmlType[type]);
  const data = new Uint8Array((weights / blockElements) * blockBytes);
  for (let i = 0; i < data.length; i++) data[i] = random.nextFloat() * 256;
  const words = new Uint16Array(data.buffer);
  for (let block = 0; block < words.length; block += blockBytes / 2) {
    for (const word of halfWords[type] ?? [])
      words[block + word] = floatToHalf((random.nextFloat() - 0.5) / 16);
  }
  return data;
}
