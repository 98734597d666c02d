/** Fetches what a conversion is going to read a little before it does: each byte once, with bounded memory. */
import type { PlannedRead } from '../../engine/convert/gguf-stream.ts';
import { mebibyte } from '../../storage/weight-manifest.ts';
import { batchReads, type FetchRange } from './remote-batches.ts';
import { type ReadsAhead, RemoteSource } from './remote-source.ts';

/** Requests at a time: while one's bytes are used, the next one is on its way. */
const requestsInFlight = 2;
/** Held at most, of ranges that are arriving or wait to be read. The largest batch alone must fit. */
const mostBytes = 40 * mebibyte;

interface PlannedRange extends FetchRange {
  /** From when it is fetched. */
  buffer: Uint8Array<ArrayBuffer> | undefined;
  /** Tells those who wait that more has arrived, or that nothing more will. */
  wake: (() => void)[];
  filled(): number;
  failure: Failure | undefined;
}

interface Failure {
  thrown: unknown;
}

export class RemoteReadAhead implements ReadsAhead {
  readonly #signal: AbortSignal;
  #batches: Iterator<FetchRange[]> = [][Symbol.iterator]();
  /** Those whose bytes are not all read, in the order in which they are needed. */
  #ranges: PlannedRange[] = [];
  #abort = new AbortController();
  #running = 0;
  /** Nothing more is asked for: who reads on hears why. */
  #failure: Failure | undefined;

  constructor(signal: AbortSignal) {
    this.#signal = signal;
  }

  /** What will be read next, in this order; what was announced before is not fetched any further. */
  expect(reads: Iterable<PlannedRead>): void {
    this.#abort.abort();
    this.#abort = new AbortController();
    this.#ranges = [];
    this.#running = 0;
    this.#failure = undefined;
    this.#batches = batchReads(reads);
    this.#fill();
  }

  /** Bytes that were announced; undefined of others. */
  take(source: RemoteSource, offset: number, length: number): Promise<Uint8Array> | undefined {
    const covers = (range: PlannedRange) =>
      range.source === source &&
      range.offset <= offset &&
      offset + length <= range.offset + range.bytes &&
      range.reads > 0;
    let range = this.#ranges.find(covers);
    while (!range && this.#plan()) range = this.#ranges.find(covers);
    return range && this.#read(range, offset - range.offset, length);
  }

  async #read(range: PlannedRange, start: number, length: number): Promise<Uint8Array> {
    range.reads--;
    this.#fill();
    while (range.filled() < start + length) {
      if (range.failure) throw range.failure.thrown;
      await new Promise<void>(resolve => range.wake.push(resolve));
    }
    const bytes = range.buffer!.subarray(start, start + length);
    if (range.reads === 0 && range.filled() === range.bytes) {
      this.#ranges = this.#ranges.filter(each => each !== range);
      this.#fill();
    }
    return bytes;
  }

  /** Adds the next batch; false where there is none. */
  #plan(): boolean {
    const { value: batch, done } = this.#batches.next();
    if (done) return false;
    for (const range of batch) {
      this.#ranges.push({ ...range, buffer: undefined, wake: [], filled: () => 0, failure: this.#failure });
    }
    return true;
  }

  #fill(): void {
    while (this.#running < requestsInFlight && !this.#failure) {
      const next = this.#ranges.find(({ buffer }) => !buffer);
      if (!next) {
        if (this.#plan()) continue;
        return;
      }
      const held = this.#ranges.reduce((sum, { buffer }) => sum + (buffer?.length ?? 0), 0);
      if (held > 0 && held + next.bytes > mostBytes) return;
      void this.#fetch(next);
    }
  }

  async #fetch(range: PlannedRange): Promise<void> {
    if (!(range.source instanceof RemoteSource)) throw new TypeError('Only remote files are read ahead');
    const arriving = { buffer: new Uint8Array(range.bytes), filled: 0, answer: undefined };
    range.buffer = arriving.buffer;
    range.filled = () => arriving.filled;
    const wake = () => wakeAll(range);
    const abort = this.#abort;
    this.#running++;
    try {
      const signal = AbortSignal.any([this.#signal, abort.signal]);
      await range.source.fetch(range.offset, arriving, signal, wake);
    } catch (thrown) {
      range.failure = { thrown };
    }
    wake();
    if (abort !== this.#abort) return;
    this.#running--;
    if (range.failure) this.#giveUp(range.failure);
    this.#fill();
  }

  /** What is not asked for any more does not arrive: some may be waiting for it. */
  #giveUp(failure: Failure): void {
    this.#failure ??= failure;
    for (const range of this.#ranges) {
      if (range.buffer) continue;
      range.failure = this.#failure;
      wakeAll(range);
    }
  }
}

function wakeAll({ wake }: PlannedRange): void {
  for (const tell of wake.splice(0)) tell();
}
