import { bytesSource } from '../../src/engine/formats/byte-source.ts';
import { ByteWriter, type MetadataEntry } from '../../src/engine/formats/byte-writer.ts';
import { type GgufTensor, parseGguf } from '../../src/engine/formats/gguf.ts';

export interface SplitOptions {
  /** As gguf-split's --no-tensor-first-split: the first part holds the properties alone. */
  isFirstEmpty?: boolean;
  /** What the parts claim, where it is not the truth. */
  count?: number;
  tensors?: number;
}

const propertiesOffset = 24;
/** Parts behind the first say nothing of their alignment, so it is the default one. */
const laterAlignment = 32;

/** A GGUF file in `count` parts as llama.cpp's gguf-split makes them: all properties in the first, tensors in order. */
export async function splitGguf(
  bytes: Uint8Array,
  count: number,
  { isFirstEmpty = false, ...claims }: SplitOptions = {},
): Promise<Uint8Array<ArrayBuffer>[]> {
  const file = await parseGguf(bytesSource(bytes));
  const filled = isFirstEmpty ? count - 1 : count;
  const size = Math.ceil(file.tensors.length / filled);
  const groups = Array.from({ length: filled }, (_, i) => file.tensors.slice(i * size, (i + 1) * size));
  if (isFirstEmpty) groups.unshift([]);
  return groups.map((tensors, index) => {
    const properties: MetadataEntry[] = [
      ['split.no', 'u16', index],
      ['split.count', 'u16', claims.count ?? count],
      ['split.tensors.count', 'i32', claims.tensors ?? file.tensors.length],
    ];
    const isFirst = index === 0;
    const out = new ByteWriter().bytes('GGUF').u32(file.version).u64(tensors.length);
    out.u64(properties.length + (isFirst ? file.metadata.size : 0));
    if (isFirst) out.bytes(bytes.subarray(propertiesOffset, file.tensorInfoOffset));
    for (const property of properties) out.property(property);
    writeTensors(out, bytes, tensors, isFirst ? file.alignment : laterAlignment);
    return out.finish();
  });
}

function writeTensors(out: ByteWriter, file: Uint8Array, tensors: readonly GgufTensor[], alignment: number) {
  let offset = 0;
  for (const { name, shape, type, bytes } of tensors) {
    out.string(name).u32(shape.length);
    for (const size of shape) out.u64(size);
    out.u32(type).u64(offset);
    offset = Math.ceil((offset + bytes) / alignment) * alignment;
  }
  out.pad(alignment);
  for (const { offset: from, bytes } of tensors) out.bytes(file.subarray(from, from + bytes)).pad(alignment);
}
