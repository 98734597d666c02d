import { FormatError } from '../errors.ts';
import { sentence } from '../sentence.ts';
import type { ByteSource } from './byte-source.ts';
import { crc32 } from './crc32.ts';
import { quoted } from './gguf-cursor.ts';
import { pytorchNames, TorchTensor } from './pytorch-objects.ts';
import { pickleLimits, readPickle } from './restricted-pickle.ts';
import type { TensorEntry } from './tensor-entry.ts';
import { readZipDirectory, type ZipEntry } from './zip-directory.ts';

const USE_SAFETENSORS = 'Get the copy of the model that comes as .safetensors files.';
const listFile = 'data.pkl';

/**
 * Reads what a PyTorch checkpoint says of its tensors, as `torch.save(model.state_dict(), ...)` has written it since
 * PyTorch 1.6: a ZIP archive with a pickle, `NAME/data.pkl`, and the numbers of each storage in `NAME/data/KEY`. No
 * weight is read, and nothing that the file says is run.
 * @throws FormatError `unsafe-model` where the file holds a program; `invalid-model`, `truncated-model`,
 *   `unsupported-model`
 */
export async function parsePytorchCheckpoint(source: ByteSource): Promise<Map<string, TensorEntry>> {
  await checkForm(source);
  const entries = await readZipDirectory(source);
  const list = findList(entries);
  const prefix = list.name.slice(0, -listFile.length);
  await checkByteOrder(source, entries.get(`${prefix}byteorder`));
  const weights = readPickle(await readList(source, list), pytorchNames, list.offset);
  if (!(weights instanceof Map)) {
    throw new FormatError(
      list.offset,
      sentence`no-table-of-weights: The file holds no table of weights`,
      'unsupported-model',
      USE_SAFETENSORS,
    );
  }
  const tensors = new Map<string, TensorEntry>();
  for (const [name, value] of weights as Map<string, unknown>) {
    tensors.set(name, locate(name, value, entries, prefix, list.offset));
  }
  return tensors;
}

async function checkForm(source: ByteSource): Promise<void> {
  const head = await source.read(0, Math.min(source.bytes, 4));
  const magic = String.fromCharCode(...head);
  if (magic === 'PK\x03\x04') return;
  // A pickle that is not inside an archive.
  if (head[0] === 0x80) {
    throw new FormatError(
      0,
      sentence`old-pytorch-form: This PyTorch file is in the form from before PyTorch 1.6 (2020), which cannot be read`,
      'unsupported-model',
      `${USE_SAFETENSORS} Or load and save it again with a newer PyTorch, if you trust its publisher.`,
    );
  }
  throw new FormatError(0, sentence`not-a-pytorch-checkpoint: This is not a PyTorch checkpoint`);
}

function findList(entries: ReadonlyMap<string, ZipEntry>): ZipEntry {
  const lists = [...entries.values()].filter(({ name }) => /^[^/]+\/data\.pkl$/.test(name));
  if (lists.length === 1) return lists[0]!;
  throw new FormatError(
    0,
    sentence`archive-without-list-of-weights: This archive is not a PyTorch checkpoint: it has no list of weights`,
  );
}

async function readList(source: ByteSource, list: ZipEntry): Promise<Uint8Array> {
  if (list.bytes > pickleLimits.bytes) {
    throw new FormatError(
      list.offset,
      sentence`list-of-weights-too-long: The list of weights is ${{ listBytes: list.bytes }} bytes long`,
    );
  }
  const bytes = await source.read(list.offset, list.bytes);
  if (hasChecksum(list) && crc32(bytes) !== list.crc32) {
    throw new FormatError(
      list.offset,
      sentence`list-of-weights-has-wrong-checksum: The list of weights does not have the checksum that the file gives for it`,
    );
  }
  return bytes;
}

/** PyTorch writes 0 where it was told to spare the checksums (torch.serialization.set_crc32_options). */
function hasChecksum(entry: ZipEntry): boolean {
  return entry.crc32 !== 0;
}

async function checkByteOrder(source: ByteSource, entry: ZipEntry | undefined): Promise<void> {
  if (entry === undefined) return;
  const order = String.fromCharCode(...(await source.read(entry.offset, Math.min(entry.bytes, 16))));
  if (order !== 'little') {
    throw new FormatError(
      entry.offset,
      sentence`big-endian-weights: The numbers in this file are in the byte order of another kind of computer`,
      'unsupported-model',
      USE_SAFETENSORS,
    );
  }
}

function locate(
  name: string,
  value: unknown,
  entries: ReadonlyMap<string, ZipEntry>,
  prefix: string,
  listOffset: number,
): TensorEntry {
  if (!(value instanceof TorchTensor)) {
    throw new FormatError(
      listOffset,
      sentence`not-a-tensor: What the file calls ${{ name: quoted(name) }} is no tensor`,
      'unsupported-model',
      'Get the model itself; files of a training run hold other things besides.',
    );
  }
  const { storage, dtype, shape, bytes } = value;
  const entry = entries.get(`${prefix}data/${storage.key}`);
  if (entry === undefined) {
    throw new FormatError(
      listOffset,
      sentence`tensor-data-is-missing: The numbers of the tensor ${{ tensor: quoted(name) }} are not in the file`,
    );
  }
  if (entry.bytes !== storage.bytes) {
    throw new FormatError(
      entry.offset,
      sentence`tensor-data-of-another-size: The tensor ${{ tensor: quoted(name) }} needs ${{ neededBytes: storage.bytes }} bytes, but the file holds ${{ heldBytes: entry.bytes }} for it`,
    );
  }
  const isWhole = bytes === entry.bytes && hasChecksum(entry);
  return {
    name,
    dtype,
    shape,
    bytes,
    offset: entry.offset + value.offset,
    ...(isWhole ? { crc32: entry.crc32 } : {}),
  };
}
