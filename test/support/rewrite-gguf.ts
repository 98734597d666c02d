import { bytesSource } from '../../src/engine/formats/byte-source.ts';
import { ByteWriter, type MetadataEntry } from '../../src/engine/formats/byte-writer.ts';
import { parseGguf } from '../../src/engine/formats/gguf.ts';

/**
 * A GGUF file with the properties `set` in place of its own or behind them, without those in `without`; everything else of it,
 * the tensors' data above all, as it is.
 */
export async function rewriteGguf(
  bytes: Uint8Array,
  { set = [], without = [] }: { set?: readonly MetadataEntry[]; without?: readonly string[] },
): Promise<Uint8Array<ArrayBuffer>> {
  const file = await parseGguf(bytesSource(bytes));
  const gone = new Set([...without, ...set.map(([key]) => key)]);
  const keys = [...file.metadata.keys()];
  const starts = [...keys.map(key => file.keyOffsets.get(key)!), file.tensorInfoOffset];
  const kept = keys.flatMap((key, index) => (gone.has(key) ? [] : [[starts[index]!, starts[index + 1]!]]));
  const out = new ByteWriter().bytes('GGUF').u32(file.version).u64(file.tensors.length);
  out.u64(kept.length + set.length);
  for (const [from, to] of kept) out.bytes(bytes.subarray(from, to));
  for (const property of set) out.property(property);
  for (const { name, shape, type, offset } of file.tensors) {
    out.string(name).u32(shape.length);
    for (const size of shape) out.u64(size);
    out.u32(type).u64(offset - file.dataOffset);
  }
  return out.pad(file.alignment).bytes(bytes.subarray(file.dataOffset)).finish();
}
