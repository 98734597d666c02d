import { type ByteSource, checkRange } from '../engine/formats/byte-source.ts';
import { chunkCount, chunkLength, mebibyte, type WeightManifest } from './weight-manifest.ts';

/** Chunks that are read and verified while a reader in order works on the one before them: one each. */
const chunksAhead = 2;

/** Ranges from here on are handed out as views. */
const viewBytes = mebibyte;

/**
 * Reads a stored file chunk by chunk. `loadChunk` gets a chunk from the store and, when told to, verifies it;
 * that is asked for once a chunk. Held is the chunk that was read last and, as soon as the reader goes on from one
 * to the next, those that it will want then, so that reading and checking go on while the one before is uploaded.
 */
export function storedFileSource(
  manifest: WeightManifest,
  loadChunk: (index: number, verify: boolean) => Promise<Uint8Array>,
): ByteSource {
  const verified = new Set<number>();
  const held = new Map<number, Promise<Uint8Array>>();
  let current = 0;
  let queue: Promise<unknown> = Promise.resolve();

  function hold(index: number): Promise<Uint8Array> {
    const known = held.get(index);
    if (known) return known;
    const loading = loadChunk(index, !verified.has(index));
    held.set(index, loading);
    loading.then(
      () => verified.add(index),
      // Whoever asks for it hears of it; who asks again has it read again.
      () => held.delete(index),
    );
    return loading;
  }

  function chunkAt(index: number): Promise<Uint8Array> {
    const isNext = index === current + 1;
    current = index;
    // Room is made before anything is read.
    for (const other of held.keys()) {
      if (other < index || other > index + chunksAhead) held.delete(other);
    }
    const chunk = hold(index);
    const last = Math.min(index + chunksAhead, chunkCount(manifest) - 1);
    if (isNext) for (let ahead = index + 1; ahead <= last; ahead++) void hold(ahead);
    return chunk;
  }

  async function readNow(offset: number, length: number): Promise<Uint8Array> {
    const first = Math.floor(offset / manifest.chunkBytes);
    const start = offset - first * manifest.chunkBytes;
    if (length >= viewBytes && start + length <= chunkLength(manifest, first)) {
      return (await chunkAt(first)).subarray(start, start + length);
    }
    // A copy: a view of a few bytes would keep its chunk alive for as long as the caller keeps them.
    const out = new Uint8Array(length);
    for (let done = 0; done < length; ) {
      const position = offset + done;
      const index = Math.floor(position / manifest.chunkBytes);
      const from = position - index * manifest.chunkBytes;
      const take = Math.min(length - done, chunkLength(manifest, index) - from);
      out.set((await chunkAt(index)).subarray(from, from + take), done);
      done += take;
    }
    return out;
  }

  return {
    bytes: manifest.bytes,
    name: manifest.name,
    async read(offset, length) {
      checkRange(manifest, offset, length);
      // One read at a time: concurrent reads of different chunks would hold them all.
      const reading = queue.then(() => readNow(offset, length));
      queue = reading.catch(() => undefined);
      return reading;
    },
  };
}
