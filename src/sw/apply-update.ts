import type { UpdateAnswer, WorkerMessage } from './messages.ts';

/** A page that does not answer in this time is frozen, or of a version that does not know the question. */
const answerTimeoutMs = 1000;

/** What is used of a page. */
export interface AskedPage {
  postMessage(message: WorkerMessage, transfer: Transferable[]): void;
}

/** Takes over (`takeOver`) unless one of `pages` is in the middle of something. */
export async function applyUpdate(
  pages: readonly AskedPage[],
  takeOver: () => Promise<void>,
): Promise<UpdateAnswer> {
  const answers = await Promise.all(pages.map(isBusy));
  if (answers.includes(true)) return 'busy';
  await takeOver();
  return 'applied';
}

function isBusy(page: AskedPage): Promise<boolean> {
  return new Promise(resolve => {
    const { port1, port2 } = new MessageChannel();
    const settle = (answer: boolean) => {
      clearTimeout(timer);
      port1.close();
      resolve(answer);
    };
    const timer = setTimeout(() => settle(false), answerTimeoutMs);
    port1.onmessage = event => settle(event.data === true);
    page.postMessage({ type: 'is-busy' }, [port2]);
  });
}
