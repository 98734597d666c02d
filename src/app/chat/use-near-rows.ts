import { type RefObject, useEffect, useLayoutEffect, useRef, useState } from 'react';
import { giveWay, type Message } from '../../client/index.ts';
import { firstRange, NearRows } from './near-rows.ts';

/** Which messages of a conversation are built: those near what is seen, the last two, and those in which someone works or has selected something. */
export function useNearRows(
  path: readonly Message[],
  scrollRef: RefObject<HTMLElement | null>,
  listRef: RefObject<HTMLElement | null>,
): { isBuilt: (place: number) => boolean; near: NearRows } {
  const [range, setRange] = useState(() => firstRange(path, window.innerHeight));
  const [near] = useState(() => new NearRows(range, setRange));
  const held = useHeld(listRef);
  const isShown = useRef(false);

  useLayoutEffect(() => {
    near.path = path;
    // Another branch, or another message, is to be looked at once React is done; a conversation that was opened in a task of its own,
    // which comes before the next frame or with it.
    if (isShown.current) queueMicrotask(() => near.look());
    else void giveWay().then(() => near.look());
    isShown.current = true;
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
