import { buildAll } from '../controls/use-near.ts';

/**
 * The browser prints what the page shows; `print.css` lays it out for paper. The document's title stays "Bedside":
 * it becomes the name of the print job and of a saved file, which is no place for a patient's question.
 */
export async function printConversation(): Promise<void> {
  buildAll();
  await picturesDrawn();
  window.print();
}

/** Settles when the images of all questions are there, or after a while without one. */
async function picturesDrawn(): Promise<void> {
  const isWaiting = (item: Element) => item.querySelector('img')?.complete !== true;
  for (let waited = 0; waited < longestWaitMs; waited += pauseMs) {
    if (![...document.querySelectorAll('.question-images > li')].some(isWaiting)) return;
    await new Promise(resolve => setTimeout(resolve, pauseMs));
  }
}

const pauseMs = 50;
const longestWaitMs = 3000;

/** Prints one answer and the question before it, and nothing else of the conversation. */
export function printAnswer(control: Element): void {
  const answer = control.closest('.messages > li');
  // The question may be one of those that are far from what is seen.
  if (answer?.previousElementSibling?.matches('.messages-far')) buildAll();
  const question = answer?.previousElementSibling;
  const list = answer?.parentElement;
  if (!answer || !list) return;
  const chosen = [answer, ...(question ? [question] : [])];
  list.setAttribute('data-print', 'chosen');
  for (const item of chosen) item.setAttribute('data-print', 'this');
  window.addEventListener(
    'afterprint',
    () => {
      for (const item of [list, ...chosen]) item.removeAttribute('data-print');
    },
    { once: true },
  );
  window.print();
}
