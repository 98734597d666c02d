/** Fetches what a conversion is going to read a little before it does: each byte once, with bounded memory. */
import type { PlannedRead } from '../../engine/convert/gguf-stream.ts';
import { mebibyte } from '../../storage/weight-manifest.ts';
import { batchReads, type FetchRange } from './remote-batches.ts';
import { type ReadsAhead, RemoteSource } from './remote-source.ts';

/** Requests at a time: while one's bytes are used, the next one is on its way. */
const flightCount = 2;
/** Held at most, of ranges that are arriving or wait to be read. The largest batch alone must fit. */
const mostBytes = 40 * mebibyte;

interface Flight extends FetchRange {
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
  #flights: Flight[] = [];
  #land = new AbortController();
  #running = 0;
  /** Nothing more is asked for: who reads on hears why. */
  #failure: Failure | undefined;

  constructor(signal: AbortSignal) {
    this.#signal = signal;
  }

  /** What will be read next, in this order; what was announced before is not fetched any further. */
  expect(reads: Iterable<PlannedRead>): void {
    this.#land.abort();
    this.#land = new AbortController();
    this.#flights = [];
    this.#running = 0;
    this.#failure = undefined;
    this.#batches = batchReads(reads);
    this.#fill();
  }

  /** Bytes that were announced; undefined of others. */
  take(source: RemoteSource, offset: number, length: number): Promise<Uint8Array> | undefined {
    const covers = (flight: Flight) =>
      flight.source === source &&
      flight.offset <= offset &&
      offset + length <= flight.offset + flight.bytes &&
      flight.reads > 0;
    let flight = this.#flights.find(covers);
    while (!flight && this.#plan()) flight = this.#flights.find(covers);
    return flight && this.#read(flight, offset - flight.offset, length);
  }

  async #read(flight: Flight, start: number, length: number): Promise<Uint8Array> {
    flight.reads--;
    this.#fill();
    while (flight.filled() < start + length) {
      if (flight.failure) throw flight.failure.thrown;
      await new Promise<void>(resolve => flight.wake.push(resolve));
    }
    const bytes = flight.buffer!.subarray(start, start + length);
    if (flight.reads === 0 && flight.filled() === flight.bytes) {
      this.#flights = this.#flights.filter(each => each !== flight);
      this.#fill();
    }
    return bytes;
  }

  /** Adds the next batch; false where there is none. */
  #plan(): boolean {
    const { value: batch, done } = this.#batches.next();
    if (done) return false;
    for (const range of batch) {
      this.#flights.push({ ...range, buffer: undefined, wake: [], filled: () => 0, failure: this.#failure });
    }
    return true;
  }

  #fill(): void {
    while (this.#running < flightCount && !this.#failure) {
      const next = this.#flights.find(({ buffer }) => !buffer);
      if (!next) {
        if (this.#plan()) continue;
        return;
      }
      const held = this.#flights.reduce((sum, { buffer }) => sum + (buffer?.length ?? 0), 0);
      if (held > 0 && held + next.bytes > mostBytes) return;
      void this.#fly(next);
    }
  }

  async #fly(flight: Flight): Promise<void> {
    if (!(flight.source instanceof RemoteSource)) throw new TypeError('Only remote files are read ahead');
    const arriving = { buffer: new Uint8Array(flight.bytes), filled: 0, answer: undefined };
    flight.buffer = arriving.buffer;
    flight.filled = () => arriving.filled;
    const wake = () => wakeAll(flight);
    const land = this.#land;
    this.#running++;
    try {
      const signal = AbortSignal.any([this.#signal, land.signal]);
      await flight.source.fetch(flight.offset, arriving, signal, wake);
    } catch (thrown) {
      flight.failure = { thrown };
    }
    wake();
    if (land !== this.#land) return;
    this.#running--;
    if (flight.failure) this.#giveUp(flight.failure);
    this.#fill();
  }

  /** What is not asked for any more does not arrive: some may be waiting for it. */
  #giveUp(failure: Failure): void {
    this.#failure ??= failure;
    for (const flight of this.#flights) {
      if (flight.buffer) continue;
      flight.failure = this.#failure;
      wakeAll(flight);
    }
  }
}

function wakeAll({ wake }: Flight): void {
  for (const tell of wake.splice(0)) tell();
}
