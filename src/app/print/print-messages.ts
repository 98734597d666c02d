/**
 * The browser prints what the page shows; `print.css` lays it out for paper. The document's title stays "Bedside":
 * it becomes the name of the print job and of a saved file, which is no place for a patient's question.
 */
export function printConversation(): void {
  window.print();
}

/** Prints one answer and the question before it, and nothing else of the conversation. */
export function printAnswer(control: Element): void {
  const answer = control.closest('.messages > li');
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
