import { BedsideError } from '../errors.ts';
import { type Sentence, sentence } from '../sentence.ts';
import { type ByteSource, bytesSource } from './byte-source.ts';
import { ByteWriter } from './byte-writer.ts';
import { parseGguf } from './gguf.ts';
import { quoted } from './gguf-cursor.ts';
import { getOptionalString } from './gguf-metadata.ts';
import type { GgufFile, GgufTensor } from './gguf-types.ts';
import { joinedSource, type Segment } from './joined-source.ts';
import { chooseAll, missingShards, readShard, type Shard, shardKeys } from './shard.ts';

interface Part {
  source: ByteSource;
  file: GgufFile;
  shard: Shard;
}

interface PlacedTensor {
  tensor: GgufTensor;
  source: ByteSource;
  /** From the start of the joined data. */
  offset: number;
}

/** Behind magic, version and the two counts. */
const PROPERTIES_OFFSET = 4 + 4 + 8 + 8;

/**
 * The parts of a model that was split (llama.cpp's gguf-split), in any order, as the one GGUF file that they were: the
 * properties of the first part, the descriptions of all tensors, and their data, which stay where they are. Only headers
 * are read here. One whole file comes back as it is.
 *
 * The parts carry nothing that names their model, only how many they are and how many tensors they hold together: parts of
 * two models with the same tensors cannot be told apart.
 * @param names of the files, in the order of `sources`, for what there is to say about one of them
 * @throws `part-missing`, `part-mismatch`, FormatError
 */
export async function joinShards(
  sources: readonly ByteSource[],
  names: readonly (string | undefined)[] = [],
): Promise<ByteSource> {
  const parts: Part[] = [];
  for (const [index, source] of sources.entries()) {
    const name = names[index];
    const file = await parseGguf(source).catch(thrown => {
      throw aboutFile(name, thrown);
    });
    const shard = readShard(file);
    if (shard) parts.push({ source, file, shard });
    else if (sources.length === 1) return source;
    else
      throw mismatch(
        sentence`whole-model-among-shards: ${{ file: name ?? 'One of the files' }} is a whole model, not a part of one`,
      );
  }
  const inOrder = parts.sort((a, b) => a.shard.number - b.shard.number);
  checkParts(inOrder);
  return join(inOrder);
}

function aboutFile(name: string | undefined, thrown: unknown): unknown {
  if (name === undefined || !(thrown instanceof BedsideError)) return thrown;
  return new BedsideError(
    thrown.code,
    sentence`in-named-file: ${{ file: name }}: ${{ error: thrown.sentence }}`,
    thrown.advice,
    thrown.cause,
  );
}

/** @param parts by their numbers */
function checkParts(parts: readonly Part[]): void {
  const [{ shard: first }] = parts as [Part];
  for (const { shard } of parts) {
    if (shard.count !== first.count) {
      throw mismatch(
        sentence`shard-counts-differ: one is of a model in ${{ first: first.count }} parts, another of one in ${{ second: shard.count }}`,
      );
    }
  }
  const numbers = parts.map(({ shard }) => shard.number);
  const twice = numbers.find((number, index) => numbers[index - 1] === number);
  if (twice !== undefined) {
    throw new BedsideError(
      'part-mismatch',
      sentence`shard-is-there-twice: Part ${{ number: twice }} of ${{ count: first.count }} is there twice.`,
      chooseAll(first.count),
    );
  }
  if (parts.length < first.count) throw missingShards(numbers, first.count);
  checkArchitectures(parts);
  checkTensors(parts);
}

/** Parts behind the first need not say what they are of. */
function checkArchitectures(parts: readonly Part[]): void {
  const named = parts.map(({ file }) => getOptionalString(file, 'general.architecture'));
  const [first, ...others] = new Set(named.filter(name => name !== undefined));
  if (first === undefined || others.length === 0) return;
  throw mismatch(
    sentence`shard-architectures-differ: one is of the kind ${{ first: quoted(first) }}, another of the kind ${{ second: quoted(others[0]!) }}`,
  );
}

function checkTensors(parts: readonly Part[]): void {
  const expected = parts[0]!.shard.tensors;
  const owners = new Map<string, number>();
  for (const { file, shard } of parts) {
    if (shard.tensors !== expected) {
      throw mismatch(
        sentence`shard-tensor-counts-differ: one is of a model of ${{ first: expected }} tensors, another of one of ${{ second: shard.tensors }}`,
      );
    }
    for (const { name } of file.tensors) {
      const owner = owners.get(name);
      if (owner !== undefined) {
        throw mismatch(
          sentence`tensor-in-two-shards: the tensor ${{ tensor: quoted(name) }} is in part ${{ first: owner }} and in part ${{ second: shard.number }}`,
        );
      }
      owners.set(name, shard.number);
    }
  }
  if (owners.size !== expected) {
    throw mismatch(
      sentence`shards-hold-other-tensors: they hold ${{ held: owners.size }} tensors together, but the model has ${{ expected }}`,
    );
  }
}

function mismatch(why: Sentence): BedsideError {
  return new BedsideError(
    'part-mismatch',
    sentence`not-one-model: These files are not the parts of one model: ${{ why }}.`,
    'Choose all the parts of one model and no others, or get them again from one place.',
  );
}

/** Tensors in the order of the parts, each at the next multiple of the first part's alignment. */
async function join(parts: readonly Part[]): Promise<ByteSource> {
  const [first] = parts as [Part];
  const { alignment } = first.file;
  const align = (offset: number) => Math.ceil(offset / alignment) * alignment;
  const placed: PlacedTensor[] = [];
  let dataBytes = 0;
  for (const { file, source } of parts) {
    for (const tensor of file.tensors) {
      placed.push({ tensor, source, offset: dataBytes });
      dataBytes = align(dataBytes + tensor.bytes);
    }
  }
  const header = writeHeader(first.file.version, await readProperties(first), placed, alignment);
  const segments: Segment[] = [{ start: 0, bytes: header.length, source: bytesSource(header), from: 0 }];
  for (const { tensor, source, offset } of placed) {
    const start = header.length + offset;
    const last = segments.at(-1)!;
    // What lies as it did in its part is read as one run, with the padding between.
    if (last.source === source && start - last.start === tensor.offset - last.from) {
      last.bytes = start + tensor.bytes - last.start;
    } else segments.push({ start, bytes: tensor.bytes, source, from: tensor.offset });
  }
  return { ...joinedSource(segments, header.length + dataBytes), name: first.source.name };
}

/** The properties of a part but those about the split, as they stand in the file: parsing would lose their types. */
async function readProperties({ file, source }: Part): Promise<Uint8Array[]> {
  const { keyOffsets, tensorInfoOffset } = file;
  const all = await source.read(PROPERTIES_OFFSET, tensorInfoOffset - PROPERTIES_OFFSET);
  const starts = [...keyOffsets.values(), tensorInfoOffset].map(offset => offset - PROPERTIES_OFFSET);
  const dropped = new Set<string>(Object.values(shardKeys));
  return [...keyOffsets.keys()].flatMap((key, index) =>
    dropped.has(key) ? [] : [all.subarray(starts[index], starts[index + 1])],
  );
}

function writeHeader(
  version: number,
  properties: readonly Uint8Array[],
  placed: readonly PlacedTensor[],
  alignment: number,
): Uint8Array {
  const out = new ByteWriter().bytes('GGUF').u32(version).u64(placed.length).u64(properties.length);
  for (const property of properties) out.bytes(property);
  for (const { tensor, offset } of placed) {
    out.string(tensor.name).u32(tensor.shape.length);
    for (const size of tensor.shape) out.u64(size);
    out.u32(tensor.type).u64(offset);
  }
  return out.pad(alignment).finish();
}
