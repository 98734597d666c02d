import { bytesSource } from '../../src/engine/formats/byte-source.ts';
import { ByteWriter } from '../../src/engine/formats/byte-writer.ts';
import { parseGguf } from '../../src/engine/formats/gguf.ts';

/**
 * The same model in a longer file: its properties as they are, then `gapBytes` (a multiple of the alignment) that nothing
 * refers to, then its tensors.
 */
export async function spreadGguf(bytes: Uint8Array, gapBytes: number): Promise<Uint8Array<ArrayBuffer>> {
  const { alignment, tensors, tensorInfoOffset } = await parseGguf(bytesSource(bytes));
  const first = Math.min(...tensors.map(({ offset }) => offset));
  const out = new ByteWriter().bytes(bytes.subarray(0, tensorInfoOffset));
  for (const { name, shape, type, offset } of tensors) {
    out.string(name).u32(shape.length);
    for (const size of shape) out.u64(size);
    out.u32(type).u64(offset - first + gapBytes);
  }
  return out.pad(alignment).zeros(gapBytes).bytes(bytes.subarray(first)).finish();
}
