/**
 * The block formats of ggml: every tensor is rows of whole blocks, each of `blockElements` weights in
 * `blockBytes` bytes. The numbers are those of the `ggml_type` enumeration, as stored in GGUF files.
 */
export const GgmlType = {
  F32: 0,
  F16: 1,
  Q4_0: 2,
  Q4_1: 3,
  Q5_0: 6,
  Q5_1: 7,
  Q8_0: 8,
  Q8_1: 9,
  Q2_K: 10,
  Q3_K: 11,
  Q4_K: 12,
  Q5_K: 13,
  Q6_K: 14,
  Q8_K: 15,
  IQ2_XXS: 16,
  IQ2_XS: 17,
  IQ3_XXS: 18,
  IQ1_S: 19,
  IQ4_NL: 20,
  IQ3_S: 21,
  IQ2_S: 22,
  IQ4_XS: 23,
  I8: 24,
  I16: 25,
  I32: 26,
  I64: 27,
  F64: 28,
  IQ1_M: 29,
  BF16: 30,
  TQ1_0: 34,
  TQ2_0: 35,
  MXFP4: 39,
} as const;

export type GgmlTypeName = keyof typeof GgmlType;
export type GgmlType = (typeof GgmlType)[GgmlTypeName];

export interface BlockFormat {
  type: GgmlType;
  name: GgmlTypeName;
  blockElements: number;
  blockBytes: number;
}

// [block elements, block bytes]
const blockSizes: Record<GgmlTypeName, readonly [number, number]> = {
  F32: [1, 4],
  F16: [1, 2],
  Q4_0: [32, 18],
  Q4_1: [32, 20],
  Q5_0: [32, 22],
  Q5_1: [32, 24],
  Q8_0: [32, 34],
  Q8_1: [32, 36],
  Q2_K: [256, 84],
  Q3_K: [256, 110],
  Q4_K: [256, 144],
  Q5_K: [256, 176],
  Q6_K: [256, 210],
  Q8_K: [256, 292],
  IQ2_XXS: [256, 66],
  IQ2_XS: [256, 74],
  IQ3_XXS: [256, 98],
  IQ1_S: [256, 50],
  IQ4_NL: [32, 18],
  IQ3_S: [256, 110],
  IQ2_S: [256, 82],
  IQ4_XS: [256, 136],
  I8: [1, 1],
  I16: [1, 2],
  I32: [1, 4],
  I64: [1, 8],
  F64: [1, 8],
  IQ1_M: [256, 56],
  BF16: [1, 2],
  TQ1_0: [256, 54],
  TQ2_0: [256, 66],
  MXFP4: [32, 17],
};

export const blockFormats: ReadonlyMap<number, BlockFormat> = new Map(
  (Object.keys(GgmlType) as GgmlTypeName[]).map(name => {
    const [blockElements, blockBytes] = blockSizes[name];
    return [GgmlType[name], { type: GgmlType[name], name, blockElements, blockBytes }];
  }),
);

/** Formats that ggml once wrote and has withdrawn; only their names are known here, to say so to the reader. */
export const retiredFormats: ReadonlyMap<number, string> = new Map([
  [4, 'Q4_2'],
  [5, 'Q4_3'],
  [31, 'Q4_0_4_4'],
  [32, 'Q4_0_4_8'],
  [33, 'Q4_0_8_8'],
  [36, 'IQ4_NL_4_4'],
  [37, 'IQ4_NL_4_8'],
  [38, 'IQ4_NL_8_8'],
]);

/** The format of a ggml type number, or undefined where this engine does not know the number. */
export function findBlockFormat(type: number): BlockFormat | undefined {
  return blockFormats.get(type);
}

/** The format of a type that is known to be in the table. */
export function blockFormatOf(type: GgmlType): BlockFormat {
  return blockFormats.get(type)!;
}
