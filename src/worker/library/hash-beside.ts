/** The SHA-256 of a whole file, taken while the file is still being fetched. */
import { abortedError } from '../../engine/errors.ts';
import type { ChunkWriter } from '../../storage/chunk-writer.ts';
import { FileHash } from '../../storage/file-hash.ts';
import { chunkCount, chunkLength } from '../../storage/weight-manifest.ts';

export interface HashBeside {
  readonly hashedBytes: number;
  /** Tells it that a chunk counts that did not before. */
  goOn(): void;
  /** In lower-case hex; undefined where a stored chunk proved damaged, which no longer counts. Rejects with 'aborted'. */
  readonly result: Promise<string | undefined>;
}

/**
 * Chunks count in any order and are hashed in the file's, each read from the store once all before it have been: nothing
 * waits in memory, and those that an earlier visit stored need no way of their own.
 */
export function hashBeside(
  writer: ChunkWriter,
  read: (index: number) => Promise<Uint8Array | undefined>,
  signal: AbortSignal,
  onHashed: (hashedBytes: number) => void,
): HashBeside {
  let hashedBytes = 0;
  let wake: () => void = () => undefined;

  async function untilStored(index: number): Promise<void> {
    while (writer.hashOf(index) === '') {
      if (signal.aborted) throw abortedError();
      await new Promise<void>(resolve => {
        wake = resolve;
      });
    }
  }

  async function hashAll(): Promise<string | undefined> {
    const hash = new FileHash();
    for (let index = 0; index < chunkCount(writer); index++) {
      await untilStored(index);
      if (signal.aborted) throw abortedError();
      const chunk = await read(index);
      if (!chunk) return undefined;
      await hash.update(chunk, signal);
      hashedBytes += chunkLength(writer, index);
      onHashed(hashedBytes);
    }
    return hash.digest();
  }

  signal.addEventListener('abort', () => wake(), { once: true });
  const result = hashAll();
  // Where the fetching fails first, nobody waits for it.
  result.catch(() => undefined);
  return {
    get hashedBytes() {
      return hashedBytes;
    },
    goOn: () => wake(),
    result,
  };
}
