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
    // A byte of padding makes the length even, and browsers refuse what follows a stream.
    const isPadded = deflated.at(-1) === 0 && !(error instanceof BedsideError);
    if (isPadded) return inflateAll(deflated.subarray(0, -1), most).catch(refuse);
    return refuse(error);
  }
}

function refuse(error: unknown): never {
  throw error instanceof BedsideError ? error : damagedCompressedData(error);
}

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
