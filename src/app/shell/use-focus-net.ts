import { type FocusEvent, useEffect, useRef } from 'react';

/** What can have the focus. What is closed or inert cannot. */
const focusable =
  'button:enabled, input:enabled:not([type="file"]), textarea:enabled, select:enabled, summary, a[href], [tabindex]';

interface Held {
  control: HTMLElement;
  /** What the control stood in, the innermost first, each with what could be focused before the control. */
  places: { ancestor: HTMLElement; before: Set<Element> }[];
}

/**
 * Where the control with the focus vanishes or is disabled, and nothing nearer takes care of it (see `useKeptFocus`), the
 * focus goes to what took its place: to what follows what stood before it, in the innermost part of the page that is left.
 * On the page itself a keyboard would begin again at the top.
 */
export function useFocusNet() {
  const held = useRef<Held | null>(null);
  useEffect(() => {
    const observer = new MutationObserver(() => {
      if (!held.current || isUsable(held.current.control)) return;
      // After those that watch a smaller region.
      queueMicrotask(() => {
        const { current } = held;
        if (!current || isUsable(current.control)) return;
        held.current = null;
        const focused = document.activeElement;
        if (focused === null || focused === document.body || focused === current.control) {
          successorOf(current)?.focus();
        }
      });
    });
    observer.observe(document.body, { subtree: true, childList: true, attributeFilter: ['disabled'] });
    return () => observer.disconnect();
  }, []);
  return {
    onFocus: ({ target }: FocusEvent<HTMLElement>) => {
      held.current = { control: target, places: placesOf(target) };
    },
    // React tells of no focus that is lost because of what it removes itself: this is the reader's going elsewhere.
    onBlur: () => {
      held.current = null;
    },
  };
}

const isShown = (candidate: HTMLElement) =>
  candidate.closest('[hidden], [inert], details:not([open]) > :not(summary)') === null &&
  candidate.checkVisibility?.({ visibilityProperty: true }) !== false;

const isUsable = (control: HTMLElement) => control.isConnected && !control.matches(':disabled');

function placesOf(control: HTMLElement): Held['places'] {
  const places: Held['places'] = [];
  for (let at = control.parentElement; at && at !== document.body; at = at.parentElement) {
    const candidates = [...at.querySelectorAll(focusable)];
    const before = candidates.slice(0, Math.max(0, candidates.indexOf(control)));
    places.push({ ancestor: at, before: new Set(before) });
    // A dialog is a page of its own.
    if (at.tagName === 'DIALOG') break;
  }
  return places;
}

function successorOf({ control, places }: Held): HTMLElement | null {
  for (const { ancestor, before } of places) {
    if (!ancestor.isConnected) continue;
    const candidates = [...ancestor.querySelectorAll<HTMLElement>(focusable)].filter(
      each => each !== control && isShown(each),
    );
    const next = candidates.find(each => !before.has(each)) ?? candidates.at(-1);
    if (next) return next;
  }
  return document.querySelector<HTMLElement>('#question');
}
