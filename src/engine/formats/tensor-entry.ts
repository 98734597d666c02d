/** Where one tensor lies in a checkpoint's file, whichever format the file has. */
export interface TensorEntry {
  name: string;
  /** By the names of safetensors, e.g. `BF16`. */
  dtype: string;
  /** PyTorch order: the last dimension is contiguous. Empty for a scalar. */
  shape: number[];
  bytes: number;
  /** Of the first byte of data, from the start of the file. */
  offset: number;
  /** CRC-32 of its data, where the file gives one for exactly these bytes. */
  crc32?: number;
}

/** Bits of one element, of the element types that safetensors names. */
export const elementBits: Readonly<Record<string, number>> = {
  BOOL: 8,
  U8: 8,
  I8: 8,
  F8_E5M2: 8,
  F8_E4M3: 8,
  U16: 16,
  I16: 16,
  F16: 16,
  BF16: 16,
  U32: 32,
  I32: 32,
  F32: 32,
  U64: 64,
  I64: 64,
  F64: 64,
};
