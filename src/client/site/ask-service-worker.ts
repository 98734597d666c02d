import type { PageMessage } from '../../sw/messages.ts';

/** One that was asleep is started first, which takes its time on a machine that does much else. */
const answerTimeoutMs = 30_000;

/** Resolves with the answer, or with null where none comes: an older version does not know every question. */
export function askServiceWorker<Answer>(
  worker: ServiceWorker,
  message: PageMessage,
): Promise<Answer | null> {
  return new Promise(resolve => {
    const { port1, port2 } = new MessageChannel();
    const settle = (answer: Answer | null) => {
      clearTimeout(timer);
      port1.close();
      resolve(answer);
    };
    const timer = setTimeout(() => settle(null), answerTimeoutMs);
    port1.onmessage = event => settle(event.data as Answer);
    worker.postMessage(message, [port2]);
  });
}
