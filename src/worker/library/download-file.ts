/**
 * Fetches a file into the weight store: in chunks, a few at a time, each verified before it counts, going on after any
 * interruption from the last byte that was kept.
 */
import { BedsideError } from '../../engine/errors.ts';
import { cutIntoChunks } from '../../storage/chunk-stream.ts';
import type { ChunkWriter } from '../../storage/chunk-writer.ts';
import { sha256Hex } from '../../storage/sha256.ts';
import { chunkLength, defaultChunkBytes } from '../../storage/weight-manifest.ts';
import { type WeightStore, withMissingBytes } from '../../storage/weights.ts';
import { type ChunkFlight, fetchChunk, readPieces } from './fetch-chunk.ts';
import type { Network } from './network.ts';
import type { DownloadNotice, RemoteFile } from './protocol.ts';
import {
  type ByteRange,
  changedFile,
  FileChanged,
  type RangeAnswer,
  requestRange,
  requestWhole,
  TemporaryFailure,
} from './range-request.ts';
import { defaultRetryPolicy, type RetryPolicy } from './retry-policy.ts';
import { tryPatiently } from './try-patiently.ts';

/** Requests at a time, and chunks in memory: enough to hide the way to a server, few enough for its other visitors. */
const flightCount = 3;

/** A file that is another one each time it is asked for is not worth a fourth attempt. */
const mostRestarts = 3;

export interface DownloadOptions {
  signal: AbortSignal;
  /** Bytes that are there, those still arriving included. */
  onProgress(doneBytes: number, totalBytes: number): void;
  onNotice?(notice: DownloadNotice): void;
  retry?: RetryPolicy;
}

/** The server sends everything or nothing. */
class NoParts extends Error {}

/**
 * Resolves once the file is complete in the store. Rejects with 'network', 'wrong-hash', 'storage-full',
 * 'storage-unavailable', 'invalid-request' or 'aborted'; what was verified is kept in every case but a changed file.
 */
export async function downloadFile(
  file: RemoteFile,
  weights: WeightStore,
  network: Network,
  options: DownloadOptions,
): Promise<void> {
  for (let restarts = 0; ; restarts++) {
    try {
      return await new Download(file, weights, network, options).run();
    } catch (thrown) {
      if (!(thrown instanceof FileChanged)) throw thrown;
      if (restarts === mostRestarts) throw changedFile(thrown.message);
      await weights.deleteModel(file.id);
      options.onNotice?.('file-changed');
    }
  }
}

class Download {
  readonly #file: RemoteFile;
  readonly #weights: WeightStore;
  readonly #network: Network;
  readonly #options: DownloadOptions;
  readonly #retry: RetryPolicy;
  /** Aborts every request as soon as one of them fails for good. */
  readonly #stop = new AbortController();
  /** Aborts the chunks on their way, and nothing else. */
  #land = new AbortController();
  readonly #flights = new Set<ChunkFlight>();
  #writer: ChunkWriter | undefined;
  #arrivedBytes = 0;

  constructor(file: RemoteFile, weights: WeightStore, network: Network, options: DownloadOptions) {
    this.#file = file;
    this.#weights = weights;
    this.#network = network;
    this.#options = options;
    this.#retry = options.retry ?? defaultRetryPolicy;
  }

  async run(): Promise<void> {
    const { signal, onNotice } = this.#options;
    const onAbort = () => this.#stop.abort(signal.reason);
    if (signal.aborted) onAbort();
    signal.addEventListener('abort', onAbort, { once: true });
    try {
      this.#writer = await this.#goOn();
      try {
        await this.#fetchParts();
      } catch (thrown) {
        if (!(thrown instanceof NoParts)) throw thrown;
        onNotice?.('no-ranges');
        await this.#patiently(() => this.#fetchWhole());
      }
      await this.#writer?.finish();
    } catch (thrown) {
      const total = this.#writer?.bytes ?? this.#file.bytes ?? 0;
      throw await withMissingBytes(thrown, total - (this.#writer?.storedBytes ?? 0));
    } finally {
      this.#stop.abort();
      signal.removeEventListener('abort', onAbort);
    }
  }

  /** What is stored of the file already, as it was left. */
  async #goOn(): Promise<ChunkWriter | undefined> {
    const { id, bytes } = this.#file;
    const known = (await this.#weights.listModels()).find(model => model.id === id);
    if (!known || (bytes ?? known.bytes) !== known.bytes) return undefined;
    return this.#begin(known);
  }

  #begin(layout: { bytes: number; chunkBytes?: number; version?: string }): Promise<ChunkWriter> {
    const { id, url, name, chunkBytes, chunkSha256 } = this.#file;
    return this.#weights.begin(id, {
      url,
      bytes: layout.bytes,
      chunkBytes: layout.chunkBytes ?? chunkBytes,
      expectedSha256: chunkSha256,
      name,
      version: layout.version,
    });
  }

  /** Rejects with NoParts where the server sends everything or nothing. */
  async #fetchParts(): Promise<void> {
    let open: RangeAnswer | undefined;
    if (!this.#writer) {
      const { url, bytes = Number.MAX_SAFE_INTEGER, chunkBytes = defaultChunkBytes } = this.#file;
      open = await this.#patiently(() => this.#ask({ from: 0, to: Math.min(bytes, chunkBytes) }));
      this.#writer = await this.#begin({ bytes: this.#sizeOf(open), version: open.version });
      if (this.#writer.missing()[0] !== 0) throw new Error(`${url} is not stored from its beginning`);
    }
    const writer = this.#writer;
    const waiting = writer.missing();
    this.#report();
    const fly = async () => {
      for (let index = waiting.shift(); index !== undefined; index = waiting.shift()) {
        const answer = open;
        open = undefined;
        await this.#fetchChunk(writer, index, answer);
      }
    };
    const flights = Array.from({ length: Math.min(flightCount, waiting.length) }, fly);
    try {
      await Promise.all(flights);
    } catch (thrown) {
      // The others end too, and keep what has arrived, before anything else happens to the file.
      this.#land.abort();
      await Promise.allSettled(flights);
      this.#land = new AbortController();
      throw thrown;
    }
  }

  async #fetchChunk(writer: ChunkWriter, index: number, answer: RangeAnswer | undefined): Promise<void> {
    const start = index * writer.chunkBytes;
    const flight: ChunkFlight = { buffer: new Uint8Array(chunkLength(writer, index)), filled: 0, answer };
    if (!answer) flight.filled = await writer.readParts(index, flight.buffer);
    this.#flights.add(flight);
    const calls = {
      ask: (range: ByteRange) => this.#ask(range),
      start,
      silenceMs: this.#retry.silenceMs,
      signal: this.#signal,
      onBytes: (count: number) => {
        this.#arrivedBytes += count;
        this.#report();
      },
      keep: (offset: number, bytes: Uint8Array<ArrayBuffer>) => writer.writePart(index, offset, bytes),
    };
    try {
      for (let wrongHashes = 0; ; ) {
        await this.#patiently(() => fetchChunk(flight, calls));
        try {
          return await writer.write(index, flight.buffer);
        } catch (thrown) {
          // What broke on the way is worth one more try; a wrong file is wrong twice.
          const isWrong = thrown instanceof BedsideError && thrown.code === 'wrong-hash';
          if (!isWrong || ++wrongHashes > 1) throw thrown;
          flight.filled = 0;
        }
      }
    } finally {
      this.#flights.delete(flight);
      this.#report();
    }
  }

  /** A part of the file that the stored chunks are of. */
  async #ask(range: ByteRange): Promise<RangeAnswer> {
    const answer = await requestRange(
      this.#file.url,
      range,
      this.#network,
      this.#signal,
      this.#retry.silenceMs,
    );
    const hasSize = (answer.totalBytes ?? this.#writer?.bytes ?? this.#file.bytes) !== undefined;
    if (answer.kind === 'whole' || !hasSize) {
      discard(answer);
      throw new NoParts();
    }
    this.#checkSame(answer);
    return answer;
  }

  /** From a server that only sends everything: chunks that are there are compared, the others written. */
  async #fetchWhole(): Promise<void> {
    const answer = await requestWhole(this.#file.url, this.#network, this.#signal, this.#retry.silenceMs);
    if (this.#writer) this.#checkSame(answer);
    const writer =
      this.#writer ?? (await this.#begin({ bytes: this.#sizeOf(answer), version: answer.version }));
    this.#writer = writer;
    const pieces = readPieces(answer.body, this.#retry.silenceMs, this.#signal);
    const chunks = cutIntoChunks(pieces, Math.min(writer.chunkBytes, writer.bytes), this.#signal);
    try {
      for (let index = 0, done = 0; done < writer.bytes; index++) {
        const wanted = chunkLength(writer, index);
        const chunk = await chunks.fill(wanted);
        if (chunk.length < wanted) throw new TemporaryFailure(endedShort());
        const stored = writer.hashOf(index);
        if (stored === '') {
          await writer.write(index, chunk);
          this.#arrivedBytes += wanted;
        } else if (stored !== (await sha256Hex(chunk))) throw new FileChanged('its beginning is another one');
        done += wanted;
        this.#report();
      }
    } finally {
      chunks.stop();
    }
  }

  #sizeOf({ totalBytes }: RangeAnswer): number {
    const { bytes } = this.#file;
    const found = totalBytes ?? bytes;
    if (found === undefined) throw unknownSize();
    if (bytes !== undefined && found !== bytes) throw otherSize(found, bytes);
    return found;
  }

  #checkSame(answer: RangeAnswer): void {
    const writer = this.#writer;
    if (!writer) return;
    const { totalBytes = writer.bytes, version = writer.version } = answer;
    // With pinned hashes a new date means nothing: the hash of each chunk decides.
    const isSameVersion = this.#file.chunkSha256 || version === (writer.version ?? version);
    if (totalBytes === writer.bytes && isSameVersion) return;
    discard(answer);
    throw new FileChanged(`${writer.version}, ${writer.bytes} bytes; now ${version}, ${totalBytes} bytes`);
  }

  #patiently<T>(attempt: () => Promise<T>): Promise<T> {
    const patience = {
      retry: this.#retry,
      signal: this.#signal,
      onWait: () => this.#options.onNotice?.('waiting'),
    };
    return tryPatiently(attempt, patience, () => this.#arrivedBytes);
  }

  get #signal(): AbortSignal {
    return AbortSignal.any([this.#stop.signal, this.#land.signal]);
  }

  #report(): void {
    const writer = this.#writer;
    if (!writer) return;
    let arriving = 0;
    for (const { filled } of this.#flights) arriving += filled;
    this.#options.onProgress(Math.min(writer.storedBytes + arriving, writer.bytes), writer.bytes);
  }
}

function discard({ body }: RangeAnswer): void {
  void body.cancel().catch(() => undefined);
}

function unknownSize(): BedsideError {
  return new BedsideError(
    'network',
    'The server does not say how large the file is.',
    'Fetch the file in another way, then add it from disk.',
  );
}

function otherSize(found: number, expected: number): BedsideError {
  return new BedsideError(
    'wrong-hash',
    'The file on the server is not the model that was expected: its size is another one.',
    'Do not use it. If it lasts, tell whoever runs this site.',
    `${found} bytes instead of ${expected}`,
  );
}

function endedShort(): BedsideError {
  return new BedsideError(
    'network',
    'The connection broke before the end of the file.',
    'Try again: what was verified is kept. This server cannot send parts, so that each attempt reads it from the beginning.',
  );
}
