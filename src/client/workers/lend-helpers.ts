import type { HelperNews, HelperRequest } from '../../worker/verbs/lent-workers.ts';
import type { WorkerLike } from './worker-connection.ts';

/** What is used of a document. */
export type Visible = Pick<EventTarget, 'addEventListener' | 'removeEventListener'> & {
  readonly hidden: boolean;
};

/**
 * Starts threads for the worker at the other end of `port`, which may start none, and ends them when it asks. The function that is
 * returned ends them all: a thread sleeps until it is woken, and never ends by itself.
 * @param page whose visibility the worker is told; null where it does not matter
 */
export function lendHelpers(
  port: MessagePort,
  spawn: () => WorkerLike,
  page: Visible | null = document,
): () => void {
  const helpers = new Map<number, WorkerLike>();
  const tell = (news: HelperNews) => port.postMessage(news);

  function end(id: number): void {
    helpers.get(id)?.terminate();
    helpers.delete(id);
  }

  function lose(id: number, cause: string): void {
    if (!helpers.has(id)) return;
    end(id);
    tell({ kind: 'ended', id, cause });
  }

  function start(id: number, engine: MessagePort): void {
    try {
      const helper = spawn();
      helpers.set(id, helper);
      helper.addEventListener('error', event =>
        lose(id, (event as Partial<ErrorEvent>).message ?? 'the script of the helper did not load'),
      );
      helper.postMessage(null, [engine]);
    } catch (thrown) {
      tell({ kind: 'ended', id, cause: String(thrown) });
    }
  }

  port.onmessage = ({ data }: MessageEvent<HelperRequest>) => {
    if (data.kind === 'start') start(data.id, data.port);
    else end(data.id);
  };

  const tellVisibility = () => tell({ kind: 'visibility', isHidden: page?.hidden ?? false });
  page?.addEventListener('visibilitychange', tellVisibility);
  if (page) tellVisibility();

  return () => {
    page?.removeEventListener('visibilitychange', tellVisibility);
    port.onmessage = null;
    port.close();
    for (const id of [...helpers.keys()]) end(id);
  };
}
