import { BedsideError } from '../../../engine/errors.ts';
import { damagedCompressedData, inflatedTooLarge } from '../refusals/dicom-errors.ts';
import { mostInflatedBytes } from '../refusals/limits.ts';

/**
 * A raw deflate stream's bytes (PS3.5, A.5), `most` of them. Fails with `too-large` as soon as there are more, and with
 * `damaged-compressed-data`.
 */
export async function inflate(
  deflated: Uint8Array,
  most = mostInflatedBytes,
): Promise<Uint8Array<ArrayBuffer>> {
  try {
    return await inflateAll(deflated, most);
  } catch (error) {
    if (error instanceof BedsideError) throw error;
    // Browsers refuse what follows a stream, and a stream that does not end: it ends where it can be read.
    for (const bytes of tails) {
      const found = await inflateAll(deflated.subarray(0, -bytes), most).catch(() => undefined);
      if (found) return found;
    }
    throw damagedCompressedData(error);
  }
}

/** Behind a stream: a byte that makes its length even, and the check of gzip that some writers leave there. */
const tails = [1, 8, 9];

async function inflateAll(deflated: Uint8Array, most: number): Promise<Uint8Array<ArrayBuffer>> {
  const stream = new DecompressionStream('deflate-raw');
  const writer = stream.writable.getWriter();
  const reader = stream.readable.getReader();
  const writing = write(writer, deflated);
  // Its failure is the reader's too, and is heard there.
  writing.catch(() => undefined);
  const pieces: Uint8Array[] = [];
  let length = 0;
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      length += value.length;
      if (length > most) throw inflatedTooLarge(most);
      pieces.push(value);
    }
    await writing;
  } finally {
    await reader.cancel().catch(() => undefined);
  }
  const all = new Uint8Array(length);
  let at = 0;
  for (const piece of pieces) {
    all.set(piece, at);
    at += piece.length;
  }
  return all;
}

/** What is inflated at a time becomes a thousand times as long at most. */
const inflatedAtOnce = 16_384;

async function write(writer: WritableStreamDefaultWriter<BufferSource>, bytes: Uint8Array): Promise<void> {
  for (let at = 0; at < bytes.length; at += inflatedAtOnce) {
    await writer.write(bytes.subarray(at, at + inflatedAtOnce) as Uint8Array<ArrayBuffer>);
  }
  await writer.close();
}
