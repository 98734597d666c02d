/** Addresses are multiples of this, and so are the stretches handed out: a cache line. */
const alignment = 64;

/** Which stretches of a memory are free, the first that is large enough taken first. Knows addresses alone, not the memory. */
export class Heap {
  /** Sorted, none touching the next. */
  #free: { start: number; end: number }[];

  /** Everything from `start` to `end` is free. */
  constructor(start: number, end: number) {
    this.#free = end > start ? [{ start: align(start), end }] : [];
  }

  /** Bytes that are free, in however many stretches. */
  get free(): number {
    return this.#free.reduce((sum, { start, end }) => sum + end - start, 0);
  }

  /** @returns the address of so many bytes, or undefined where no stretch is as long */
  take(bytes: number): number | undefined {
    const length = align(bytes);
    const at = this.#free.findIndex(({ start, end }) => end - start >= length);
    const found = this.#free[at];
    if (!found) return undefined;
    const { start } = found;
    found.start += length;
    if (found.start === found.end) this.#free.splice(at, 1);
    return start;
  }

  /** Gives back what `take` returned for the same bytes. */
  give(start: number, bytes: number): void {
    const end = start + align(bytes);
    let at = this.#free.findIndex(free => free.start > start);
    if (at < 0) at = this.#free.length;
    this.#free.splice(at, 0, { start, end });
    this.#join(at);
    if (at > 0) this.#join(at - 1);
  }

  #join(at: number): void {
    const [one, next] = [this.#free[at], this.#free[at + 1]];
    if (!one || !next || one.end < next.start) return;
    one.end = next.end;
    this.#free.splice(at + 1, 1);
  }
}

/** What so many bytes take. */
export function align(bytes: number): number {
  return Math.ceil(bytes / alignment) * alignment;
}
