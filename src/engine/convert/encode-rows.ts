import { BedsideError } from '../errors.ts';
import { crc32 } from '../formats/crc32.ts';
import { readAhead } from '../formats/read-ahead.ts';
import { GgmlType } from '../quant/block-formats.ts';
import { dequantizeTensor } from '../quant/dequantize.ts';
import { largestMagnitudeBits } from '../quant/finite-weights.ts';
import { type Sentence, sentence } from '../sentence.ts';
import { checkpointError } from './checkpoint-error.ts';
import type { WrittenType } from './choose-type.ts';
import { encodeWeights, type WeightEncoder } from './encode-weights.ts';
import { type PlannedTensor, plannedBytes } from './planned-tensor.ts';
import { type EncodedPart, listRowRanges, type RowRange } from './row-ranges.ts';

const infinity = 0x7f800000;
const largestHalf = new Uint32Array(Float32Array.of(65520).buffer)[0]!;

/** From this magnitude up, as float32 bits, a weight would become infinity. Quantisers refuse what they cannot store. */
const tooLargeBits = (type: WrittenType): number => (type === 'F16' ? largestHalf : infinity);

export interface EncodingOptions {
  signal?: AbortSignal | undefined;
  /** Where weights become blocks; here, with the scalar search, where nothing else is given. */
  encoder?: WeightEncoder | undefined;
}

/**
 * The bytes of one tensor of the GGUF file, or of a part of it, a few rows at a time; the next ones are read meanwhile. Rejects
 * where a weight cannot be stored, and at the end where the data do not have their checksum, as far as they were all read.
 */
export async function* encodeRows(
  planned: PlannedTensor,
  { signal, encoder = encodeWeights }: EncodingOptions,
  part: EncodedPart = { from: 0, to: plannedBytes(planned) },
): AsyncGenerator<Uint8Array> {
  const { source, columns } = planned;
  const ranges = listRowRanges(planned, part);
  // One buffer for all: garbage of this size would pile up before it is collected.
  const buffer = new Float32Array(Math.max(0, ...ranges.map(({ rows }) => rows)) * columns);
  const wanted = readsAllInOrder(ranges, source) ? source.crc32 : undefined;
  let checksum = 0;
  for await (const { range, bytes } of readAhead(source.source, ranges, signal)) {
    if (wanted !== undefined) checksum = crc32(bytes, checksum);
    // [rows, columns] f32
    const weights = buffer.subarray(0, range.rows * columns);
    readWeights(source.dtype, bytes, weights, range);
    shift(weights, planned);
    const { encodedOffset } = range;
    const encoded = await encode(planned, weights, encoder);
    yield encoded.subarray(Math.max(0, part.from - encodedOffset), part.to - encodedOffset);
  }
  if (wanted !== undefined && checksum !== wanted) {
    throw checkpointError(
      'invalid-model',
      sentence`tensor-has-wrong-checksum: The numbers of the tensor "${{ tensor: source.name }}" do not have the checksum that ${{ file: source.file }} gives for them`,
    );
  }
}

/** Whether the data pass by once from the first byte to the last, as a checksum needs them; parts of a fused tensor do not. */
function readsAllInOrder(ranges: readonly RowRange[], { offset, bytes }: PlannedTensor['source']): boolean {
  let next = offset;
  for (const range of ranges) {
    if (range.offset !== next) return false;
    next += range.bytes;
  }
  return next === offset + bytes;
}

function readWeights(dtype: string, bytes: Uint8Array, weights: Float32Array, range: RowRange): void {
  const type = GgmlType[dtype as 'F32' | 'F16' | 'BF16'];
  const { rows, interleaves } = range;
  if (!interleaves) {
    dequantizeTensor(type, bytes, weights);
    return;
  }
  const columns = weights.length / rows;
  const rowBytes = bytes.length / rows;
  // Row 2i becomes row i of the source, row 2i + 1 its row i + rows / 2.
  for (let row = 0; row < rows; row++) {
    const from = ((row >> 1) + (row & 1) * (rows / 2)) * rowBytes;
    const to = weights.subarray(row * columns, (row + 1) * columns);
    dequantizeTensor(type, bytes.subarray(from, from + rowBytes), to);
  }
}

function shift(weights: Float32Array, { plus = 0, times = 1 }: PlannedTensor): void {
  if (plus === 0 && times === 1) return;
  for (let i = 0; i < weights.length; i++) weights[i] = Math.fround(weights[i]! + plus) * times;
}

/** Bytes of their own: the weights' buffer is filled anew. */
async function encode(
  planned: PlannedTensor,
  weights: Float32Array,
  encoder: WeightEncoder,
): Promise<Uint8Array> {
  const { source, type } = planned;
  const limit = tooLargeBits(type);
  if (largestMagnitudeBits(weights) >= limit) {
    const bad = weights.find(weight => largestMagnitudeBits(Float32Array.of(weight)) >= limit);
    throw unstorable(planned, sentence`has-the-weight: has the weight ${{ weight: String(bad) }}`);
  }
  try {
    return await encoder(type, weights);
  } catch (error) {
    if (!(error instanceof BedsideError)) throw error;
    throw new BedsideError(
      error.code,
      sentence`in-tensor: In "${{ tensor: source.name }}": ${{ error: error.sentence }}`,
      error.advice,
      error,
    );
  }
}

function unstorable({ source, type }: PlannedTensor, what: Sentence): BedsideError {
  return checkpointError(
    'invalid-model',
    sentence`tensor-cannot-be-stored: The tensor "${{ tensor: source.name }}" in ${{ file: source.file }} ${{ what }}, which ${{ type }} cannot store`,
  );
}
