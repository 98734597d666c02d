import { giveWay } from '../give-way.ts';
import type { Bank } from './bank.ts';

/** Launches in order: (address of the record, tokens of the step) in two words each. */
export type LaunchList = Uint32Array<ArrayBuffer>;

/** Whoever computes a list of launches, each after those before it. */
export interface Walker {
  /** @param bank in which the records lie, and all that they bind */
  walk(bank: Bank, list: LaunchList): Promise<void>;
  /** Holds on to no bank from the end of the list under way until the next one: those that were dropped are free then. */
  letGo(): void;
  /** What is left of the list under way is not computed; `walk` resolves soon. */
  abandon(): void;
  /** How many of the threads that there are compute the lists to come. */
  setThreads(count: number): void;
  /** Ends, but not the threads that it was given. Only while nothing is submitted. */
  release(): void;
  destroy(): void;
}

/** What else wants to be heard, a stop for example, waits no longer. */
const sliceMs = 30;
/** The clock is looked at about so often: chunks can be very short. */
const stretchMs = 1;
/** Not more at a time, because some clocks stand still for long. */
const mostChunks = 16;

/** One thread computes everything itself, chunk by chunk, and lets others have their turn in between. */
export class SingleWalker implements Walker {
  #sliceEnd = 0;
  #isAbandoned = false;
  #isDestroyed = false;

  async walk({ kernels, scratch }: Bank, list: LaunchList): Promise<void> {
    const [own] = scratch as [number];
    this.#isAbandoned = false;
    for (let i = 0; i < list.length; i += 2) {
      const record = list[i]!;
      const chunks = kernels.chunksOf(record, list[i + 1]!);
      if (chunks > 0) kernels.begin(record, own);
      for (let chunk = 0, most = 1, started = performance.now(); chunk < chunks; ) {
        const count = Math.min(most, chunks - chunk);
        kernels.run(record, own, chunk, count);
        chunk += count;
        const now = performance.now();
        if (now - started < stretchMs) most = Math.min(2 * most, mostChunks);
        started = now;
        if (now > this.#sliceEnd) {
          await giveWay();
          if (this.#isAbandoned || this.#isDestroyed) return;
          started = performance.now();
          this.#sliceEnd = started + sliceMs;
        }
      }
    }
  }

  letGo(): void {
    // It is told of a bank with each list.
  }

  abandon(): void {
    this.#isAbandoned = true;
  }

  setThreads(): void {
    // There is one.
  }

  release(): void {
    this.destroy();
  }

  destroy(): void {
    this.#isDestroyed = true;
  }
}
