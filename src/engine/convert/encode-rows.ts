import { BedsideError } from '../errors.ts';
import { type ByteRange, readAhead } from '../formats/read-ahead.ts';
import { GgmlType } from '../quant/block-formats.ts';
import { dequantizeTensor } from '../quant/dequantize.ts';
import { quantizeF16 } from '../quant/f16.ts';
import { largestMagnitudeBits } from '../quant/finite-weights.ts';
import { quantizeQ4_0 } from '../quant/q4-0.ts';
import { quantizeQ8_0 } from '../quant/q8-0.ts';
import { checkpointError } from './checkpoint-error.ts';
import type { PlannedTensor, WrittenType } from './planned-tensor.ts';

/** The most weights that are read and encoded at once: 1 MiB as f32. An attention head is always read whole. */
const CHUNK_WEIGHTS = 2 ** 18;

const encoders: Record<WrittenType, (weights: Float32Array<ArrayBuffer>) => Uint8Array> = {
  F32: weights => new Uint8Array(weights.buffer, weights.byteOffset, weights.byteLength),
  F16: quantizeF16,
  Q8_0: quantizeQ8_0,
  Q4_0: quantizeQ4_0,
};

const infinity = 0x7f800000;
/** From this magnitude up, as float32 bits, a weight would become infinity. */
const tooLargeBits: Record<WrittenType, number> = {
  F32: infinity,
  F16: new Uint32Array(Float32Array.of(65520).buffer)[0]!,
  Q8_0: infinity,
  Q4_0: infinity,
};

/** Rows that are read and encoded at once. */
interface RowRange extends ByteRange {
  rows: number;
  interleaves: boolean;
}

/**
 * The bytes of one tensor of the GGUF file, a few rows at a time; the next ones are read meanwhile. Rejects where a weight
 * cannot be stored.
 */
export async function* encodeRows(planned: PlannedTensor, signal?: AbortSignal): AsyncGenerator<Uint8Array> {
  const { source, columns } = planned;
  const type = GgmlType[source.dtype as 'F32' | 'F16' | 'BF16'];
  for await (const { range, bytes } of readAhead(source.source, listRanges(planned), signal)) {
    // [rows, columns] f32
    const weights = new Float32Array(range.rows * columns);
    dequantizeTensor(type, bytes, weights);
    yield encode(planned, range.interleaves ? interleaveHalves(weights, range.rows) : weights);
  }
}

function* listRanges({ source, columns, runs }: PlannedTensor): Generator<RowRange> {
  const rowBytes = columns * (source.dtype === 'F32' ? 4 : 2);
  const rowsAtOnce = Math.max(1, Math.floor(CHUNK_WEIGHTS / columns));
  for (const { start, count, interleaves = false } of runs) {
    const step = interleaves ? count : rowsAtOnce;
    for (let row = 0; row < count; row += step) {
      const rows = Math.min(step, count - row);
      yield { offset: source.offset + (start + row) * rowBytes, bytes: rows * rowBytes, rows, interleaves };
    }
  }
}

/** Row 2i of the result is row i, row 2i + 1 is row i + rows / 2. */
function interleaveHalves(weights: Float32Array<ArrayBuffer>, rows: number): Float32Array<ArrayBuffer> {
  const columns = weights.length / rows;
  const out = new Float32Array(weights.length);
  for (let row = 0; row < rows; row++) {
    const from = (row >> 1) + (row & 1) * (rows / 2);
    out.set(weights.subarray(from * columns, (from + 1) * columns), row * columns);
  }
  return out;
}

function encode(planned: PlannedTensor, weights: Float32Array<ArrayBuffer>): Uint8Array {
  const { source, type } = planned;
  const limit = tooLargeBits[type];
  if (largestMagnitudeBits(weights) >= limit) {
    const bad = weights.find(weight => largestMagnitudeBits(Float32Array.of(weight)) >= limit);
    throw unstorable(planned, `has the weight ${bad}`);
  }
  try {
    return encoders[type](weights);
  } catch (error) {
    if (!(error instanceof BedsideError)) throw error;
    throw new BedsideError(error.code, `In "${source.name}": ${error.message}`, error.advice, error);
  }
}

function unstorable({ source, type }: PlannedTensor, what: string): BedsideError {
  return checkpointError(
    'invalid-model',
    `The tensor "${source.name}" in ${source.file} ${what}, which ${type} cannot store`,
  );
}
