import { FormatError } from '../errors.ts';
import { sentence } from '../sentence.ts';
import type { ByteSource } from './byte-source.ts';

const END_BYTES = 22;
const LOCATOR_BYTES = 20;
const END64_BYTES = 56;

const END_MAGIC = 0x06054b50;
const LOCATOR_MAGIC = 0x07064b50;
const END64_MAGIC = 0x06064b50;

/** Where an archive's directory lies. */
export interface ZipEnd {
  entries: number;
  directoryOffset: number;
  directoryBytes: number;
}

/**
 * Reads the records at the end of a ZIP archive (APPNOTE.TXT 4.3.14 to 4.3.16). They must follow one another up to the
 * last byte, as PyTorch writes them: an archive that two programs could read differently is refused.
 * @throws FormatError `invalid-model` or `truncated-model`
 */
export async function readZipEnd(source: ByteSource): Promise<ZipEnd> {
  const tailBytes = Math.min(source.bytes, END_BYTES + LOCATOR_BYTES + END64_BYTES);
  const tailOffset = source.bytes - tailBytes;
  const tail = viewOf(await source.read(tailOffset, tailBytes));
  const endAt = tailBytes - END_BYTES;
  if (endAt < 0 || tail.getUint32(endAt, true) !== END_MAGIC) {
    throw new FormatError(
      source.bytes,
      sentence`file-without-list-of-contents: The file ends after ${{ fileBytes: source.bytes }} bytes without its list of contents`,
      'truncated-model',
      'The download or copy probably stopped early. Get the file again and check its size.',
    );
  }
  const short: ZipEnd = {
    entries: tail.getUint16(endAt + 10, true),
    directoryBytes: tail.getUint32(endAt + 12, true),
    directoryOffset: tail.getUint32(endAt + 16, true),
  };
  const locatorAt = endAt - LOCATOR_BYTES;
  const isLong = locatorAt >= END64_BYTES && tail.getUint32(locatorAt, true) === LOCATOR_MAGIC;
  const end = isLong ? readLongEnd(tail, tailOffset, short) : short;
  const endOffset = tailOffset + (isLong ? locatorAt - END64_BYTES : endAt);
  if (end.directoryOffset + end.directoryBytes !== endOffset) throw inconsistent(endOffset);
  return end;
}

/** The ZIP64 record, which precedes its locator; numbers that the short record also gives must agree. */
function readLongEnd(tail: DataView, tailOffset: number, short: ZipEnd): ZipEnd {
  const offset = tailOffset;
  const count = (at: number) => {
    const value = tail.getBigUint64(at, true);
    if (value > Number.MAX_SAFE_INTEGER) throw inconsistent(offset + at);
    return Number(value);
  };
  const end = { entries: count(32), directoryBytes: count(40), directoryOffset: count(48) };
  const agrees = (given: number, unsaid: number, wanted: number) => given === unsaid || given === wanted;
  if (
    tail.getUint32(0, true) !== END64_MAGIC ||
    count(END64_BYTES + 8) !== tailOffset ||
    !agrees(short.entries, 0xffff, end.entries) ||
    !agrees(short.directoryBytes, 0xffffffff, end.directoryBytes) ||
    !agrees(short.directoryOffset, 0xffffffff, end.directoryOffset)
  ) {
    throw inconsistent(offset);
  }
  return end;
}

function inconsistent(offset: number): FormatError {
  return new FormatError(
    offset,
    sentence`contents-contradict-themselves: The list of contents at the end of the file contradicts itself`,
  );
}

export function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
