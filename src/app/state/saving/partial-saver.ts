import type { Message } from '../../../client/index.ts';

/** At most so much of a growing answer is lost in a crash. */
export const partialSaveIntervalMs = 300;

/**
 * Saves a growing message every `partialSaveIntervalMs`, one write at a time and in order, so that a crash loses no more than the
 * last words.
 */
export class PartialSaver {
  readonly #save: (...messages: Message[]) => Promise<void>;
  #pending: Message | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #queue: Promise<void> = Promise.resolve();

  /** `save` must not reject. */
  constructor(save: (...messages: Message[]) => Promise<void>) {
    this.#save = save;
  }

  saveNow(...messages: Message[]): Promise<void> {
    this.#queue = this.#queue.then(() => this.#save(...messages));
    return this.#queue;
  }

  saveSoon(message: Message): void {
    this.#pending = message;
    // A slow disk is not given more than it can write.
    this.#timer ??= setTimeout(() => {
      void this.#queue.then(() => this.flush());
    }, partialSaveIntervalMs);
  }

  /** What waits is written now: the page may not live to see it. */
  flush(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const pending = this.#pending;
    this.#pending = null;
    return pending ? this.saveNow(pending) : this.#queue;
  }

  /** The last word: resolves when it is stored. */
  finish(message: Message): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#pending = null;
    return this.saveNow(message);
  }
}
