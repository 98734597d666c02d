import { blockFormatOf, GgmlType, type GgmlTypeName } from './block-formats.ts';
import { words16, words32 } from './repack.ts';

/** Word index (16 bits) of every f16 in a block; the quants themselves cannot be infinite. */
export const halfWords: Record<string, readonly number[]> = {
  Q4_0: [0],
  Q4_1: [0, 1],
  Q5_0: [0],
  Q5_1: [0, 1],
  Q8_0: [0],
  Q2_K: [40, 41],
  Q3_K: [54],
  Q4_K: [0, 1],
  Q5_K: [0, 1],
  Q6_K: [104],
  IQ4_NL: [0],
  IQ4_XS: [0],
};

/**
 * Byte offset of the first scale (or plain weight) that is infinite or not a number, undefined when all are finite.
 * One pass over whole blocks: damage that survives every size check shows here, before it becomes an answer.
 */
export function firstBrokenScale(typeName: GgmlTypeName, bytes: Uint8Array): number | undefined {
  const words = words16(bytes);
  if (typeName === 'F32' || typeName === 'F16' || typeName === 'BF16') {
    // Looked for only when there is one: plain weights are many.
    if (!holdsBrokenNumber(typeName, words32(bytes))) return undefined;
    // The upper half of an f32 carries the exponent; BF16 is nothing but that half.
    const step = typeName === 'F32' ? 2 : 1;
    const exponent = typeName === 'F16' ? 0x7c00 : 0x7f80;
    for (let i = step - 1; i < words.length; i += step) {
      if ((words[i]! & exponent) === exponent) return (i - (step - 1)) * 2;
    }
    return undefined;
  }
  const blockWords = blockFormatOf(GgmlType[typeName]).blockBytes / 2;
  for (const word of halfWords[typeName] ?? []) {
    for (let i = word; i < words.length; i += blockWords) {
      if ((words[i]! & 0x7c00) === 0x7c00) return i * 2;
    }
  }
  return undefined;
}

/**
 * Whether an exponent has all its bits set, without a branch a number: then adding one to its lowest bit carries into the
 * place of the sign, which was masked out.
 */
function holdsBrokenNumber(typeName: 'F32' | 'F16' | 'BF16', words: Uint32Array): boolean {
  const [exponents, one] = exponentBits[typeName];
  const signs = typeName === 'F32' ? 0x80000000 : 0x80008000;
  let carries = 0;
  for (let i = 0; i < words.length; i++) carries |= (words[i]! & exponents) + one;
  return (carries & signs) !== 0;
}

/** Exponents of the one or two numbers of a word, and the lowest bit of each. */
const exponentBits = {
  F32: [0x7f800000, 0x00800000],
  F16: [0x7c007c00, 0x04000400],
  BF16: [0x7f807f80, 0x00800080],
} as const;
