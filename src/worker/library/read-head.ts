import { BedsideError } from '../../engine/errors.ts';
import { type ByteSource, checkRange } from '../../engine/formats/byte-source.ts';
import { parseGguf } from '../../engine/formats/gguf.ts';
import { sentence } from '../../engine/sentence.ts';
import type { Network } from '../remote/network.ts';
import { FileChanged, requestWhole, TemporaryFailure } from '../remote/range-request.ts';
import type { FileHead, RemoteFile } from './library-messages.ts';

/**
 * The beginning of a GGUF file on a server, as far as it describes what follows. Any server can send it: the file is read
 * from its start, and what comes after the last byte that was wanted is not fetched. Rejects with 'network' or with what is
 * wrong with the file.
 */
export async function readHead(file: RemoteFile, network: Network): Promise<FileHead> {
  const rest = new AbortController();
  try {
    const { body, totalBytes } = await requestWhole(file.url, network, rest.signal).catch(readerHears);
    const bytes = totalBytes ?? file.bytes ?? Number.MAX_SAFE_INTEGER;
    const beginning = readAsAsked(body, bytes);
    await parseGguf(beginning);
    return { bytes, head: new Blob(beginning.pieces) };
  } finally {
    rest.abort();
  }
}

function readAsAsked(
  body: ReadableStream<Uint8Array>,
  bytes: number,
): ByteSource & { pieces: Uint8Array<ArrayBuffer>[] } {
  const reader = body.getReader();
  const pieces: Uint8Array<ArrayBuffer>[] = [];
  let have = 0;
  return {
    bytes,
    pieces,
    async read(offset, length) {
      checkRange({ bytes }, offset, length);
      while (have < offset + length) {
        const { value } = await reader.read().catch(brokenOff);
        if (!value) checkRange({ bytes: have }, offset, length);
        else {
          pieces.push(value.slice());
          have += value.length;
        }
      }
      const out = new Uint8Array(length);
      let start = 0;
      for (const piece of pieces) {
        const part = piece.subarray(Math.max(0, offset - start), Math.max(0, offset + length - start));
        if (part.length > 0) out.set(part, Math.max(0, start - offset));
        start += piece.length;
      }
      return out;
    },
  };
}

/** Only a description is wanted: nothing is tried twice for it. */
function readerHears(thrown: unknown): never {
  if (thrown instanceof TemporaryFailure) throw thrown.error;
  if (thrown instanceof FileChanged) return brokenOff(thrown);
  throw thrown;
}

function brokenOff(cause: unknown): never {
  throw new BedsideError(
    'network',
    sentence`connection-broke-in-header: The connection broke while the model’s description was read.`,
    'Check the connection and try again.',
    cause,
  );
}
