import { BedsideError } from '../errors.ts';
import { sentence } from '../sentence.ts';
import { inWords } from '../thrown-in-words.ts';
import { processorLostError } from './processor-errors.ts';

/** Something of the queue, done in its turn. */
export type Task = () => void | Promise<void>;

/** Does what was submitted, in order, beside whoever submits; and whether that failed. */
export class TaskQueue {
  /** Resolves when the device is lost for any reason but our own `end()`. */
  readonly lost: Promise<BedsideError>;
  #tasks: { task: Task; isWork: boolean }[] = [];
  /** Of the tasks counted until here, work is left out. */
  #abandoned = 0;
  #queued = 0;
  #done = 0;
  #isRunning = false;
  #failure: BedsideError | undefined;
  #ended = false;
  #waiting: { until: number; resolve: () => void; reject: (error: BedsideError) => void }[] = [];
  #lose: (error: BedsideError) => void = () => undefined;

  constructor() {
    this.lost = new Promise(resolve => {
      this.#lose = resolve;
    });
  }

  get failed(): boolean {
    return this.#failure !== undefined;
  }

  /** Throws the first failure. */
  check(): void {
    if (this.#failure) throw this.#failure;
  }

  /** @returns how many tasks have to be done for this one to be */
  add(task: Task): number {
    return this.#add(task, false);
  }

  /** The same, for what may be left out by `abandonWork`. */
  addWork(task: Task): number {
    return this.#add(task, true);
  }

  /** Work added until now is not begun any more; everything else keeps its turn. */
  abandonWork(): void {
    this.#abandoned = this.#queued;
  }

  #add(task: Task, isWork: boolean): number {
    this.#tasks.push({ task, isWork });
    if (!this.#isRunning) {
      this.#isRunning = true;
      // Not before whoever submits has gone on.
      queueMicrotask(() => void this.#work());
    }
    return ++this.#queued;
  }

  /** Whether nothing is left to do. */
  get isIdle(): boolean {
    return this.#done === this.#queued;
  }

  /** Resolves once so many tasks are done, all by default; rejects with the failure. */
  async reached(count: number = this.#queued): Promise<void> {
    this.check();
    if (this.#done >= count) return;
    await new Promise<void>((resolve, reject) => {
      this.#waiting.push({ until: count, resolve, reject });
    });
    this.check();
  }

  /** Calls back once everything added until now is done, or at once where nothing is left to do. */
  afterAll(then: () => void): void {
    if (this.isIdle) then();
    else this.add(then);
  }

  /** The first failure is kept; nothing is done any more. */
  fail(error: BedsideError): void {
    if (this.#failure) return;
    this.#failure = error;
    this.#tasks = [];
    for (const { reject } of this.#waiting.splice(0)) reject(error);
    if (!this.#ended) this.#lose(error);
  }

  end(): void {
    this.#ended = true;
    this.fail(processorLostError('the device was closed'));
  }

  async #work(): Promise<void> {
    for (let next = this.#tasks.shift(); next; next = this.#tasks.shift()) {
      try {
        if (!next.isWork || this.#done >= this.#abandoned) await next.task();
      } catch (error) {
        this.fail(error instanceof BedsideError ? error : computationFailedError(error));
        break;
      }
      this.#done++;
      const ready = this.#waiting.filter(({ until }) => until <= this.#done);
      this.#waiting = this.#waiting.filter(({ until }) => until > this.#done);
      for (const { resolve } of ready) resolve();
    }
    this.#isRunning = false;
  }
}

/** A trap: a kernel reached outside the memory, or was told what it does not know. */
function computationFailedError(error: unknown): BedsideError {
  return new BedsideError(
    'gpu-error',
    sentence`computation-failed: This device's processor could not finish the computation, so the answer was stopped.`,
    'Load the model again. If it happens again, choose another device.',
    inWords(error),
  );
}
