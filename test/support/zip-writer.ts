/**
 * Writes ZIP archives as `torch.save` does: stored, sizes of each entry behind its data and in the directory alone, data
 * at multiples of 64 bytes, ZIP64 records at the end. It checks nothing, so that it can write malformed archives too.
 */
import { crc32 } from '../../src/engine/formats/crc32.ts';

export interface WriterEntry {
  name: string;
  data: Uint8Array;
  /** What the directory says instead of the truth. */
  says?: {
    name?: string;
    method?: number;
    flags?: number;
    crc32?: number;
    bytes?: number;
    packedBytes?: number;
    headerOffset?: number;
    /** Sizes and place as 64-bit numbers in an extra field. */
    inZip64?: boolean;
    /** Of the ZIP64 field; by default as many numbers as are needed. */
    zip64Numbers?: readonly (number | bigint)[];
  };
}

export interface ArchiveOptions {
  /** False: only the short record at the end. */
  isZip64?: boolean;
  /** Changes the records at the end before they are written: all their numbers. */
  end?: { entries?: number; directoryBytes?: number; directoryOffset?: number; end64Offset?: number };
  /** What the short record says besides the ZIP64 one. */
  shortEntries?: number;
}

const DATA_ALIGNMENT = 64;
const FLAGS = 0x0808;

export function writeZip(
  entries: readonly WriterEntry[],
  options: ArchiveOptions = {},
): Uint8Array<ArrayBuffer> {
  const { isZip64 = true } = options;
  const out: number[] = [];
  const directory: number[] = [];
  for (const { name, data, says = {} } of entries) {
    const headerOffset = out.length;
    const raw = [...new TextEncoder().encode(name)];
    const unaligned = headerOffset + 30 + raw.length + 4;
    const padding = (DATA_ALIGNMENT - (unaligned % DATA_ALIGNMENT)) % DATA_ALIGNMENT;
    const extra = [...little(0x4246, 2), ...little(padding, 2), ...new Array<number>(padding).fill(0x5a)];
    out.push(...little(0x04034b50, 4), 0, 0, ...little(FLAGS, 2), ...new Array<number>(18).fill(0));
    out.push(...little(raw.length, 2), ...little(extra.length, 2), ...raw, ...extra);
    for (const byte of data) out.push(byte);
    const sum = says.crc32 ?? crc32(data);
    out.push(
      ...little(0x08074b50, 4),
      ...little(sum, 4),
      ...little(data.length, 4),
      ...little(data.length, 4),
    );

    const listed = [...new TextEncoder().encode(says.name ?? name)];
    const numbers = [
      says.bytes ?? data.length,
      says.packedBytes ?? says.bytes ?? data.length,
      says.headerOffset ?? headerOffset,
    ];
    const zip64 = (says.zip64Numbers ?? numbers).flatMap(value => little(value, 8));
    const long = says.inZip64 ? [...little(1, 2), ...little(zip64.length, 2), ...zip64] : [];
    const [bytes, packedBytes, offset] = numbers.map(value => little(says.inZip64 ? 0xffffffff : value, 4));
    directory.push(...little(0x02014b50, 4), 0, 0, 0, 0, ...little(says.flags ?? FLAGS, 2));
    directory.push(...little(says.method ?? 0, 2), 0, 0, 0, 0, ...little(sum, 4), ...packedBytes!, ...bytes!);
    directory.push(...little(listed.length, 2), ...little(long.length, 2), ...new Array<number>(10).fill(0));
    directory.push(...offset!, ...listed, ...long);
  }
  const {
    entries: count = entries.length,
    directoryBytes = directory.length,
    directoryOffset = out.length,
    end64Offset = out.length + directory.length,
  } = options.end ?? {};
  const body = Uint8Array.from([...out, ...directory]);
  const long = isZip64
    ? [
        ...[...little(0x06064b50, 4), ...little(44, 8), ...little(0x2d031e, 4), ...little(0, 8)],
        ...[
          ...little(count, 8),
          ...little(count, 8),
          ...little(directoryBytes, 8),
          ...little(directoryOffset, 8),
        ],
        ...[...little(0x07064b50, 4), ...little(0, 4), ...little(end64Offset, 8), ...little(1, 4)],
      ]
    : [];
  const entriesShort = little(options.shortEntries ?? count, 2);
  const short = [...little(0x06054b50, 4), ...little(0, 4), ...entriesShort, ...entriesShort];
  short.push(...little(directoryBytes, 4), ...little(directoryOffset, 4), 0, 0);
  return Uint8Array.from([...body, ...long, ...short]);
}

function little(value: number | bigint, bytes: number): number[] {
  return Array.from({ length: bytes }, (_, i) => Number((BigInt(value) >> BigInt(8 * i)) & 0xffn));
}
