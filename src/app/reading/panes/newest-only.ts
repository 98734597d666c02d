/**
 * Runs few jobs at a time; of those that come meanwhile only the newest is run, once one before has ended. A drag asks for more
 * pictures than can be made: those between are not missed. With two at a time, one is made while the one before is on its way.
 */
export class NewestOnly {
  readonly #atOnce: number;
  #running = 0;
  #next: (() => Promise<void>) | null = null;

  constructor(atOnce = 1) {
    this.#atOnce = atOnce;
  }

  run(job: () => Promise<void>): void {
    this.#next = job;
    if (this.#running < this.#atOnce) void this.#work();
  }

  /** What waits is not begun. */
  clear(): void {
    this.#next = null;
  }

  async #work(): Promise<void> {
    this.#running += 1;
    try {
      for (let job = this.#take(); job; job = this.#take()) await job();
    } finally {
      this.#running -= 1;
    }
  }

  #take(): (() => Promise<void>) | null {
    const job = this.#next;
    this.#next = null;
    return job;
  }
}
