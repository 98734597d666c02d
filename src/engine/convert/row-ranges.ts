import type { ByteRange } from '../formats/read-ahead.ts';
import { type PlannedTensor, plannedBytes } from './planned-tensor.ts';

/** The most weights that are read and encoded at once: 1 MiB as f32. An attention head is always read whole. */
const CHUNK_WEIGHTS = 2 ** 18;

/** Rows that are read and encoded at once. */
export interface RowRange extends ByteRange {
  rows: number;
  interleaves: boolean;
  /** Where what they become begins in the tensor's data in the GGUF file. */
  encodedOffset: number;
  encodedBytes: number;
}

/** A part of a tensor's data in the GGUF file, in bytes. */
export interface EncodedPart {
  from: number;
  /** The first byte that is not part of it. */
  to: number;
}

/**
 * Where the rows lie that become a part of a tensor, in the order in which they are read. Rows are always read in the same
 * groups, wherever the part begins: those at its ends may become more than is asked for.
 */
export function listRowRanges(planned: PlannedTensor, part: EncodedPart): RowRange[] {
  const { source, columns, runs } = planned;
  const ranges: RowRange[] = [];
  const rowBytes = columns * (source.dtype === 'F32' ? 4 : 2);
  const allRows = runs.reduce((sum, { count }) => sum + count, 0);
  const encodedRowBytes = plannedBytes(planned) / allRows;
  const rowsAtOnce = Math.max(1, Math.floor(CHUNK_WEIGHTS / columns));
  let encodedOffset = 0;
  for (const { start, count, interleaves = false } of runs) {
    const step = interleaves ? count : rowsAtOnce;
    for (let row = 0; row < count; row += step) {
      const rows = Math.min(step, count - row);
      const encodedBytes = rows * encodedRowBytes;
      if (encodedOffset < part.to && encodedOffset + encodedBytes > part.from) {
        const offset = source.offset + (start + row) * rowBytes;
        ranges.push({ offset, bytes: rows * rowBytes, rows, interleaves, encodedOffset, encodedBytes });
      }
      encodedOffset += encodedBytes;
    }
  }
  return ranges;
}
