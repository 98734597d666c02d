import type { Page, Worker } from 'playwright-core';
import { prepareWorkers } from './prepared-workers.ts';

interface Failing {
  /** So many attempts to open each database fail from now on. */
  opensToFail: number;
}

/** The databases of a page and of its workers, which cannot be opened when a test says so. */
export class FailingOpens {
  readonly #page: Page;
  #opensToFail = 0;
  #workers: () => Worker[] = () => [];

  private constructor(page: Page) {
    this.#page = page;
  }

  /** To be called before the page goes anywhere. */
  static async of(page: Page): Promise<FailingOpens> {
    const failing = new FailingOpens(page);
    await page.addInitScript(failOpens, null);
    failing.#workers = await prepareWorkers(page, worker => worker.evaluate(failOpens, failing.#opensToFail));
    return failing;
  }

  /** From the next load of the page on. */
  async fromNextLoad(opensToFail: number): Promise<void> {
    this.#opensToFail = opensToFail;
    await this.#page.evaluate(count => sessionStorage.setItem('opensToFail', String(count)), opensToFail);
  }

  /** Nothing fails any more, in what runs now too. */
  async end(): Promise<void> {
    await this.fromNextLoad(0);
    const end = () => void Object.assign(globalThis, { opensToFail: 0 });
    await this.#page.evaluate(end);
    await Promise.all(this.#workers().map(worker => worker.evaluate(end)));
  }
}

/** Runs in the page, where the number outlives a reload, and in workers, which are told it. */
function failOpens(opensToFail: number | null): void {
  const told = opensToFail ?? Number(sessionStorage.getItem('opensToFail'));
  const failing: Failing = Object.assign(globalThis, { opensToFail: told });
  const failed = new Map<string, number>();
  const { open } = IDBFactory.prototype;
  IDBFactory.prototype.open = function (...args) {
    const [name] = args;
    const before = failed.get(name) ?? 0;
    if (before >= failing.opensToFail) return open.apply(this, args);
    failed.set(name, before + 1);
    // As Chromium says it where it cannot read its own files.
    const error = new DOMException(
      'Internal error opening backing store for indexedDB.open.',
      'UnknownError',
    );
    const request = { error, onerror: (): void => undefined };
    setTimeout(() => request.onerror());
    return request as unknown as IDBOpenDBRequest;
  };
}
