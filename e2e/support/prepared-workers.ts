import type { Page, Worker } from 'playwright-core';

/** How many workers the page has made, and how many of them the test has prepared. */
interface Births {
  made: number;
  prepared: number;
}

/**
 * Has `prepare` done to every worker of a page, those to come as well, before a message reaches it. To be called before the
 * page goes anywhere.
 */
export async function prepareWorkers(
  page: Page,
  prepare: (worker: Worker) => Promise<unknown>,
): Promise<void> {
  await page.addInitScript(() => {
    const births: Births = { made: 0, prepared: 0 };
    Object.assign(window, { births });
    // Which of them was prepared is not known here, so that each waits until all are.
    const allPrepared = async () => {
      while (births.prepared < births.made) await new Promise(resolve => setTimeout(resolve, 10));
    };
    window.Worker = class extends Worker {
      #sent: Promise<void> = Promise.resolve();

      constructor(...args: ConstructorParameters<typeof Worker>) {
        super(...args);
        births.made++;
      }

      override postMessage(...args: unknown[]): void {
        this.#sent = this.#sent
          .then(allPrepared)
          .then(() => super.postMessage(...(args as [unknown, Transferable[]])));
      }
    };
  });
  page.on('worker', async worker => {
    // One that has just ended cannot be prepared any more, nor can a page that has.
    await prepare(worker).catch(() => undefined);
    await page
      .evaluate(() => {
        (window as unknown as { births: Births }).births.prepared++;
      })
      .catch(() => undefined);
  });
}
