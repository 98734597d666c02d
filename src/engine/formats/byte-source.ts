import { FormatError } from '../errors.ts';
import { sentence } from '../sentence.ts';

/** Random access to the bytes of a model, wherever they are: a picked file, IndexedDB, a disk. */
export interface ByteSource {
  /** Total size in bytes. */
  readonly bytes: number;
  /** What the file is called, or the first of its parts, where that is known. */
  readonly name?: string | undefined;
  /** Exactly `length` bytes from `offset`; rejects with a `truncated-model` FormatError past the end. */
  read(offset: number, length: number): Promise<Uint8Array>;
}

export function checkRange(source: { bytes: number }, offset: number, length: number): void {
  if (offset < 0 || length < 0 || offset + length > source.bytes) {
    throw new FormatError(
      source.bytes,
      sentence`file-shorter-than-needed: The file ends after ${{ fileBytes: source.bytes }} bytes, but ${{ neededBytes: offset + length }} are needed`,
      'truncated-model',
    );
  }
}

/** A Blob or a File picked by the user; only the requested slice is ever in memory. */
export function blobSource(blob: Blob): ByteSource {
  return {
    bytes: blob.size,
    async read(offset, length) {
      checkRange({ bytes: blob.size }, offset, length);
      return new Uint8Array(await blob.slice(offset, offset + length).arrayBuffer());
    },
  };
}

export function bytesSource(data: Uint8Array): ByteSource {
  return {
    bytes: data.byteLength,
    async read(offset, length) {
      checkRange({ bytes: data.byteLength }, offset, length);
      return data.subarray(offset, offset + length);
    },
  };
}
