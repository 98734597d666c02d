import type { ByteSource } from '../formats/byte-source.ts';
import { ByteWriter, type MetadataEntry } from '../formats/byte-writer.ts';
import type { ByteRange } from '../formats/read-ahead.ts';
import { GgmlType } from '../quant/block-formats.ts';
import { type EncodingOptions, encodeRows } from './encode-rows.ts';
import { type PlannedTensor, plannedBytes } from './planned-tensor.ts';
import { type EncodedPart, listRowRanges } from './row-ranges.ts';

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

/** Bytes of the checkpoint that a GGUF file is made of. */
export interface PlannedRead extends ByteRange {
  source: ByteSource;
  /** Whether the read before it was of the same tensor of the checkpoint. */
  continues: boolean;
}

/**
 * The file, or the part of it that is asked for, in pieces of a few MiB at most. Of the checkpoint nothing is read but the rows
 * of that part, whole attention heads at its ends.
 */
export async function* streamGguf(
  plan: GgufPlan,
  options: Partial<EncodedPart> & EncodingOptions & { onTensor?: (name: string) => void } = {},
): AsyncGenerator<Uint8Array> {
  const { from = 0, to = plan.bytes, onTensor, ...encoding } = options;
  if (from < plan.header.length) yield plan.header.subarray(from, to);
  for (const { tensor, part, padding } of cutPlan(plan, from, to)) {
    onTensor?.(tensor.name);
    yield* encodeRows(tensor, encoding, part);
    if (padding > 0) yield new Uint8Array(padding);
  }
}

/** What `streamGguf` reads for this part, in its order. */
export function* listReads(plan: GgufPlan, from: number, to: number): Generator<PlannedRead> {
  let before: PlannedTensor['source'] | undefined;
  for (const { tensor, part } of cutPlan(plan, from, to)) {
    for (const { offset, bytes } of listRowRanges(tensor, part)) {
      yield { source: tensor.source.source, offset, bytes, continues: tensor.source === before };
      before = tensor.source;
    }
  }
}

/** The tensors of a part of the file: what is wanted of their data, and how much of the padding behind them. */
function* cutPlan({ header, tensors }: GgufPlan, from: number, to: number) {
  let start = header.length;
  for (const tensor of tensors) {
    const bytes = plannedBytes(tensor);
    const end = start + aligned(bytes);
    if (from < end && to > start) {
      const part: EncodedPart = { from: Math.max(0, from - start), to: Math.min(bytes, to - start) };
      yield { tensor, part, padding: Math.min(end, to) - Math.max(start + bytes, from) };
    }
    start = end;
  }
}

function aligned(bytes: number): number {
  return Math.ceil(bytes / ALIGNMENT) * ALIGNMENT;
}
