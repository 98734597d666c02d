import { createStore, type StoreApi } from 'zustand/vanilla';
import { type ErrorData, toErrorData } from '../../../client/index.ts';

export interface StorageState {
  /** Why something could not be stored or read; null while storage does what it is asked. */
  problem: ErrorData | null;
  /** Milliseconds since 1970 when that began. */
  since: number;
  /** Whether something that was written waits in memory. */
  hasUnsaved: boolean;
  isTrying: boolean;
}

export type StorageStore = StoreApi<StorageState>;

export function createStorageStore(): StorageStore {
  return createStore<StorageState>(() => ({ problem: null, since: 0, hasUnsaved: false, isTrying: false }));
}

/** Pauses before what was refused is tried again; the last one repeats. */
const pausesMs = [1000, 2000, 4000, 8000, 15_000, 30_000];

interface Debt {
  task: () => Promise<void>;
  isLight: boolean;
  /** What refused it last. */
  refusal: unknown;
}

/**
 * What the browser refused to do with its storage, and what is still to be done: tried again by itself until it works, reported
 * once for as long as it lasts. What is owed is held in memory by whoever owes it.
 */
export class StorageDebts {
  readonly #store: StorageStore;
  readonly #onEnd: () => void;
  readonly #owed = new Map<string, Debt>();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #failures = 0;
  #trying: Promise<void> | null = null;

  /** `onEnd`: everything that had been refused is done now. */
  constructor(store: StorageStore, onEnd: () => void) {
    this.#store = store;
    this.#onEnd = onEnd;
  }

  /**
   * Does `task`, or owes it under `key`, in place of what was owed there. Resolves with whether it is done. Never rejects.
   * `isLight`: a page that is closed meanwhile loses nothing that was written, as with something to be read or a setting.
   */
  async attempt(key: string, task: () => Promise<void>, isLight = false): Promise<boolean> {
    try {
      await task();
    } catch (thrown) {
      this.#owed.set(key, { task, isLight, refusal: thrown });
      this.#note(toErrorData(thrown));
      this.#schedule();
      return false;
    }
    this.#owed.delete(key);
    if (this.#owed.size === 0) this.#end();
    // What it did for one it does for the others.
    else void this.tryAgain();
    return true;
  }

  /** Does all that is owed, now. */
  tryAgain(): Promise<void> {
    this.#trying ??= this.#tryAll().finally(() => {
      this.#trying = null;
    });
    return this.#trying;
  }

  /** What was owed is not wanted any more. */
  forget(key: string): void {
    if (!this.#owed.delete(key)) return;
    // It was not done: nobody is told that it was.
    if (this.#owed.size === 0) this.#settle();
    else this.#setUnsaved();
  }

  /** What refused the first of these keys under which something is owed; undefined where nothing is. */
  refusalOf(...keys: string[]): unknown {
    return keys.map(key => this.#owed.get(key)).find(debt => debt !== undefined)?.refusal;
  }

  async #tryAll(): Promise<void> {
    if (this.#owed.size === 0) return;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#store.setState({ isTrying: true });
    for (const [key, debt] of [...this.#owed]) {
      try {
        await debt.task();
      } catch (thrown) {
        debt.refusal = thrown;
        this.#note(toErrorData(thrown));
        continue;
      }
      // Another one may be owed there by now.
      if (this.#owed.get(key) === debt) this.#owed.delete(key);
    }
    this.#store.setState({ isTrying: false });
    if (this.#owed.size === 0) {
      this.#end();
      return;
    }
    this.#failures += 1;
    this.#setUnsaved();
    this.#schedule();
  }

  #note(error: ErrorData): void {
    const { problem, since } = this.#store.getState();
    // The same cause again may come in other words: how full a disk is changes from try to try.
    const isNew = problem?.code !== error.code;
    this.#store.setState({
      problem: isNew ? error : problem,
      since: problem ? since : Date.now(),
    });
    this.#setUnsaved();
  }

  #setUnsaved(): void {
    this.#store.setState({ hasUnsaved: [...this.#owed.values()].some(({ isLight }) => !isLight) });
  }

  #schedule(): void {
    const pauseMs = pausesMs[Math.min(this.#failures, pausesMs.length - 1)];
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      void this.tryAgain();
    }, pauseMs);
  }

  #end(): void {
    if (this.#settle()) this.#onEnd();
  }

  /** Nothing is owed any more. Returns whether a problem was shown. */
  #settle(): boolean {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#failures = 0;
    if (!this.#store.getState().problem) return false;
    this.#store.setState({ problem: null, hasUnsaved: false });
    return true;
  }
}
