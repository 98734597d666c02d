/**
 * Writes GGUF files for tests, from ggml's description of the format. It checks nothing, so that it can write
 * malformed files too.
 */
import { ByteWriter, type MetadataEntry } from '../../src/engine/formats/byte-writer.ts';

export { ByteWriter, type MetadataEntry } from '../../src/engine/formats/byte-writer.ts';

export interface WriterTensor {
  name: string;
  /** The ggml type's number. */
  type: number;
  /** ggml order: the contiguous dimension first. */
  shape: readonly (number | bigint)[];
  data: Uint8Array;
  /** From the start of the data section; by default right after the tensor before, aligned. */
  offset?: number | bigint;
}

export interface WriterInput {
  version?: number;
  metadata?: readonly MetadataEntry[];
  tensors?: readonly WriterTensor[];
  /** Default 32. Any other is also written as the property general.alignment. */
  alignment?: number;
}

export function writeGguf(input: WriterInput): Uint8Array<ArrayBuffer> {
  const { version = 3, metadata = [], tensors = [], alignment = 32 } = input;
  const properties: MetadataEntry[] = [...metadata];
  if (alignment !== 32) properties.push(['general.alignment', 'u32', alignment]);
  const out = new ByteWriter();
  out.bytes('GGUF').u32(version).u64(tensors.length).u64(properties.length);
  for (const property of properties) out.property(property);
  let next = 0;
  for (const { name, type, shape, data, offset } of tensors) {
    out.string(name).u32(shape.length);
    for (const size of shape) out.u64(size);
    out.u32(type).u64(offset ?? next);
    next += Math.ceil(data.length / alignment) * alignment;
  }
  out.pad(alignment);
  for (const { data } of tensors) out.bytes(data).pad(alignment);
  return out.finish();
}
