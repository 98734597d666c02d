import { BedsideError } from '../engine/errors.ts';
import { type ByteSource, checkRange } from '../engine/formats/byte-source.ts';
import { type Network, openDownload, type UrlSource } from './downloads.ts';

/**
 * The beginning of a model that is not stored, as far as it is asked for. Any server can send it: a file is read from its
 * start, and what comes after the last byte that was wanted is never fetched.
 */
export async function headerSource(
  source: UrlSource,
  network: Network,
  signal: AbortSignal,
): Promise<ByteSource> {
  const reader = (await openDownload(source.url, network, signal)).getReader();
  const pieces: Uint8Array[] = [];
  let have = 0;
  return {
    bytes: source.bytes,
    async read(offset, length) {
      checkRange(source, offset, length);
      while (have < offset + length) {
        const { value } = await reader.read().catch((thrown: unknown) => {
          throw new BedsideError(
            'network',
            'The connection broke while the model’s description was read.',
            'Check the connection and try again.',
            thrown,
          );
        });
        if (!value) checkRange({ bytes: have }, offset, length);
        else {
          pieces.push(value);
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
