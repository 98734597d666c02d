/**
 * Runs one job at a time; of those that come meanwhile only the newest is run, once the one before has ended. A drag asks for more
 * pictures than can be made: those between are not missed.
 */
export class NewestOnly {
  #isBusy = false;
  #next: (() => Promise<void>) | null = null;

  run(job: () => Promise<void>): void {
    this.#next = job;
    if (!this.#isBusy) void this.#work();
  }

  /** What waits is not begun. */
  clear(): void {
    this.#next = null;
  }

  async #work(): Promise<void> {
    this.#isBusy = true;
    try {
      for (let job = this.#take(); job; job = this.#take()) await job();
    } finally {
      this.#isBusy = false;
    }
  }

  #take(): (() => Promise<void>) | null {
    const job = this.#next;
    this.#next = null;
    return job;
  }
}
