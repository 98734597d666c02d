import type { Page } from 'playwright-core';
import { prepareWorkers } from './prepared-workers.ts';

/** What the software adapter of a page's workers says of itself: no word by which it could be told from a GPU. To be called before the page goes anywhere. */
export async function passForGpu(page: Page): Promise<void> {
  await prepareWorkers(page, worker =>
    worker.evaluate(() => {
      const said = { vendor: 'test', architecture: 'imitation', device: '', description: 'Imitated GPU' };
      for (const [name, value] of Object.entries({ ...said, isFallbackAdapter: false })) {
        Object.defineProperty(GPUAdapterInfo.prototype, name, { get: () => value });
      }
    }),
  );
}
