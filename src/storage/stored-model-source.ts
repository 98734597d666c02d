import { type ByteSource, checkRange } from '../engine/formats/byte-source.ts';
import { chunkLength, type WeightManifest } from './weight-manifest.ts';

/**
 * Reads a stored model chunk by chunk. `loadChunk` gets a chunk from the store and, when told to, verifies it;
 * that is asked for once a chunk. At most two chunks are held: a read may straddle a boundary, and a reader in
 * file order never needs a third.
 */
export function storedModelSource(
  manifest: WeightManifest,
  loadChunk: (index: number, verify: boolean) => Promise<Uint8Array>,
): ByteSource {
  const verified = new Set<number>();
  const held = new Map<number, Uint8Array>(); // least recently used first
  let queue: Promise<unknown> = Promise.resolve();

  async function chunkAt(index: number): Promise<Uint8Array> {
    let chunk = held.get(index);
    held.delete(index);
    if (!chunk) {
      // Room is made before the read, so that the third chunk is never in memory, not even for a moment.
      for (const oldest of held.keys()) {
        if (held.size < 2) break;
        held.delete(oldest);
      }
      chunk = await loadChunk(index, !verified.has(index));
      verified.add(index);
    }
    held.set(index, chunk);
    return chunk;
  }

  async function readNow(offset: number, length: number): Promise<Uint8Array> {
    // A copy: a view would keep its chunk alive for as long as the caller keeps the view.
    const out = new Uint8Array(length);
    for (let done = 0; done < length; ) {
      const position = offset + done;
      const index = Math.floor(position / manifest.chunkBytes);
      const start = position - index * manifest.chunkBytes;
      const take = Math.min(length - done, chunkLength(manifest, index) - start);
      out.set((await chunkAt(index)).subarray(start, start + take), done);
      done += take;
    }
    return out;
  }

  return {
    bytes: manifest.bytes,
    async read(offset, length) {
      checkRange(manifest, offset, length);
      // One read at a time: concurrent reads of different chunks would hold them all.
      const reading = queue.then(() => readNow(offset, length));
      queue = reading.catch(() => undefined);
      return reading;
    },
  };
}
