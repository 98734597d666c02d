import { abortedError } from '../engine/errors.ts';

export type ByteStream = ReadableStream<Uint8Array> | AsyncIterable<Uint8Array>;

interface PieceReader {
  /** The next piece, undefined at the end. */
  next(): Promise<Uint8Array | undefined>;
  /** Tells the source that no more is wanted. Never waited for: a stalled source would not answer. */
  stop(): void;
}

/** ReadableStream is not async iterable in every browser, hence its reader. */
function readPieces(stream: ByteStream): PieceReader {
  const ignore = () => undefined;
  if (stream instanceof ReadableStream) {
    const reader = stream.getReader();
    return {
      next: async () => (await reader.read()).value,
      stop: () => void reader.cancel().catch(ignore),
    };
  }
  const iterator = stream[Symbol.asyncIterator]();
  return {
    async next() {
      const step = await iterator.next();
      return step.done ? undefined : step.value;
    },
    stop: () => void iterator.return?.().catch(ignore),
  };
}

/** Waits for `promise`, or rejects with 'aborted' as soon as the signal says so. */
function orAborted<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return promise;
  return new Promise<T>((resolve, reject) => {
    const onAbort = () => reject(abortedError());
    if (signal.aborted) onAbort();
    else signal.addEventListener('abort', onAbort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
  });
}

/** Asks for chunks one by one. A chunk is a view of ONE buffer, overwritten by the next call: copy to keep. */
export interface ChunkReader {
  /** The next `length` bytes, or fewer when the stream ends first (`chunk.length` tells). */
  fill(length: number): Promise<Uint8Array<ArrayBuffer>>;
  stop(): void;
}

/** Cuts pieces of any size into chunks. Holds one chunk and the piece that the stream handed over last. */
export function cutIntoChunks(stream: ByteStream, maxChunkBytes: number, signal?: AbortSignal): ChunkReader {
  const pieces = readPieces(stream);
  const buffer = new Uint8Array(maxChunkBytes);
  let rest: Uint8Array = new Uint8Array(0);
  return {
    async fill(length) {
      let filled = 0;
      while (filled < length) {
        if (rest.length === 0) {
          const piece = await orAborted(pieces.next(), signal);
          if (piece === undefined) break;
          rest = piece;
        }
        const part = rest.subarray(0, length - filled);
        buffer.set(part, filled);
        filled += part.length;
        rest = rest.subarray(part.length);
      }
      return buffer.subarray(0, filled);
    },
    stop: () => pieces.stop(),
  };
}
