/** Bytes a second over the last seconds: an average of everything would hide that a line has become slow. */
export class RateMeter {
  readonly #windowMs: number;
  readonly #now: () => number;
  #phase = '';
  #samples: { ms: number; done: number }[] = [];

  constructor(windowMs = 5000, now: () => number = () => performance.now()) {
    this.#windowMs = windowMs;
    this.#now = now;
  }

  /** `done` bytes of a phase by now. Null until half a second has been seen. */
  note(phase: string, done: number): number | null {
    const ms = this.#now();
    const last = this.#samples.at(-1);
    // A new phase, or a download that began again.
    if (phase !== this.#phase || (last && done < last.done)) this.#samples = [];
    this.#phase = phase;
    this.#samples.push({ ms, done });
    while (this.#samples.length > 2 && ms - this.#samples[1]!.ms > this.#windowMs) this.#samples.shift();
    const [first] = this.#samples;
    const elapsedMs = ms - first!.ms;
    return elapsedMs < 500 ? null : ((done - first!.done) * 1000) / elapsedMs;
  }
}
