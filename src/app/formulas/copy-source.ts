/** What is selected and copied has the LaTeX of its formulas: the letters of MathML alone would say something else. */

let isListening = false;

export function copyFormulasAsWritten(): void {
  if (isListening) return;
  isListening = true;
  document.addEventListener('copy', event => {
    const selection = getSelection();
    if (!selection || selection.isCollapsed || !event.clipboardData || isInField(event.target)) return;
    const range = selection.getRangeAt(0);
    const within = formulaAround(range.commonAncestorContainer);
    const part = range.cloneContents();
    const formulas = [...part.querySelectorAll<HTMLElement>('[data-formula]')];
    if (!within && formulas.length === 0) return;
    for (const formula of formulas) formula.replaceWith(formula.dataset.formula!);
    const text = within ? within.dataset.formula! : textOf(part).trim();
    event.clipboardData.setData('text/plain', text);
    event.preventDefault();
  });
}

const isInField = (target: EventTarget | null): boolean =>
  target instanceof HTMLTextAreaElement || target instanceof HTMLInputElement;

function formulaAround(node: Node): HTMLElement | null {
  const element = node instanceof Element ? node : node.parentElement;
  return element?.closest<HTMLElement>('[data-formula]') ?? null;
}

const lines = /^(?:p|h[1-6]|li|tr|pre|blockquote|div|ul|ol|table|section|article|header|footer)$/;

/** With a new line where a block begins or ends. */
function textOf(node: Node): string {
  if (node.nodeType === Node.TEXT_NODE) return node.textContent ?? '';
  const name = (node as Element).localName ?? '';
  if (name === 'br') return '\n';
  if (name === 'button') return '';
  const inner = [...node.childNodes].map(textOf).join('');
  if (name === 'td' || name === 'th') return `${inner}\t`;
  return lines.test(name) ? `${inner.replace(/\n$/, '')}\n` : inner;
}
