import { FormatError } from '../errors.ts';
import { type Sentence, sentence } from '../sentence.ts';
import type { ByteSource } from './byte-source.ts';
import { quoted } from './gguf-cursor.ts';
import { elementBits, type TensorEntry } from './tensor-entry.ts';

/** Real headers stay below 1 MiB; one of this size would describe half a million tensors. */
const LARGEST_HEADER_BYTES = 64 * 2 ** 20;
const LENGTH_BYTES = 8;

/**
 * Reads the header of a safetensors file: where each tensor lies. As in the reference implementation, the tensors
 * must cover the data section exactly, without gaps, overlaps or bytes left over.
 *
 * Layout (huggingface/safetensors, README "Format"): header length u64 little-endian, header JSON
 * `{name: {dtype, shape, data_offsets: [begin, end]}}` with offsets from the end of the header, data.
 * @throws FormatError `invalid-model`, `truncated-model` or `unsupported-model`
 */
export async function parseSafetensors(source: ByteSource): Promise<Map<string, TensorEntry>> {
  const dataOffset = await readDataOffset(source);
  const header = await source.read(LENGTH_BYTES, dataOffset - LENGTH_BYTES);
  const tensors = Object.entries(parseHeader(header))
    .filter(([name]) => name !== '__metadata__')
    .map(([name, entry]) => readEntry(name, entry, dataOffset));
  checkCoverage(tensors, dataOffset, source.bytes);
  return new Map(tensors.map(tensor => [tensor.name, tensor]));
}

async function readDataOffset(source: ByteSource): Promise<number> {
  const prefix = await source.read(0, LENGTH_BYTES);
  const length = new DataView(prefix.buffer, prefix.byteOffset, LENGTH_BYTES).getBigUint64(0, true);
  if (length > LARGEST_HEADER_BYTES || length < 2n) {
    throw new FormatError(
      0,
      sentence`not-safetensors: This is not a safetensors file: its header has an impossible length`,
    );
  }
  const dataOffset = LENGTH_BYTES + Number(length);
  if (dataOffset > source.bytes) {
    throw new FormatError(
      source.bytes,
      sentence`file-ends-within-header: The file ends after ${{ fileBytes: source.bytes }} bytes, in the middle of its header`,
      'truncated-model',
    );
  }
  return dataOffset;
}

function parseHeader(bytes: Uint8Array): object {
  let header: unknown;
  try {
    header = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    throw new FormatError(
      LENGTH_BYTES,
      sentence`safetensors-header-is-not-json: The header of the safetensors file is not valid JSON`,
    );
  }
  if (!isObject(header))
    throw new FormatError(
      LENGTH_BYTES,
      sentence`safetensors-header-is-no-table: The header of the safetensors file is no table`,
    );
  return header;
}

function readEntry(name: string, entry: unknown, dataOffset: number): TensorEntry {
  const wrong = (what: Sentence) =>
    new FormatError(
      LENGTH_BYTES,
      sentence`wrong-tensor-entry: The tensor ${{ tensor: quoted(name) }} ${{ what }}`,
    );
  if (!isObject(entry)) throw wrong(sentence`entry-is-not-described: is not described`);
  const { dtype, shape, data_offsets: range } = entry as Record<string, unknown>;
  if (typeof dtype !== 'string')
    throw wrong(sentence`entry-without-type: does not say how its numbers are stored`);
  const bits = Object.hasOwn(elementBits, dtype) ? elementBits[dtype]! : undefined;
  if (bits === undefined) {
    throw new FormatError(
      LENGTH_BYTES,
      sentence`unknown-tensor-type: The tensor ${{ tensor: quoted(name) }} is stored as ${{ type: quoted(dtype) }}, which Bedside does not know`,
      'unsupported-model',
      'Use a copy of the model in BF16, F16 or F32.',
    );
  }
  if (!isCountList(shape)) throw wrong(sentence`entry-without-shape: has no valid shape`);
  if (!isCountList(range) || range.length !== 2)
    throw wrong(sentence`entry-without-place: has no valid place in the file`);
  const [begin, end] = range as [number, number];
  // By BigInt: a product of sizes could lose precision before it is compared.
  const wantedBits = shape.reduce((product, size) => product * BigInt(size), BigInt(bits));
  if (end < begin || wantedBits !== 8n * BigInt(end - begin)) {
    throw wrong(
      sentence`entry-of-another-size: is said to hold ${{ shape: shape.join(' x ') || 'one' }} ${{ type: dtype }} in ${{ heldBytes: end - begin }} bytes`,
    );
  }
  return { name, dtype, shape, bytes: end - begin, offset: dataOffset + begin };
}

function checkCoverage(tensors: TensorEntry[], dataOffset: number, fileBytes: number): void {
  let end = dataOffset;
  // An empty tensor lies where its neighbour starts, so length breaks the tie.
  for (const tensor of [...tensors].sort((a, b) => a.offset - b.offset || a.bytes - b.bytes)) {
    if (tensor.offset !== end) {
      const what =
        tensor.offset < end
          ? sentence`overlaps-the-one-before: overlaps the one before it`
          : sentence`gap-before: leaves a gap before it`;
      throw new FormatError(
        tensor.offset,
        sentence`wrong-tensor-place: The data of the tensor ${{ tensor: quoted(tensor.name) }} ${{ what }}`,
      );
    }
    end += tensor.bytes;
  }
  if (end > fileBytes) {
    throw new FormatError(
      fileBytes,
      sentence`tensors-beyond-end: The file ends after ${{ fileBytes }} bytes, but its tensors need ${{ neededBytes: end }}`,
      'truncated-model',
      'The download or copy probably stopped early. Get the file again and check its size.',
    );
  }
  if (end < fileBytes) {
    throw new FormatError(
      end,
      sentence`bytes-of-no-tensor: The file has ${{ unclaimedBytes: fileBytes - end }} bytes that belong to no tensor`,
    );
  }
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isCountList(value: unknown): value is number[] {
  return Array.isArray(value) && value.every(item => Number.isSafeInteger(item) && item >= 0);
}
