import type { Page } from 'playwright-core';

/** The page's own workers, by their names, for who asks them beside the page. */
type Watched = Window & { testWorkers: Record<string, Worker> };

/** To be called before the page goes anywhere. */
export function watchWorkers(page: Page): Promise<void> {
  return page.addInitScript(() => {
    const workers: Record<string, Worker> = {};
    Object.assign(window, { testWorkers: workers });
    window.Worker = class extends Worker {
      constructor(url: string | URL, options?: WorkerOptions) {
        super(url, options);
        workers[options?.name ?? ''] = this;
      }
    };
  });
}

/**
 * Runs `act` in the page with a function that asks a worker as the page does, over comlink's own messages. What it resolves with is
 * the result as data: `{ ok, value | error }`.
 */
export async function askWorker(page: Page, name: string, verb: string, request?: unknown): Promise<unknown> {
  return page.evaluate(
    ([worker, method, value]) => {
      const port = (window as unknown as Watched).testWorkers[worker as string]!;
      const id = `test ${Math.random()}`;
      return new Promise<unknown>(resolve => {
        const hear = ({ data }: MessageEvent) => {
          if (data?.id !== id) return;
          port.removeEventListener('message', hear);
          resolve(data.value);
        };
        port.addEventListener('message', hear);
        port.postMessage({ id, type: 'APPLY', path: [method], argumentList: [{ type: 'RAW', value }] });
      });
    },
    [name, verb, request],
  );
}
