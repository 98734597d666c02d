import { useEffect, useRef } from 'react';
import type { ImageReader } from '../../../client/index.ts';
import type { ReadingState } from '../state/reading-state.ts';
import { framesAhead, type Heading, hasMovedOn, headingOf } from './frames-ahead.ts';

/** Has decoded what scrolling on would show. */
export function useFramesAhead(reader: ImageReader, state: ReadingState): void {
  const headings = useRef<Heading[]>([]);
  const asked = useRef<{ headings: Heading[]; of: unknown[] }>(null);
  const latest = useRef(state);
  latest.current = state;
  const places = state.panes.map(({ stack, index }) => `${stack} ${index}`).join('\n');
  // biome-ignore lint/correctness/useExhaustiveDependencies: anew where another image is shown, or more of a stack is known
  useEffect(() => {
    const now = latest.current;
    headings.current = now.panes.map((pane, place) => headingOf(headings.current[place], pane));
    const of = [now.stacks, now.layout];
    const isSame = asked.current?.of.every((each, at) => each === of[at]);
    if (isSame && !hasMovedOn(asked.current!.headings, headings.current)) return;
    asked.current = { headings: headings.current, of };
    // One that cannot be decoded says so where it is shown.
    reader.prepareFrames(framesAhead(now, headings.current)).catch(() => undefined);
  }, [reader, places, state.stacks, state.layout]);
}
