import { abortedError, FormatError } from '../errors.ts';
import { sentence } from '../sentence.ts';
import type { ByteSource } from './byte-source.ts';
import { notGgufError } from './foreign-files.ts';
import { GgufCursor } from './gguf-cursor.ts';
import { readTensors } from './gguf-tensors.ts';
import { type GgufFile, type GgufValue, ggufLimits } from './gguf-types.ts';
import { readMetadata } from './gguf-values.ts';

export type { GgufFile, GgufNumericArray, GgufTensor, GgufValue } from './gguf-types.ts';

const MAGIC = 'GGUF';
const DEFAULT_ALIGNMENT = 32;
// Of a property: key length, one byte of key, value type, one byte of value.
const SMALLEST_PROPERTY_BYTES = 8 + 1 + 4 + 1;
// Of a tensor description: name length, one byte of name, dimension count, one dimension, type, offset.
const SMALLEST_TENSOR_INFO_BYTES = 8 + 1 + 4 + 8 + 4 + 8;

/**
 * Reads the header of a GGUF file (versions 2 and 3, little-endian) from bounded slices: its properties and
 * where each tensor lies. What comes back is consistent: types known, sizes exact, every tensor aligned, inside
 * the file and clear of the others. Whether it is a model that can be run is for the loader to say.
 *
 * Layout (ggml's docs/gguf.md): magic, version u32, tensor count u64, property count u64, properties, tensor
 * descriptions, padding to the alignment, data.
 * @throws FormatError naming the byte and what is wrong with it; `aborted` when the signal says so
 */
export async function parseGguf(
  source: ByteSource,
  options: { signal?: AbortSignal } = {},
): Promise<GgufFile> {
  if (options.signal?.aborted) throw abortedError();
  const cursor = new GgufCursor(source, options.signal);
  await readMagic(cursor);
  const version = await readVersion(cursor);
  const tensorCount = await readCount(cursor, 'tensors', ggufLimits.tensors);
  const propertyCount = await readCount(cursor, 'properties', ggufLimits.keys);
  cursor.requirePresent(
    tensorCount * SMALLEST_TENSOR_INFO_BYTES + propertyCount * SMALLEST_PROPERTY_BYTES,
    sentence`the-header: the header`,
  );
  const { metadata, keyOffsets } = await readMetadata(cursor, propertyCount);
  const alignment = readAlignment(metadata, keyOffsets);
  const tensorInfoOffset = cursor.position;
  const { tensors, dataOffset } = await readTensors(cursor, tensorCount, alignment);
  const bytes = source.bytes;
  return { version, metadata, keyOffsets, tensorInfoOffset, tensors, dataOffset, alignment, bytes };
}

async function readMagic(cursor: GgufCursor): Promise<void> {
  const headBytes = Math.min(256, cursor.source.bytes);
  await cursor.need(headBytes, sentence`the-header: the header`);
  const view = cursor.take(headBytes);
  const head = new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
  const start = String.fromCharCode(...head.subarray(0, MAGIC.length));
  if (start === '' || !MAGIC.startsWith(start)) throw notGgufError(head, cursor.source.bytes);
  cursor.position = 0;
  cursor.requirePresent(MAGIC.length, sentence`the-header: the header`);
  cursor.position = MAGIC.length;
}

async function readVersion(cursor: GgufCursor): Promise<number> {
  await cursor.need(4, sentence`the-header: the header`);
  const at = cursor.position;
  const version = cursor.u32();
  if (version === 2 || version === 3) return version;
  const convert = 'Look for a newer copy of the model, or convert it again with current tools.';
  if (version === 1) {
    const what = sentence`early-gguf-version: This model is in GGUF version 1, an early form that is no longer read`;
    throw new FormatError(at, what, 'unsupported-model', convert);
  }
  if (version !== 0 && (version & 0xffff) === 0) {
    const what = sentence`big-endian-model: This model was written for big-endian computers`;
    throw new FormatError(
      at,
      what,
      'unsupported-model',
      'Look for the usual (little-endian) copy of the model.',
    );
  }
  if (version > 3 && version < 256) {
    const what = sentence`later-gguf-version: This model is in GGUF version ${{ version }}, newer than Bedside can read`;
    throw new FormatError(
      at,
      what,
      'unsupported-model',
      'Look for a copy in GGUF version 3, or a newer Bedside.',
    );
  }
  throw new FormatError(
    at,
    sentence`no-such-gguf-version: There is no GGUF version ${{ version: String(version) }}`,
  );
}

async function readCount(cursor: GgufCursor, what: 'tensors' | 'properties', limit: number): Promise<number> {
  await cursor.need(8, sentence`the-header: the header`);
  const count = cursor.u64(sentence`number-of: the number of ${{ of: what }}`);
  if (count > limit) {
    throw new FormatError(
      cursor.position - 8,
      sentence`too-many-entries: The file claims ${{ count }} ${{ what }}; at most ${{ most: limit }} are allowed`,
    );
  }
  return count;
}

function readAlignment(
  metadata: ReadonlyMap<string, GgufValue>,
  keyOffsets: ReadonlyMap<string, number>,
): number {
  const alignment = metadata.get('general.alignment') ?? DEFAULT_ALIGNMENT;
  if (
    typeof alignment !== 'number' ||
    alignment < ggufLimits.smallestAlignment ||
    alignment > ggufLimits.largestAlignment ||
    !Number.isInteger(Math.log2(alignment))
  ) {
    throw new FormatError(
      keyOffsets.get('general.alignment') ?? 0,
      sentence`wrong-alignment: The property "general.alignment" is ${{ alignment: String(alignment) }}; it must be a power of two from ${{ least: ggufLimits.smallestAlignment }} to ${{ most: ggufLimits.largestAlignment }}`,
    );
  }
  return alignment;
}
