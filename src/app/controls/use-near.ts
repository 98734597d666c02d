import { type RefObject, useEffect, useState, useSyncExternalStore } from 'react';
import { flushSync } from 'react-dom';

/** How far beyond what is seen things are still built: a screen on either side. */
const margin = '100% 0px';

type Hear = (isNear: boolean) => void;

interface Watch {
  observer: IntersectionObserver;
  heard: Map<Element, Hear>;
}

const watches = new WeakMap<Element, Watch>();

/**
 * Whether an item of a long list is near what its scroller (a selector of an ancestor) shows, so that it has to be built. Always
 * where the browser cannot tell, and while the page is printed. What is read stays in its place while items above it
 * are built at another height than they were thought to have. `onFar` is called before an item is given up.
 */
export function useNear(
  ref: RefObject<HTMLElement | null>,
  scroller: string,
  isNearAtFirst: boolean,
  onFar?: (item: HTMLElement) => void,
): boolean {
  const [isNear, setNear] = useState(isNearAtFirst);
  const isPrinted = usePrinting();
  // biome-ignore lint/correctness/useExhaustiveDependencies: the item stays the same element as long as it is there
  useEffect(() => {
    const item = ref.current;
    const root = item?.closest(scroller);
    if (!item || !root || !canTell()) return;
    const hear: Hear = next => {
      // What someone works in stays.
      if (!next && item.contains(document.activeElement)) return;
      if (!next) onFar?.(item);
      setNear(next);
    };
    return watch(root, item, hear);
  }, []);
  return isNear || isPrinted || !canTell();
}

const canTell = () => typeof IntersectionObserver !== 'undefined';

function watch(root: Element, item: Element, hear: Hear): () => void {
  const { observer, heard } = watches.get(root) ?? begin(root);
  heard.set(item, hear);
  observer.observe(item);
  return () => {
    heard.delete(item);
    observer.unobserve(item);
  };
}

function begin(root: Element): Watch {
  const heard: Watch['heard'] = new Map();
  const observer = new IntersectionObserver(
    entries => {
      keepPlace(root, heard.keys(), () =>
        flushSync(() => {
          for (const { target, isIntersecting } of entries) heard.get(target)?.(isIntersecting);
        }),
      );
    },
    { root, rootMargin: margin },
  );
  const made = { observer, heard };
  watches.set(root, made);
  return made;
}

/** Runs what may change heights; the first item that is seen stays where it is. */
function keepPlace(root: Element, items: Iterable<Element>, change: () => void): void {
  const { top } = root.getBoundingClientRect();
  const isAtStart = root.scrollTop === 0;
  let first: Element | null = null;
  let before = 0;
  for (const item of isAtStart ? [] : items) {
    const box = item.getBoundingClientRect();
    if (box.bottom <= top || (first && box.top >= before)) continue;
    first = item;
    before = box.top;
  }
  change();
  if (!first?.isConnected) return;
  const moved = first.getBoundingClientRect().top - before;
  if (Math.abs(moved) >= 1) root.scrollTop += moved;
}

let isPrinting = false;
const printed = new Set<() => void>();

function followPrinting(hear: () => void): () => void {
  printed.add(hear);
  return () => printed.delete(hear);
}

/** Whether the page is being printed. */
export const usePrinting = (): boolean => useSyncExternalStore(followPrinting, () => isPrinting);

/** Builds every item of every list until the page was printed, at once: what is printed is laid out right after the event before it. */
export function buildAll(): void {
  setPrinting(true);
}

function setPrinting(next: boolean): void {
  if (isPrinting === next) return;
  isPrinting = next;
  flushSync(() => {
    for (const hear of printed) hear();
  });
}

if (typeof window !== 'undefined') {
  window.addEventListener('beforeprint', buildAll);
  window.addEventListener('afterprint', () => setPrinting(false));
}
