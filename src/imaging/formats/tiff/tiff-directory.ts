import { sentence } from '../../../engine/sentence.ts';
import { BoundedBytes } from '../bounded-bytes.ts';
import { damagedImage } from '../image-errors.ts';

/** Bytes of a value by its type: BYTE, ASCII, SHORT, LONG, RATIONAL, SBYTE, UNDEFINED, SSHORT, SLONG (TIFF 6.0, section 2). */
const typeBytes: Readonly<Record<number, number>> = { 1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4 };
/** More pages than are counted. */
const mostDirectories = 1000;
/** The greatest table is that of the colours of 16-bit indices. */
const mostValues = 3 * 65_536;

/** The fields of a page (TIFF 6.0, section 2), whose values are read as they are asked for. */
export class TiffDirectory {
  readonly #bytes: BoundedBytes;
  readonly isLittle: boolean;
  readonly #entries: ReadonlyMap<number, number>;

  constructor(bytes: BoundedBytes, isLittle: boolean, entries: ReadonlyMap<number, number>) {
    this.#bytes = bytes;
    this.isLittle = isLittle;
    this.#entries = entries;
  }

  has(tag: number): boolean {
    return this.#entries.has(tag);
  }

  /** Whole numbers; none where the field is missing or of another kind. `most`: that are looked at. */
  numbers(tag: number, most = mostValues): number[] {
    const field = this.#field(tag);
    if (!field || ![1, 3, 4].includes(field.type)) return [];
    const { type, count, at } = field;
    const bytes = typeBytes[type]!;
    const length = Math.min(count, most);
    this.#bytes.require(at, length * bytes);
    return Array.from({ length }, (_, i) => {
      if (type === 1) return this.#bytes.u8(at + i);
      if (type === 3) return this.#bytes.u16(at + 2 * i, this.isLittle);
      return this.#bytes.u32(at + 4 * i, this.isLittle);
    });
  }

  number(tag: number, absent: number): number {
    return this.numbers(tag, 1)[0] ?? absent;
  }

  /** The beginning of a text. */
  text(tag: number): string {
    const field = this.#field(tag);
    if (field?.type !== 2) return '';
    const length = Math.min(field.count, 256, Math.max(0, this.#bytes.length - field.at));
    return this.#bytes.text(field.at, length);
  }

  #field(tag: number): { type: number; count: number; at: number } | undefined {
    const entry = this.#entries.get(tag);
    if (entry === undefined) return undefined;
    const type = this.#bytes.u16(entry + 2, this.isLittle);
    const count = this.#bytes.u32(entry + 4, this.isLittle);
    const isHere = count * (typeBytes[type] ?? 4) <= 4;
    return { type, count, at: isHere ? entry + 8 : this.#bytes.u32(entry + 8, this.isLittle) };
  }
}

/** All pages, as many as are counted. Fails with `damaged-image`. */
export function readDirectories(file: Uint8Array): TiffDirectory[] {
  const bytes = new BoundedBytes(file, 'tiff');
  const isLittle = bytes.text(0, 2) === 'II';
  const directories: TiffDirectory[] = [];
  const seen = new Set<number>();
  for (let at = bytes.u32(4, isLittle); at !== 0 && directories.length < mostDirectories; ) {
    if (seen.has(at))
      throw damagedImage('tiff', sentence`repeats-without-end: it repeats itself without end`);
    seen.add(at);
    const count = bytes.u16(at, isLittle);
    bytes.require(at + 2, count * 12 + 4);
    const entries = new Map<number, number>();
    for (let i = 0; i < count; i++) {
      const entry = at + 2 + i * 12;
      entries.set(bytes.u16(entry, isLittle), entry);
    }
    directories.push(new TiffDirectory(bytes, isLittle, entries));
    at = bytes.u32(at + 2 + count * 12, isLittle);
  }
  return directories;
}
