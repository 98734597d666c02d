import type { Page } from 'playwright-core';
import type { ImagePresentation } from '../../src/engine/types/presentation.ts';

/** The page's own workers, for who asks them beside the page. */
interface Watched {
  /** As the page does, over comlink's own messages. Resolves with the result as data: `{ ok, value | error }`. */
  askWorker(name: string, verb: string, request?: unknown): Promise<unknown>;
}

/** To be called before the page goes anywhere. */
export async function watchWorkers(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const workers: Record<string, Worker> = {};
    window.Worker = class extends Worker {
      constructor(url: string | URL, options?: WorkerOptions) {
        super(url, options);
        workers[options?.name ?? ''] = this;
      }
    };
    const watched: Watched = {
      askWorker(name, verb, request) {
        const port = workers[name]!;
        const id = `test ${Math.random()}`;
        return new Promise(resolve => {
          const hear = ({ data }: MessageEvent) => {
            if (data?.id !== id) return;
            port.removeEventListener('message', hear);
            resolve(data.value);
          };
          port.addEventListener('message', hear);
          const argumentList = [{ type: 'RAW', value: request }];
          port.postMessage({ id, type: 'APPLY', path: [verb], argumentList });
        });
      },
    };
    Object.assign(window, watched);
  });
}

/** What the engine's worker answers to a call without a request, beside whatever it does. */
export function askEngine(page: Page, verb: string): Promise<unknown> {
  return page.evaluate(asked => (window as unknown as Watched).askWorker('bedside-engine', asked), verb);
}

/** How many frames the reading worker keeps, and has decoded. */
export async function keptFrames(page: Page): Promise<{ frames: number; bytes: number; decoded: number }> {
  const kept = await page.evaluate(() =>
    (window as unknown as Watched).askWorker('bedside-reading', 'keptFrames'),
  );
  return (kept as { value: { frames: number; bytes: number; decoded: number } }).value;
}

/** What the reading worker shows of a file: of its pixels, one byte each where all are grey, else three; or why nothing. */
export type ShownHash = { sha256?: string; reason?: string };

export async function askWorkerToShow(
  page: Page,
  bytes: Uint8Array,
  presentation: ImagePresentation,
): Promise<ShownHash> {
  return page.evaluate(
    async ({ base64, presentation: asked }) => {
      const data = Uint8Array.from(atob(base64), letter => letter.charCodeAt(0));
      const request = { id: `test ${Math.random()}`, file: new Blob([data]), presentation: asked };
      const shown = (await (window as unknown as Watched).askWorker(
        'bedside-reading',
        'showFrame',
        request,
      )) as
        | { ok: true; value: { rgba: Uint8ClampedArray; windows: unknown[] } }
        | { ok: false; error: { reason: string } };
      if (!shown.ok) return { reason: shown.error.reason };
      const { rgba, windows } = shown.value;
      const samples = windows.length > 0 ? 1 : 3;
      const pixels = new Uint8Array((rgba.length / 4) * samples);
      for (let at = 0, from = 0; at < pixels.length; from += 4)
        for (let sample = 0; sample < samples; sample++) pixels[at++] = rgba[from + sample]!;
      const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', pixels));
      return { sha256: Array.from(hash, byte => byte.toString(16).padStart(2, '0')).join('') };
    },
    { base64: Buffer.from(bytes).toString('base64'), presentation },
  );
}
