import { type FocusEvent, type RefObject, useEffect, useRef } from 'react';

type FindNext<T extends HTMLElement> = (
  control: HTMLElement,
  region: T,
) => () => HTMLElement | null | undefined;

/**
 * Keeps focus in a region: where the focused control vanishes or is disabled, what takes its place is focused; it would
 * fall to the page otherwise, and who works with the keyboard would begin again at the top. `findNext` is asked while
 * the control is still there, for a function that finds its successor; it must not change from one render to the next.
 */
export function useKeptFocus<T extends HTMLElement>(findNext: FindNext<T>) {
  const ref: RefObject<T | null> = useRef<T>(null);
  const held = useRef<{ control: HTMLElement; next: ReturnType<FindNext<T>> } | null>(null);
  useEffect(() => {
    const region = ref.current;
    if (!region) return;
    const observer = new MutationObserver(() => {
      if (!held.current) return;
      const { control, next } = held.current;
      if (control.isConnected && !control.matches(':disabled')) return;
      held.current = null;
      const focused = document.activeElement;
      if (focused === null || focused === document.body || focused === control) next()?.focus();
    });
    observer.observe(region, { subtree: true, childList: true, attributeFilter: ['disabled'] });
    return () => observer.disconnect();
  }, []);
  return {
    ref,
    onFocus: ({ target }: FocusEvent<HTMLElement>) => {
      if (ref.current) held.current = { control: target, next: findNext(target, ref.current) };
    },
    // React tells of no focus that is lost because of what it removes itself: this is the reader's going elsewhere.
    onBlur: () => {
      held.current = null;
    },
  };
}
