import type { Page, Worker } from 'playwright-core';

/** What the page knows of its workers. */
interface Births {
  made: number;
  /** By the names that they were given here. */
  prepared: string[];
}

/** How the page calls a thread of the processor. */
const helperName = 'bedside-helper';

/**
 * Has `prepare` done to every worker of a page, those to come as well, before a message reaches it. To be called before the
 * page goes anywhere. Threads of the processor are left alone: they sleep, and hear nobody.
 * @returns those that are prepared and live
 */
export async function prepareWorkers(
  page: Page,
  prepare: (worker: Worker) => Promise<unknown>,
): Promise<() => Worker[]> {
  await page.addInitScript(helper => {
    const births: Births = { made: 0, prepared: [] };
    Object.assign(window, { births });
    window.Worker = class extends Worker {
      #sent: Promise<void> = Promise.resolve();
      readonly #isPrepared: () => boolean;

      constructor(url: string | URL, options: WorkerOptions = {}) {
        const isHelper = options.name === helper;
        const name = isHelper ? helper : `${options.name} ${++births.made}`;
        super(url, { ...options, name });
        this.#isPrepared = () => isHelper || births.prepared.includes(name);
      }

      override postMessage(...args: unknown[]): void {
        this.#sent = this.#sent
          .then(async () => {
            while (!this.#isPrepared()) await new Promise(resolve => setTimeout(resolve, 10));
          })
          .then(() => super.postMessage(...(args as [unknown, Transferable[]])));
      }
    };
  }, helperName);
  const prepared = new Set<Worker>();
  page.on('worker', async worker => {
    // One that has just ended cannot be asked any more, one that sleeps never answers.
    const name = await worker.evaluate(() => self.name).catch(() => helperName);
    if (name === helperName) return;
    await prepare(worker).catch(() => undefined);
    prepared.add(worker);
    await page
      .evaluate(ready => {
        (window as unknown as { births: Births }).births.prepared.push(ready);
      }, name)
      .catch(() => undefined);
  });
  return () => page.workers().filter(worker => prepared.has(worker));
}
