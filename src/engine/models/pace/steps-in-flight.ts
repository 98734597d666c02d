/** There are as many places to read them back to. Steps past the end of an answer are computed in vain. */
export const mostStepsInFlight = 16;

/** Where nothing is known, and at the least: the host has its own work between two steps. */
const fewestStepsInFlight = 3;

/**
 * How many steps are to be submitted before the first of them is read back, so that the device never waits for the host:
 * one for each step that ends while a result is on its way, and one more. Some browsers report results only ten times a second.
 *
 * Learns from each answer and is kept for the next. Whoever answers calls `begin` before the first submit, the device being
 * idle, and `noteRead` after each read; the first read is to be of little work, as the choice of a token is.
 */
export class StepsInFlight {
  readonly #now: () => number;
  #count = fewestStepsInFlight;
  #roundTripMs = 0;
  /** Of the answer under way, until its first read. */
  #begun: number | undefined;
  /** Where the count was chosen last: how many reads ago, and when. */
  #reads = 0;
  #since = 0;

  constructor(now = () => performance.now()) {
    this.#now = now;
  }

  get count(): number {
    return this.#count;
  }

  begin(): void {
    this.#begun = this.#now();
  }

  /** Steps of another kind came in between. */
  interrupt(): void {
    if (this.#begun === undefined) this.#restart(this.#now());
  }

  noteRead(): void {
    const now = this.#now();
    if (this.#begun !== undefined) {
      const ms = now - this.#begun;
      // Where results are reported at intervals, one may come early by chance.
      this.#roundTripMs = Math.max(ms, (this.#roundTripMs + ms) / 2);
      this.#begun = undefined;
      this.#restart(now);
      return;
    }
    this.#reads++;
    // So many were submitted before the count was chosen.
    if (this.#reads === this.#count) this.#since = now;
    if (this.#reads < 2 * this.#count) return;
    const stepMs = this.#stepMs((now - this.#since) / this.#count);
    const wanted = stepMs > 0 ? Math.ceil(this.#roundTripMs / stepMs) + 1 : this.#count;
    const most = Math.min(2 * this.#count, mostStepsInFlight);
    this.#count = Math.max(fewestStepsInFlight, Math.min(wanted, most));
    this.#restart(now);
  }

  /**
   * What the device needs for a step. Where it waited for the host, reads are farther apart than that: then each step was under
   * way for a round trip and its own time, while `count` of them were read.
   */
  #stepMs(msBetweenReads: number): number {
    const waited = this.#count * msBetweenReads - this.#roundTripMs;
    const least = msBetweenReads / 2;
    return Math.min(msBetweenReads, Math.max(waited, least));
  }

  #restart(now: number): void {
    this.#reads = 0;
    this.#since = now;
  }
}
