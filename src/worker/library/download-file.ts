/**
 * Fetches a file into the weight store: in chunks, a few at a time, each verified before it counts, going on after any
 * interruption from the last byte that was kept.
 */
import { BedsideError } from '../../engine/errors.ts';
import { cutIntoChunks } from '../../storage/chunk-stream.ts';
import type { ChunkWriter } from '../../storage/chunk-writer.ts';
import { withMissingBytes } from '../../storage/room.ts';
import { sha256Hex } from '../../storage/sha256.ts';
import { otherFile } from '../../storage/weight-errors.ts';
import { chunkLength, defaultChunkBytes } from '../../storage/weight-manifest.ts';
import type { WeightStore } from '../../storage/weight-store.ts';
import type { DownloadNotice } from '../remote/download-notice.ts';
import { noticeOfWaiting } from '../remote/download-notice.ts';
import { type ChunkInFlight, fetchChunk, readPieces } from '../remote/fetch-chunk.ts';
import type { Network } from '../remote/network.ts';
import {
  type ByteRange,
  changedFile,
  FileChanged,
  type RangeAnswer,
  requestRange,
  requestWhole,
  TemporaryFailure,
} from '../remote/range-request.ts';
import { defaultRetryPolicy, type RetryPolicy } from '../remote/retry-policy.ts';
import { tryPatiently } from '../remote/try-patiently.ts';
import { brokenDisk, endedShort, otherSize, unknownSize } from './download-errors.ts';
import { type HashBeside, hashBeside } from './hash-beside.ts';
import type { RemoteFile } from './library-messages.ts';
import { takeTurns } from './take-turns.ts';

/** Requests at a time: enough to hide the way to a server, few enough for its other visitors. */
const requestCount = 3;

/** Chunks in memory: while two are being stored, the requests go on. */
const chunksInFlight = 5;

/** A file that is another one each time it is asked for is not worth a fourth attempt. */
const mostRestarts = 3;

/** A file that was verified and proves damaged again and again lies on a broken disk. */
const mostRepairs = 2;

export interface DownloadOptions {
  signal: AbortSignal;
  /** Bytes that are there, those still arriving included. */
  onProgress(doneBytes: number, totalBytes: number): void;
  /** Of the hash of the whole file, as far as it is not done when everything has arrived. */
  onVerify?(doneBytes: number, totalBytes: number): void;
  onNotice?(notice: DownloadNotice): void;
  retry?: RetryPolicy;
}

type InTurn = ReturnType<typeof takeTurns>;

/** A chunk that counted can no longer be read as it was. */
class DamagedChunk extends Error {}

/** The server sends everything or nothing. */
class NoParts extends Error {}

/**
 * Resolves once the file is complete in the store, the hash of the whole compared where it is known. Rejects with 'network', 'wrong-hash', 'storage-full',
 * 'storage-unavailable', 'invalid-request' or 'aborted'; what was verified is kept in every case but a changed file.
 */
export async function downloadFile(
  file: RemoteFile,
  weights: WeightStore,
  network: Network,
  options: DownloadOptions,
): Promise<void> {
  for (let restarts = 0, repairs = 0; ; ) {
    try {
      return await new Download(file, weights, network, options).run();
    } catch (thrown) {
      if (thrown instanceof DamagedChunk) {
        if (repairs++ === mostRepairs) throw brokenDisk(file.id);
      } else if (thrown instanceof FileChanged) {
        if (restarts++ === mostRestarts) throw changedFile(thrown.message);
        await weights.deleteFile(file.id);
        options.onNotice?.('file-changed');
      } else throw thrown;
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
  /** Aborts the chunks in flight, and nothing else. */
  #inFlightAbort = new AbortController();
  readonly #inFlight = new Map<number, ChunkInFlight>();
  #writer: ChunkWriter | undefined;
  #hashing: HashBeside | undefined;
  #hasArrived = false;
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
      await this.#goOn();
      try {
        await this.#fetchParts();
      } catch (thrown) {
        if (!(thrown instanceof NoParts)) throw thrown;
        onNotice?.('no-ranges');
        await this.#patiently(() => this.#fetchWhole());
      }
      await this.#compareWhole();
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
  async #goOn(): Promise<void> {
    const { id, bytes } = this.#file;
    const known = (await this.#weights.listFiles()).find(file => file.id === id);
    if (known && (bytes ?? known.bytes) === known.bytes) await this.#begin(known);
  }

  async #begin(layout: { bytes: number; chunkBytes?: number; version?: string }): Promise<ChunkWriter> {
    const { id, url, name, chunkBytes, chunkSha256, sha256 } = this.#file;
    const writer = await this.#weights.begin(id, {
      url,
      bytes: layout.bytes,
      chunkBytes: layout.chunkBytes ?? chunkBytes,
      expectedSha256: chunkSha256,
      name,
      version: layout.version,
    });
    this.#writer = writer;
    // The hashes of all chunks say as much as the one of the whole.
    if (sha256 !== undefined && !chunkSha256) {
      this.#hashing = hashBeside(
        writer,
        index => this.#weights.readStoredChunk(id, index),
        this.#stop.signal,
        done => {
          if (this.#hasArrived) this.#options.onVerify?.(done, writer.bytes);
        },
      );
    }
    return writer;
  }

  /** Nothing counts as complete before the hash of the whole is right. */
  async #compareWhole(): Promise<void> {
    const { id, sha256 } = this.#file;
    if (!this.#hashing || !this.#writer || sha256 === undefined) return;
    this.#hasArrived = true;
    this.#options.onVerify?.(this.#hashing.hashedBytes, this.#writer.bytes);
    const found = await this.#hashing.result;
    if (found === undefined) throw new DamagedChunk();
    if (found === sha256.toLowerCase()) return;
    await this.#weights.deleteFile(id);
    throw otherFile(found, sha256);
  }

  async #store(writer: ChunkWriter, index: number, data: Uint8Array<ArrayBuffer>): Promise<void> {
    await writer.write(index, data);
    this.#hashing?.goOn();
  }

  /** Rejects with NoParts where the server sends everything or nothing. */
  async #fetchParts(): Promise<void> {
    let open: RangeAnswer | undefined;
    if (!this.#writer) {
      const { url, bytes = Number.MAX_SAFE_INTEGER, chunkBytes = defaultChunkBytes } = this.#file;
      open = await this.#patiently(() => this.#ask({ from: 0, to: Math.min(bytes, chunkBytes) }));
      const begun = await this.#begin({ bytes: this.#sizeOf(open), version: open.version });
      if (begun.missing()[0] !== 0) throw new Error(`${url} is not stored from its beginning`);
    }
    const writer = this.#writer!;
    const waiting = writer.missing();
    this.#report();
    const inTurn = takeTurns(requestCount);
    const fetchInTurn = async () => {
      // Used for one chunk after another: memory that was never used costs the processor as much as receiving.
      const memory = new Uint8Array(Math.min(writer.chunkBytes, writer.bytes));
      for (let index = waiting.shift(); index !== undefined; index = waiting.shift()) {
        const buffer = memory.subarray(0, chunkLength(writer, index));
        const coming: ChunkInFlight = { buffer, filled: 0, answer: open };
        open = undefined;
        await this.#fetchChunk(writer, index, coming, inTurn);
      }
    };
    const fetching = Array.from({ length: Math.min(chunksInFlight, waiting.length) }, fetchInTurn);
    try {
      await Promise.all(fetching);
    } catch (thrown) {
      // The others end too, and keep what has arrived, before anything else happens to the file.
      this.#inFlightAbort.abort();
      await Promise.allSettled(fetching);
      this.#inFlightAbort = new AbortController();
      throw thrown;
    }
  }

  async #fetchChunk(
    writer: ChunkWriter,
    index: number,
    coming: ChunkInFlight,
    inTurn: InTurn,
  ): Promise<void> {
    const start = index * writer.chunkBytes;
    if (!coming.answer) coming.filled = await writer.readParts(index, coming.buffer);
    this.#inFlight.set(index, coming);
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
        await inTurn(() => this.#patiently(() => fetchChunk(coming, calls)));
        try {
          return await this.#store(writer, index, coming.buffer);
        } catch (thrown) {
          // What broke on the way is worth one more try; a wrong file is wrong twice.
          const isWrong = thrown instanceof BedsideError && thrown.code === 'wrong-hash';
          if (!isWrong || ++wrongHashes > 1) throw thrown;
          coming.filled = 0;
        }
      }
    } finally {
      this.#inFlight.delete(index);
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
    const pieces = readPieces(answer.body, this.#retry.silenceMs, this.#signal);
    const chunks = cutIntoChunks(pieces, Math.min(writer.chunkBytes, writer.bytes), this.#signal);
    try {
      for (let index = 0, done = 0; done < writer.bytes; index++) {
        const wanted = chunkLength(writer, index);
        const chunk = await chunks.fill(wanted);
        if (chunk.length < wanted) throw new TemporaryFailure(endedShort());
        const stored = writer.hashOf(index);
        if (stored === '') {
          await this.#store(writer, index, chunk);
          this.#arrivedBytes += wanted;
        } else if (stored !== (await sha256Hex(chunk))) throw new FileChanged('its beginning is another one');
        done += wanted;
        this.#report();
      }
      // A length that is that of the packed body is not the file's: what was stored is only its beginning.
      if ((await chunks.fill(1)).length > 0) {
        await this.#weights.deleteFile(this.#file.id);
        throw unknownSize();
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
      onWait: () => this.#options.onNotice?.(noticeOfWaiting(this.#network, this.#isKnown)),
      isKnown: () => this.#isKnown,
    };
    return tryPatiently(attempt, patience, () => this.#arrivedBytes);
  }

  /** Something of the file came from this server, now or before. */
  get #isKnown(): boolean {
    return this.#arrivedBytes > 0 || (this.#writer?.storedBytes ?? 0) > 0;
  }

  get #signal(): AbortSignal {
    return AbortSignal.any([this.#stop.signal, this.#inFlightAbort.signal]);
  }

  #report(): void {
    const writer = this.#writer;
    if (!writer) return;
    let arriving = 0;
    for (const [index, { filled }] of this.#inFlight) {
      // A chunk stays in flight for a moment after it counts as stored.
      if (writer.hashOf(index) === '') arriving += filled;
    }
    this.#options.onProgress(Math.min(writer.storedBytes + arriving, writer.bytes), writer.bytes);
  }
}

function discard({ body }: RangeAnswer): void {
  void body.cancel().catch(() => undefined);
}
