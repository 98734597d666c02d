import type { GgmlType, GgmlTypeName } from '../quant/block-formats.ts';

/** 64-bit integers arrive as Float64Array of safe integers. */
export type GgufNumericArray =
  | Uint8Array
  | Int8Array
  | Uint16Array
  | Int16Array
  | Uint32Array
  | Int32Array
  | Float32Array
  | Float64Array;

export type GgufValue = string | number | boolean | string[] | boolean[] | GgufNumericArray;

export interface GgufTensor {
  name: string;
  type: GgmlType;
  typeName: GgmlTypeName;
  /** ggml order: shape[0] is the contiguous (input) dimension. 1 to 4 entries, each at least 1. */
  shape: number[];
  elements: number;
  bytes: number;
  /** Of the first byte of data, from the start of the file. */
  offset: number;
}

export interface GgufFile {
  version: number;
  metadata: ReadonlyMap<string, GgufValue>;
  /** Where each key stands in the file, so that a later complaint about it can say so. In file order. */
  keyOffsets: ReadonlyMap<string, number>;
  /** Where the descriptions of the tensors start, right behind the properties. */
  tensorInfoOffset: number;
  tensors: GgufTensor[];
  /** Where tensor data starts, from the start of the file. */
  dataOffset: number;
  /** Every tensor starts at `dataOffset` plus a multiple of this many bytes. */
  alignment: number;
  /** Size of the whole file. */
  bytes: number;
}

/** The value types of GGUF metadata, by their number in the file. */
export const GgufValueType = {
  u8: 0,
  i8: 1,
  u16: 2,
  i16: 3,
  u32: 4,
  i32: 5,
  f32: 6,
  bool: 7,
  string: 8,
  array: 9,
  u64: 10,
  i64: 11,
  f64: 12,
} as const;

/**
 * What the parser accepts. Real models stay far below every one of these; a damaged or hostile file must not
 * make the page run out of memory or hang.
 */
export const ggufLimits = {
  /** Everything before the tensor data. The largest vocabularies in use take less than 20 MiB. */
  headerBytes: 64 * 2 ** 20,
  keys: 4096,
  tensors: 65536,
  keyBytes: 1024,
  stringBytes: 2 ** 20,
  arrayElements: 2 ** 20,
  /** Of all arrays together: a text or a truth value takes more memory than it takes bytes in the file. */
  allArrayElements: 4 * 2 ** 20,
  tensorNameBytes: 64,
  dimensions: 4,
  smallestAlignment: 8,
  largestAlignment: 2 ** 20,
} as const;
