/** Writes safetensors files for tests. It checks nothing, so that it can write malformed files too. */

export interface StoredTensor {
  name: string;
  dtype: string;
  shape: readonly number[];
  data: Uint8Array;
  /** From the start of the data section; by default right after the tensor before. */
  offsets?: readonly [number, number];
}

export function writeSafetensors(tensors: readonly StoredTensor[]): Uint8Array<ArrayBuffer> {
  const header: Record<string, unknown> = { __metadata__: { format: 'pt' } };
  let next = 0;
  for (const { name, dtype, shape, data, offsets } of tensors) {
    header[name] = { dtype, shape, data_offsets: offsets ?? [next, next + data.length] };
    next += data.length;
  }
  const json = JSON.stringify(header);
  return joinSafetensors(
    json.padEnd(Math.ceil(json.length / 8) * 8),
    tensors.map(({ data }) => data),
  );
}

/** Any header text, with its length before it and data after it. */
export function joinSafetensors(header: string, parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const text = new TextEncoder().encode(header);
  const bytes = new Uint8Array(8 + text.length + parts.reduce((sum, part) => sum + part.length, 0));
  new DataView(bytes.buffer).setBigUint64(0, BigInt(text.length), true);
  bytes.set(text, 8);
  let at = 8 + text.length;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}
