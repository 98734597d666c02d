/** Fills one chunk from the network, keeping what has arrived at any moment. */
import { abortedError, BedsideError } from '../../engine/errors.ts';
import { sentence } from '../../engine/sentence.ts';
import { type ByteRange, type RangeAnswer, silent, TemporaryFailure } from './range-request.ts';
import { readBody } from './read-body.ts';

/** A chunk whose requests are in flight. */
export interface ChunkInFlight {
  buffer: Uint8Array<ArrayBuffer>;
  /** Bytes of it that have arrived. */
  filled: number;
  /** A request that was already answered, beginning at the chunk's first byte. */
  answer: RangeAnswer | undefined;
}

export interface ChunkCalls {
  ask(range: ByteRange): Promise<RangeAnswer>;
  /** Where the chunk begins in the file. */
  start: number;
  silenceMs: number;
  signal: AbortSignal;
  onBytes(count: number): void;
  /** Keeps bytes of the chunk for after a crash. */
  keep(offset: number, bytes: Uint8Array<ArrayBuffer>): Promise<void>;
}

/** What a crash may cost of a chunk on a slow line. On a fast one the whole chunk is there before keeping pays. */
const keepBytes = 256 * 1024;
const keepAfterMs = 300;

/** One request, to the end of the chunk. Rejects with TemporaryFailure where it broke: `coming` says how far it came. */
export async function fetchChunk(coming: ChunkInFlight, calls: ChunkCalls): Promise<void> {
  const { start, signal } = calls;
  const { buffer } = coming;
  if (coming.filled === buffer.length) return;
  const answer =
    coming.answer ?? (await calls.ask({ from: start + coming.filled, to: start + buffer.length }));
  coming.answer = undefined;
  const reader = readBody(answer.body);
  const began = performance.now();
  let kept = coming.filled;
  let keeping: Promise<void> | undefined;
  let keepError: unknown;
  const keep = () => {
    const offset = kept;
    kept = coming.filled;
    keeping = calls
      .keep(offset, buffer.subarray(offset, kept))
      .catch((thrown: unknown) => {
        keepError = thrown;
      })
      .finally(() => {
        keeping = undefined;
      });
  };
  try {
    while (coming.filled < buffer.length) {
      const arrived = await orSilence(reader.read(), calls.silenceMs, signal);
      if (keepError) throw keepError;
      if (!arrived) throw new TemporaryFailure(broke());
      const piece = arrived.subarray(0, buffer.length - coming.filled);
      buffer.set(piece, coming.filled);
      coming.filled += piece.length;
      calls.onBytes(piece.length);
      const isSlow = performance.now() - began > keepAfterMs;
      if (isSlow && !keeping && coming.filled - kept >= keepBytes) keep();
    }
  } finally {
    // What a pause or a broken line leaves is kept too: only a crash may cost anything.
    await keeping;
    if (coming.filled < buffer.length && coming.filled > kept && !keepError) keep();
    await keeping;
    reader.cancel();
  }
  if (keepError) throw keepError;
}

/** The pieces of a body, each valid until the next is asked for; a silent connection is given up. */
export async function* readPieces(
  body: ReadableStream<Uint8Array>,
  silenceMs: number,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  const reader = readBody(body);
  try {
    for (;;) {
      const piece = await orSilence(reader.read(), silenceMs, signal);
      if (!piece) return;
      yield piece;
    }
  } finally {
    reader.cancel();
  }
}

async function orSilence<T>(reading: Promise<T>, silenceMs: number, signal: AbortSignal): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const timer = setTimeout(() => reject(new TemporaryFailure(silent())), silenceMs);
    const onAbort = () => reject(abortedError());
    if (signal.aborted) onAbort();
    signal.addEventListener('abort', onAbort, { once: true });
    reading
      .then(resolve, (thrown: unknown) => {
        reject(signal.aborted ? abortedError() : new TemporaryFailure(broke(thrown)));
      })
      .finally(() => {
        clearTimeout(timer);
        signal.removeEventListener('abort', onAbort);
      });
  });
}

function broke(cause?: unknown): BedsideError {
  return new BedsideError(
    'network',
    sentence`connection-breaks-again: The connection to the server breaks again and again.`,
    'Check the connection, then go on: what has arrived is kept.',
    cause,
  );
}
