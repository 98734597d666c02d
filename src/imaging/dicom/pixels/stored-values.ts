/** A frame's values as stored, after a codec: bits that do not belong to them are gone, and the sign is there. */
export type StoredValues =
  | Uint8Array
  | Int8Array
  | Uint16Array
  | Int16Array
  | Uint32Array
  | Int32Array
  | Float32Array
  | Float64Array;
