/** Which ranges to ask a server for, so that a conversion gets each byte once and in the order in which it reads. */
import type { PlannedRead } from '../../engine/convert/gguf-stream.ts';
import type { ByteSource } from '../../engine/formats/byte-source.ts';
import { mebibyte } from '../../storage/weight-manifest.ts';

/** One request's worth of a file. */
export interface FetchRange {
  source: ByteSource;
  offset: number;
  bytes: number;
  /** How many of the reads lie in it. */
  reads: number;
}

/** What a request asks for of data that are read from end to end: what is fetched ahead is lost when the page is closed. */
const batchBytes = 8 * mebibyte;
/**
 * A tensor that is read in another order than it lies (the fused queries, keys and values of InternLM2-1.8B have 16 MiB) is
 * asked for at once up to this size; of a larger one each run of rows is asked for.
 */
export const largestBatchBytes = 24 * mebibyte;

/**
 * Cuts reads into batches, each of them one or a few ranges. All reads of a batch come before those of the next one; ranges
 * stand in the order in which they are first needed.
 */
export function* batchReads(reads: Iterable<PlannedRead>): Generator<FetchRange[]> {
  let batch: PlannedRead[] = [];
  for (const tensor of joinTensors(reads)) {
    const isKeptWhole = sizeOf(tensor) <= batchBytes || (!isInOrder(tensor) && tensor.length > 1);
    for (const part of isKeptWhole ? [tensor] : cutEvenly(tensor)) {
      if (batch.length > 0 && sizeOf(batch) + sizeOf(part) > batchBytes) {
        yield mergeReads(batch);
        batch = [];
      }
      batch.push(...part);
    }
  }
  if (batch.length > 0) yield mergeReads(batch);
}

/** The reads of each tensor of the checkpoint together; of a large one as many as a batch can hold. */
function* joinTensors(reads: Iterable<PlannedRead>): Generator<PlannedRead[]> {
  let tensor: PlannedRead[] = [];
  for (const read of reads) {
    const hasRoom = sizeOf(tensor) + read.bytes <= largestBatchBytes;
    if (tensor.length > 0 && !(read.continues && hasRoom)) {
      yield tensor;
      tensor = [];
    }
    tensor.push(read);
  }
  if (tensor.length > 0) yield tensor;
}

function* cutEvenly(tensor: readonly PlannedRead[]): Generator<PlannedRead[]> {
  let part: PlannedRead[] = [];
  for (const read of tensor) {
    if (part.length > 0 && sizeOf(part) + read.bytes > batchBytes) {
      yield part;
      part = [];
    }
    part.push(read);
  }
  yield part;
}

/** Reads that touch become one range. */
function mergeReads(batch: readonly PlannedRead[]): FetchRange[] {
  const order = batch.map((read, index) => ({ ...read, index }));
  const ids = new Map<ByteSource, number>();
  for (const { source } of batch) if (!ids.has(source)) ids.set(source, ids.size);
  order.sort((a, b) => ids.get(a.source)! - ids.get(b.source)! || a.offset - b.offset);
  const ranges: (FetchRange & { first: number })[] = [];
  for (const { source, offset, bytes, index } of order) {
    const last = ranges.at(-1);
    if (last?.source === source && offset <= last.offset + last.bytes) {
      last.bytes = Math.max(last.bytes, offset + bytes - last.offset);
      last.reads++;
      last.first = Math.min(last.first, index);
    } else ranges.push({ source, offset, bytes, reads: 1, first: index });
  }
  return ranges.sort((a, b) => a.first - b.first).map(({ first: _, ...range }) => range);
}

function isInOrder(reads: readonly PlannedRead[]): boolean {
  return reads.every((read, i) => i === 0 || read.offset === reads[i - 1]!.offset + reads[i - 1]!.bytes);
}

const sizeOf = (reads: readonly PlannedRead[]): number => reads.reduce((sum, { bytes }) => sum + bytes, 0);
