import type { Action } from './action.ts';

/** The last control of this name in the conversation that can be pressed. */
function findControl(name: string): HTMLButtonElement | undefined {
  const all = document.querySelectorAll<HTMLButtonElement>('.messages button:enabled');
  return [...all].findLast(each => each.getAttribute('aria-label') === name || each.textContent === name);
}

/** Does what the control does, with all that follows from it there: where the focus goes, what is said. */
export function pressing(name: string, whyNot: string): Pick<Action, 'whyNot' | 'run'> {
  return {
    whyNot: () => (findControl(name) ? null : whyNot),
    run: () => findControl(name)?.click(),
  };
}
