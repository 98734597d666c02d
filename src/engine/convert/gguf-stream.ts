import { ByteWriter, type MetadataEntry } from '../formats/byte-writer.ts';
import { GgmlType } from '../quant/block-formats.ts';
import { encodeRows } from './encode-rows.ts';
import { type PlannedTensor, plannedBytes } from './planned-tensor.ts';

const ALIGNMENT = 32;

/** A GGUF file that is about to be written: its size is known, its weights are not yet read. */
export interface GgufPlan {
  header: Uint8Array<ArrayBuffer>;
  tensors: PlannedTensor[];
  /** Of the whole file. */
  bytes: number;
}

export function planGguf(properties: readonly MetadataEntry[], tensors: PlannedTensor[]): GgufPlan {
  const header = new ByteWriter().bytes('GGUF').u32(3).u64(tensors.length).u64(properties.length);
  for (const property of properties) header.property(property);
  let offset = 0;
  for (const tensor of tensors) {
    header.string(tensor.name).u32(tensor.shape.length);
    for (const size of tensor.shape) header.u64(size);
    header.u32(GgmlType[tensor.type]).u64(offset);
    offset += aligned(plannedBytes(tensor));
  }
  const bytes = header.pad(ALIGNMENT).finish();
  return { header: bytes, tensors, bytes: bytes.length + offset };
}

/** The file from its first byte to its last, in pieces of a few MiB at most. */
export async function* streamGguf(
  plan: GgufPlan,
  options: { signal?: AbortSignal; onTensor?: (name: string) => void } = {},
): AsyncGenerator<Uint8Array> {
  yield plan.header;
  for (const tensor of plan.tensors) {
    options.onTensor?.(tensor.name);
    yield* encodeRows(tensor, options.signal);
    const bytes = plannedBytes(tensor);
    const padding = aligned(bytes) - bytes;
    if (padding > 0) yield new Uint8Array(padding);
  }
}

function aligned(bytes: number): number {
  return Math.ceil(bytes / ALIGNMENT) * ALIGNMENT;
}
