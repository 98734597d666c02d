/** A file of a checkpoint on a server, read by ranges: what its length and its version are is settled by the first answer. */
import { BedsideError } from '../../engine/errors.ts';
import { type ByteSource, checkRange } from '../../engine/formats/byte-source.ts';
import { sentence } from '../../engine/sentence.ts';
import { type ChunkInFlight, fetchChunk } from './fetch-chunk.ts';
import type { Network } from './network.ts';
import { type ByteRange, FileChanged, type RangeAnswer, requestRange } from './range-request.ts';
import { type Patience, tryPatiently } from './try-patiently.ts';

export interface RemoteCalls extends Patience {
  network: Network;
}

/** Who may know of bytes whose request is in flight already. */
export interface ReadsAhead {
  take(source: RemoteSource, offset: number, length: number): Promise<Uint8Array> | undefined;
}

export interface RemoteVersion {
  bytes: number;
  /** Its ETag or date, where the server gives one. */
  version: string | undefined;
}

export class RemoteSource implements ByteSource {
  readonly bytes: number;
  readonly version: string | undefined;
  readonly #url: string;
  readonly #calls: RemoteCalls;
  readonly #ahead: ReadsAhead;

  constructor(url: string, { bytes, version }: RemoteVersion, calls: RemoteCalls, ahead: ReadsAhead) {
    this.bytes = bytes;
    this.version = version;
    this.#url = url;
    this.#calls = calls;
    this.#ahead = ahead;
  }

  /** Rejects also with 'network', 'aborted', and FileChanged. */
  async read(offset: number, length: number): Promise<Uint8Array> {
    checkRange(this, offset, length);
    if (length === 0) return new Uint8Array(0);
    const ahead = this.#ahead.take(this, offset, length);
    if (ahead) return ahead;
    const chunk = { buffer: new Uint8Array(length), filled: 0, answer: undefined };
    await this.fetch(offset, chunk, this.#calls.signal);
    return chunk.buffer;
  }

  /** Fills the chunk's buffer with what stands at `offset`, however often the connection breaks. */
  async fetch(
    offset: number,
    chunk: ChunkInFlight,
    signal: AbortSignal,
    onBytes: () => void = () => undefined,
  ): Promise<void> {
    const calls = {
      ask: (range: ByteRange) => this.#ask(range, signal),
      start: offset,
      silenceMs: this.#calls.retry.silenceMs,
      signal,
      onBytes,
      keep: async () => undefined,
    };
    await tryPatiently(
      () => fetchChunk(chunk, calls),
      { ...this.#calls, signal },
      () => chunk.filled,
    );
  }

  async #ask(range: ByteRange, signal: AbortSignal): Promise<RangeAnswer> {
    const { network, retry } = this.#calls;
    const answer = await requestRange(this.#url, range, network, signal, retry.silenceMs);
    const { kind, totalBytes = this.bytes, version = this.version } = answer;
    if (kind === 'range' && totalBytes === this.bytes && version === (this.version ?? version)) return answer;
    void answer.body.cancel().catch(() => undefined);
    if (kind === 'whole') throw cannotSendParts();
    throw new FileChanged(
      `${this.#url}: ${this.version}, ${this.bytes} bytes; now ${version}, ${totalBytes} bytes`,
    );
  }
}

export function cannotSendParts(): BedsideError {
  return new BedsideError(
    'network',
    sentence`server-cannot-send-parts: This server cannot send parts of a file, which converting while it is fetched needs.`,
    'Fetch the files by hand, then choose their folder.',
  );
}
