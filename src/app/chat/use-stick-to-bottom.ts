import { type RefObject, useCallback, useEffect, useRef, useState } from 'react';

/** How far from the end still counts as being there, in pixels. */
const slack = 48;

/**
 * Keeps the end in view while the content grows, until the reader scrolls up; reaching the end again resumes.
 * Only the reader's own scrolling lets go: growth alone never does, however fast it is.
 */
export function useStickToBottom(
  scrollRef: RefObject<HTMLElement | null>,
  contentRef: RefObject<HTMLElement | null>,
) {
  const isStuck = useRef(true);
  const lastTop = useRef(0);
  const [isAtBottom, setAtBottom] = useState(true);

  const scrollToBottom = useCallback(
    (behavior: 'instant' | 'smooth') => {
      const scroller = scrollRef.current;
      if (!scroller) return;
      isStuck.current = true;
      const calm = window.matchMedia?.('(prefers-reduced-motion: reduce)').matches ?? true;
      if (behavior === 'smooth' && !calm) scroller.scrollTo({ top: scroller.scrollHeight, behavior });
      else scroller.scrollTop = scroller.scrollHeight;
    },
    [scrollRef],
  );

  /** Something else than the end was asked for. */
  const letGo = useCallback(() => {
    isStuck.current = false;
  }, []);

  useEffect(() => {
    const scroller = scrollRef.current;
    const content = contentRef.current;
    if (!scroller || !content) return;

    const distance = () => scroller.scrollHeight - scroller.clientHeight - scroller.scrollTop;
    const onScroll = () => {
      const scrolledUp = scroller.scrollTop < lastTop.current - 1;
      lastTop.current = scroller.scrollTop;
      if (distance() <= slack) isStuck.current = true;
      else if (scrolledUp) isStuck.current = false;
      setAtBottom(isStuck.current || distance() <= slack);
    };
    scroller.addEventListener('scroll', onScroll, { passive: true });

    const observer =
      typeof ResizeObserver === 'undefined'
        ? undefined
        : new ResizeObserver(() => {
            if (isStuck.current) {
              scroller.scrollTop = scroller.scrollHeight;
              // Its event comes with the next frame: a reader who scrolls up before that is to be believed.
              lastTop.current = scroller.scrollTop;
            }
            setAtBottom(isStuck.current || distance() <= slack);
          });
    observer?.observe(content);
    observer?.observe(scroller);
    return () => {
      scroller.removeEventListener('scroll', onScroll);
      observer?.disconnect();
    };
  }, [scrollRef, contentRef]);

  return { isAtBottom, scrollToBottom, letGo };
}
