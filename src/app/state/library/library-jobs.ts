import { type ErrorData, type LibraryCall, toErrorData } from '../../../client/index.ts';
import type { UiStore } from '../page/ui-store.ts';
import type { LibraryJob, LibraryModel, LibraryStore } from './library-store.ts';
import { RateMeter } from './rate-meter.ts';

/** What is being done with the models of the library: one job a model at a time, shown in the store. */
export class LibraryJobs {
  readonly #store: LibraryStore;
  readonly #ui: UiStore;
  readonly #onEnd: () => Promise<void>;
  readonly #running = new Map<string, AbortController>();

  /** `onEnd` looks at what is stored after each job. */
  constructor(store: LibraryStore, ui: UiStore, onEnd: () => Promise<void>) {
    this.#store = store;
    this.#ui = ui;
    this.#onEnd = onEnd;
  }

  /** Ends a job at its next step; what it has stored is kept. */
  stop(id: string): void {
    this.#running.get(id)?.abort();
  }

  stopAll(): void {
    for (const id of this.#running.keys()) this.stop(id);
  }

  /** One job a model at a time, with its progress and its end. Resolves with what went wrong; a stop is nothing wrong. `isNew`: that is not shown here. */
  async run(
    model: LibraryModel,
    phase: LibraryJob['phase'],
    work: (call: LibraryCall) => Promise<void>,
    isNew = false,
  ): Promise<ErrorData | null> {
    const { id } = model;
    if (this.#running.has(id)) return null;
    const controller = new AbortController();
    this.#running.set(id, controller);
    this.setError(id, null);
    const first: LibraryJob = { phase, done: 0, total: model.bytes ?? 0, bytesPerSecond: null, notice: null };
    this.#setJob(id, first);
    const meter = new RateMeter();
    try {
      await work({
        signal: controller.signal,
        onProgress: (now, done, total) =>
          this.#setJob(id, { phase: now, done, total, bytesPerSecond: meter.note(now, done), notice: null }),
        onNotice: notice => {
          const job = this.#store.getState().jobs[id];
          // While nothing comes, a rate would be yesterday's.
          if (job) this.#setJob(id, { ...job, notice, bytesPerSecond: null });
          if (notice === 'file-changed') this.#ui.getState().showToast(changedFile(model.name));
          if (notice === 'no-ranges') this.#ui.getState().showToast(noRanges);
        },
      });
      return null;
    } catch (thrown) {
      const error = toErrorData(thrown);
      if (error.code === 'aborted') return null;
      // Of one that was added just now, who added it says it, where it was added.
      if (!isNew) this.report(model, error);
      return error;
    } finally {
      this.#running.delete(id);
      this.#setJob(id, null);
      await this.#onEnd();
    }
  }

  report({ id, name }: LibraryModel, error: ErrorData): void {
    this.setError(id, error);
    // The list of models, where the row says it, may be closed.
    this.#ui.getState().showToastOutside('models', `${name}: ${error.message}`);
  }

  #setJob(id: string, job: LibraryJob | null): void {
    this.#store.setState(({ jobs }) => {
      const { [id]: _, ...others } = jobs;
      return { jobs: job ? { ...others, [id]: job } : others };
    });
  }

  setError(id: string, error: ErrorData | null): void {
    this.#store.setState(({ errors }) => {
      const { [id]: _, ...others } = errors;
      return { errors: error ? { ...others, [id]: error } : others };
    });
  }
}

const noRanges =
  'This server cannot send parts of a file: should the connection break, the download begins again.';

const changedFile = (name: string) =>
  `The file of ${name} on the server is another one than before: the download begins again.`;
