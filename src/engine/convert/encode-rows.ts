import { BedsideError } from '../errors.ts';
import { GgmlType } from '../quant/block-formats.ts';
import { dequantizeTensor } from '../quant/dequantize.ts';
import { quantizeF16 } from '../quant/f16.ts';
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

/** From this magnitude up, a weight would become infinity. */
const tooLarge: Record<WrittenType, number> = {
  F32: Number.POSITIVE_INFINITY,
  F16: 65520,
  Q8_0: Number.POSITIVE_INFINITY,
  Q4_0: Number.POSITIVE_INFINITY,
};

/** The bytes of one tensor of the GGUF file, a few rows at a time. Rejects where a weight cannot be stored. */
export async function* encodeRows(planned: PlannedTensor): AsyncGenerator<Uint8Array> {
  const rowsAtOnce = Math.max(1, Math.floor(CHUNK_WEIGHTS / planned.columns));
  for (const { start, count, interleaves } of planned.runs) {
    if (interleaves) {
      const head = await readRows(planned, start, count);
      yield encode(planned, interleaveHalves(head, count));
      continue;
    }
    for (let row = 0; row < count; row += rowsAtOnce) {
      yield encode(planned, await readRows(planned, start + row, Math.min(rowsAtOnce, count - row)));
    }
  }
}

/** @returns [count, columns] f32 */
async function readRows({ source, columns }: PlannedTensor, start: number, count: number) {
  const type = GgmlType[source.dtype as 'F32' | 'F16' | 'BF16'];
  const rowBytes = columns * (type === GgmlType.F32 ? 4 : 2);
  const bytes = await source.source.read(source.offset + start * rowBytes, count * rowBytes);
  const weights = new Float32Array(count * columns);
  dequantizeTensor(type, bytes, weights);
  return weights;
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
  const limit = tooLarge[type];
  for (const weight of weights) {
    // Written so that NaN fails too.
    if (!(Math.abs(weight) < limit)) throw unstorable(planned, `has the weight ${weight}`);
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
