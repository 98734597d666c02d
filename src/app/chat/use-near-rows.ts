import { type RefObject, useEffect, useLayoutEffect, useState } from 'react';
import type { Message } from '../../client/index.ts';
import { firstRange, NearRows } from './near-rows.ts';

/** Which messages of a conversation are built: those near what is seen, the last two, and those in which someone works or has selected something. */
export function useNearRows(
  path: readonly Message[],
  scrollRef: RefObject<HTMLElement | null>,
  listRef: RefObject<HTMLElement | null>,
): { isBuilt: (place: number) => boolean; near: NearRows } {
  const [range, setRange] = useState(() => firstRange(path.length));
  const [near] = useState(() => new NearRows(path.length, setRange));
  const held = useHeld(listRef);

  useLayoutEffect(() => {
    near.path = path;
    // Another branch, or another message, is to be looked at once React is done.
    queueMicrotask(() => near.look());
  }, [near, path]);

  useLayoutEffect(() => {
    if (scrollRef.current && listRef.current) return near.follow(scrollRef.current, listRef.current);
    return undefined;
  }, [near, scrollRef, listRef]);

  const isBuilt = (place: number) =>
    (place >= range.from && place < range.to) || place >= path.length - 2 || held.has(path[place]!.id);
  return { isBuilt, near };
}

/** The messages with the focus, and those at both ends of what is selected: they stay, wherever it is scrolled. */
function useHeld(listRef: RefObject<HTMLElement | null>): ReadonlySet<string> {
  const [held, setHeld] = useState<ReadonlySet<string>>(new Set());
  useEffect(() => {
    const list = listRef.current;
    if (!list) return;
    const note = () => {
      const selection = document.getSelection();
      const ends = selection && !selection.isCollapsed ? [selection.anchorNode, selection.focusNode] : [];
      const ids = new Set([document.activeElement, ...ends].flatMap(node => messageOf(node, list)));
      setHeld(before => (before.size === ids.size && [...ids].every(id => before.has(id)) ? before : ids));
    };
    document.addEventListener('focusin', note);
    document.addEventListener('selectionchange', note);
    return () => {
      document.removeEventListener('focusin', note);
      document.removeEventListener('selectionchange', note);
    };
  }, [listRef]);
  return held;
}

function messageOf(node: Node | null, list: Element): string[] {
  const element = node instanceof Element ? node : node?.parentElement;
  const row = element?.closest<HTMLElement>('[data-message]');
  return row && list.contains(row) ? [row.dataset.message!] : [];
}
