export const dataType: { readonly float32: 1; readonly uint8: 2; readonly int32: 6; readonly int64: 7 };

export interface OnnxValue {
  name: string;
  type: number;
  /** A word stands for a size that is known only at run time. */
  shape: readonly (number | string)[];
}

export interface OnnxInitializer {
  name: string;
  type: number;
  shape: readonly number[];
  /** Little-endian, as this machine's are. */
  data: ArrayBufferView;
}

export interface OnnxNode {
  op: string;
  /** Default: ONNX's own. */
  domain?: string;
  /** An empty name is an optional input or output that is left out. */
  inputs: readonly string[];
  outputs: readonly string[];
  attributes?: Record<string, number | { float: number }>;
}

export interface OnnxGraph {
  nodes: readonly OnnxNode[];
  initializers: readonly OnnxInitializer[];
  inputs: readonly OnnxValue[];
  outputs: readonly OnnxValue[];
}

export function concat(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer>;
export function varint(value: number | bigint): Uint8Array<ArrayBuffer>;
export function writeOnnx(graph: OnnxGraph): Uint8Array<ArrayBuffer>;
