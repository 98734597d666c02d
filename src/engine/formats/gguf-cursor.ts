import { abortedError, FormatError } from '../errors.ts';
import { type Sentence, sentence, type Written, written } from '../sentence.ts';
import type { ByteSource } from './byte-source.ts';
import { ggufLimits } from './gguf-types.ts';

const WINDOW_BYTES = 256 * 1024;

// Fatal: a replacement character would quietly make two vocabulary pieces equal. ignoreBOM keeps U+FEFF, which
// some vocabularies hold as a piece of its own.
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * A little-endian cursor over a file of any size, holding one window of it. `need` is the only way to bytes: it
 * proves that they are there before anything is made to hold them. After `need(n)`, n bytes can be taken with
 * the synchronous readers.
 */
export class GgufCursor {
  /** From the start of the file. */
  position = 0;
  readonly source: ByteSource;
  readonly #signal: AbortSignal | undefined;
  #window: DataView = new DataView(new ArrayBuffer(0));
  #windowStart = 0;

  constructor(source: ByteSource, signal?: AbortSignal) {
    this.source = source;
    this.#signal = signal;
  }

  get remaining(): number {
    return this.source.bytes - this.position;
  }

  /** True when the next `bytes` bytes are already in memory. */
  has(bytes: number): boolean {
    return this.position + bytes <= this.#windowStart + this.#window.byteLength;
  }

  /**
   * Brings the next `bytes` bytes into memory.
   * @param what names what is being read, for the reader of the error
   */
  async need(bytes: number, what: Sentence): Promise<void> {
    if (this.has(bytes)) return;
    if (this.#signal?.aborted) throw abortedError();
    this.requirePresent(bytes, what);
    if (this.position + bytes > ggufLimits.headerBytes) {
      throw new FormatError(
        this.position,
        sentence`header-too-long: The file's header is longer than ${{ mostBytes: ggufLimits.headerBytes }} bytes`,
      );
    }
    const length = Math.min(Math.max(bytes, WINDOW_BYTES), this.remaining);
    const data = await this.source.read(this.position, length);
    if (data.byteLength !== length) this.#throwTruncated(what);
    this.#window = new DataView(data.buffer, data.byteOffset, data.byteLength);
    this.#windowStart = this.position;
  }

  /** Throws unless the file has `bytes` more bytes; reads nothing. */
  requirePresent(bytes: number, what: Sentence): void {
    if (bytes > this.remaining) this.#throwTruncated(what);
  }

  u8(): number {
    return this.#window.getUint8(this.#advance(1));
  }

  u32(): number {
    return this.#window.getUint32(this.#advance(4), true);
  }

  /** An unsigned 64-bit number that JavaScript can count with. */
  u64(what: Sentence): number {
    const start = this.position;
    const value = this.#u64();
    if (value === undefined)
      throw new FormatError(
        start,
        sentence`number-too-large: ${{ what: capitalized(what) }} is impossibly large`,
      );
    return value;
  }

  i64(what: Sentence): number {
    const start = this.position;
    const value = Number(this.#window.getBigInt64(this.#advance(8), true));
    if (!Number.isSafeInteger(value))
      throw new FormatError(
        start,
        sentence`number-too-large: ${{ what: capitalized(what) }} is impossibly large`,
      );
    return value;
  }

  /** The next `bytes` bytes, valid until the next `need`. */
  take(bytes: number): DataView {
    const at = this.#advance(bytes);
    return new DataView(this.#window.buffer, this.#window.byteOffset + at, bytes);
  }

  /** A length-prefixed UTF-8 text of at most `limit` bytes. */
  async string(what: Sentence, limit: number): Promise<string> {
    // The `has` checks spare an await a piece in vocabularies of a quarter of a million pieces.
    if (!this.has(8)) await this.need(8, what);
    const start = this.position;
    const length = this.#u64();
    if (length === undefined)
      throw new FormatError(start, sentence`length-too-large: The length of ${{ what }} is impossibly large`);
    if (length > limit) {
      throw new FormatError(
        start,
        sentence`text-too-long: The length of ${{ what }} is ${{ lengthBytes: length }} bytes, more than the ${{ mostBytes: limit }} allowed`,
      );
    }
    if (!this.has(length)) await this.need(length, what);
    const bytes = this.take(length);
    try {
      return utf8.decode(bytes);
    } catch {
      throw new FormatError(
        start + 8,
        sentence`text-is-not-utf8: ${{ what: capitalized(what) }} is not valid text (UTF-8)`,
      );
    }
  }

  /** Undefined of a number that JavaScript cannot count with. */
  #u64(): number | undefined {
    const at = this.#advance(8);
    const high = this.#window.getUint32(at + 4, true);
    return high > 0x1fffff ? undefined : high * 2 ** 32 + this.#window.getUint32(at, true);
  }

  #advance(bytes: number): number {
    const at = this.position - this.#windowStart;
    this.position += bytes;
    return at;
  }

  #throwTruncated(what: Sentence): never {
    throw new FormatError(
      this.position,
      sentence`file-ends-within: The file ends after ${{ fileBytes: this.source.bytes }} bytes, in the middle of ${{ what }}`,
      'truncated-model',
    );
  }
}

/** A part of a sentence, to stand at its beginning. */
export function capitalized(what: Sentence): Sentence {
  return { ...what, text: what.text.charAt(0).toUpperCase() + what.text.slice(1) };
}

/** A name from the file as it may appear in a message: quoted, escaped, shortened. */
export function quoteName(name: string): string {
  return JSON.stringify(shortened(name));
}

/** The same as a part of a sentence, whose value is the name without the quotes. */
export function quoted(name: string): Written {
  return written(shortened(name), quoteName(name));
}

function shortened(name: string): string {
  return name.length > 80 ? `${name.slice(0, 79)}…` : name;
}
