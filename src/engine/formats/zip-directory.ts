import { FormatError } from '../errors.ts';
import { type Sentence, sentence } from '../sentence.ts';
import type { ByteSource } from './byte-source.ts';
import { quoted } from './gguf-cursor.ts';
import { readZipEnd, viewOf } from './zip-end.ts';

const ENTRY_BYTES = 46;
const LOCAL_BYTES = 30;
const ENTRY_MAGIC = 0x02014b50;
const LOCAL_MAGIC = 0x04034b50;
/** Of the extra field that carries numbers of 64 bits. */
const ZIP64_TAG = 1;
const UNSAID = 0xffffffff;

/** Flags that change how an entry is read: encryption, and the directory's own. */
const CODED_FLAGS = 0b10_0000_0100_0001;

/** Checkpoints have an entry a tensor: a few hundred in a file. */
const MOST_ENTRIES = 2 ** 16;
const LARGEST_DIRECTORY_BYTES = 16 * 2 ** 20;
/** Each lies elsewhere in the file: on a server, each is a request. */
const HEADERS_AT_ONCE = 8;

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** A file inside an archive, stored as it is. */
export interface ZipEntry {
  name: string;
  /** Of its first byte, from the start of the archive. */
  offset: number;
  bytes: number;
  crc32: number;
}

interface Listed extends Omit<ZipEntry, 'offset'> {
  /** Of the header in front of its data. */
  headerOffset: number;
}

/**
 * Reads the directory of a ZIP archive of any size: where each entry's bytes lie. Only stored entries are accepted, so
 * nothing can grow when it is read. Sizes come from the directory (PyTorch leaves them out of the headers in front of
 * the data); entries must not overlap one another or the directory.
 *
 * Layout: APPNOTE.TXT 6.3.10, 4.3.7, 4.3.12 and 4.5.3.
 * @throws FormatError `invalid-model`, `truncated-model` or `unsupported-model`
 */
export async function readZipDirectory(source: ByteSource): Promise<Map<string, ZipEntry>> {
  const { entries, directoryOffset, directoryBytes } = await readZipEnd(source);
  if (
    entries > MOST_ENTRIES ||
    directoryBytes > LARGEST_DIRECTORY_BYTES ||
    entries * ENTRY_BYTES > directoryBytes
  ) {
    throw new FormatError(
      directoryOffset,
      sentence`contents-of-impossible-length: The list of contents has an impossible length`,
    );
  }
  const directory = await source.read(directoryOffset, directoryBytes);
  const listed = listEntries(directory, entries, directoryOffset).sort(
    (a, b) => a.headerOffset - b.headerOffset,
  );
  const found = new Map<string, ZipEntry>();
  for (let first = 0; first < listed.length; first += HEADERS_AT_ONCE) {
    const some = listed.slice(first, first + HEADERS_AT_ONCE).map((entry, i) => {
      const limit = listed[first + i + 1]?.headerOffset ?? directoryOffset;
      const finding = findData(source, entry, limit);
      // Its turn may never come; the error is then nobody's.
      finding.catch(() => undefined);
      return { entry, limit, finding };
    });
    for (const { entry, limit, finding } of some) {
      const offset = await finding;
      if (offset + entry.bytes > limit) throw overlapping(entry);
      found.set(entry.name, { name: entry.name, offset, bytes: entry.bytes, crc32: entry.crc32 });
    }
  }
  if (found.size !== entries) {
    throw new FormatError(
      directoryOffset,
      sentence`contents-name-a-part-twice: The list of contents names the same part twice`,
    );
  }
  return found;
}

function listEntries(directory: Uint8Array, entries: number, directoryOffset: number): Listed[] {
  const view = viewOf(directory);
  const listed: Listed[] = [];
  let at = 0;
  const wrong = (what: Sentence) =>
    new FormatError(directoryOffset + at, sentence`wrong-list-of-contents: The list of contents ${{ what }}`);
  for (let i = 0; i < entries; i++) {
    if (at + ENTRY_BYTES > directory.length || view.getUint32(at, true) !== ENTRY_MAGIC) {
      throw wrong(sentence`contents-are-damaged: is damaged`);
    }
    const nameEnd = at + ENTRY_BYTES + view.getUint16(at + 28, true);
    const extraEnd = nameEnd + view.getUint16(at + 30, true);
    const end = extraEnd + view.getUint16(at + 32, true);
    if (end > directory.length) throw wrong(sentence`contents-are-damaged: is damaged`);
    const name = decodeName(directory.subarray(at + ENTRY_BYTES, nameEnd));
    if (name === undefined)
      throw wrong(sentence`contents-name-is-not-utf8: has a name that is not valid text (UTF-8)`);
    refuseCoded(view, at, name, directoryOffset);
    const sizes = readSizes(view, at, nameEnd, extraEnd);
    if (sizes === undefined)
      throw wrong(sentence`contents-without-place: does not say where ${{ part: quoted(name) }} lies`);
    listed.push({ name, crc32: view.getUint32(at + 16, true), ...sizes });
    at = end;
  }
  if (at !== directory.length)
    throw wrong(sentence`contents-longer-than-entries: is longer than its entries`);
  return listed;
}

function decodeName(bytes: Uint8Array): string | undefined {
  try {
    return utf8.decode(bytes);
  } catch {
    return undefined;
  }
}

function refuseCoded(view: DataView, at: number, name: string, directoryOffset: number): void {
  const isEncrypted = (view.getUint16(at + 8, true) & CODED_FLAGS) !== 0;
  if (!isEncrypted && view.getUint16(at + 10, true) === 0) return;
  throw new FormatError(
    directoryOffset + at,
    isEncrypted
      ? sentence`part-is-encrypted: The part ${{ part: quoted(name) }} of this archive is encrypted, which PyTorch never does`
      : sentence`part-is-compressed: The part ${{ part: quoted(name) }} of this archive is compressed, which PyTorch never does`,
    'unsupported-model',
    'Get the model’s own files; if they came inside an archive, unpack it first.',
  );
}

/** Sizes and place of an entry; in 64 bits where the 32 are not enough. Undefined where they contradict themselves. */
function readSizes(view: DataView, at: number, extra: number, extraEnd: number) {
  const stored = [24, 20, 42].map(field => view.getUint32(at + field, true));
  const isShort = stored.every(value => value !== UNSAID);
  const long = isShort ? undefined : findZip64(view, extra, extraEnd);
  const values = stored.map(value => {
    if (value !== UNSAID) return value;
    return long?.shift();
  });
  const [bytes, packedBytes, headerOffset] = values;
  if (bytes === undefined || headerOffset === undefined || bytes !== packedBytes) return undefined;
  return { bytes, headerOffset };
}

/** The numbers of the ZIP64 extra field, in its order: size, stored size, place; only those that are needed are there. */
function findZip64(view: DataView, start: number, end: number): number[] {
  for (let at = start; at + 4 <= end; ) {
    const length = view.getUint16(at + 2, true);
    const next = at + 4 + length;
    if (view.getUint16(at, true) === ZIP64_TAG && next <= end) {
      const numbers = Array.from({ length: length >> 3 }, (_, i) => view.getBigUint64(at + 4 + 8 * i, true));
      return numbers.every(value => value <= Number.MAX_SAFE_INTEGER) ? numbers.map(Number) : [];
    }
    at = next;
  }
  return [];
}

/** The first byte of an entry's data, behind its own header, which must bear the same name. */
async function findData(source: ByteSource, entry: Listed, limit: number): Promise<number> {
  const { name, headerOffset } = entry;
  const nameBytes = new TextEncoder().encode(name);
  const headerBytes = LOCAL_BYTES + nameBytes.length;
  if (headerOffset + headerBytes > limit) throw overlapping(entry);
  const header = await source.read(headerOffset, headerBytes);
  const view = viewOf(header);
  const isSame =
    view.getUint32(0, true) === LOCAL_MAGIC &&
    view.getUint16(8, true) === 0 &&
    view.getUint16(26, true) === nameBytes.length &&
    nameBytes.every((byte, i) => header[LOCAL_BYTES + i] === byte);
  if (!isSame) {
    throw new FormatError(
      headerOffset,
      sentence`part-is-elsewhere: The part ${{ part: quoted(name) }} is not where the list of contents says`,
    );
  }
  return headerOffset + headerBytes + view.getUint16(28, true);
}

function overlapping({ name, headerOffset }: Listed): FormatError {
  return new FormatError(
    headerOffset,
    sentence`parts-overlap: The part ${{ part: quoted(name) }} runs into the one behind it`,
  );
}
