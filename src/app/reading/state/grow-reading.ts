import type { Mark } from '../marks/mark.ts';
import type { Study } from '../study/image-facts.ts';
import type { Stack } from '../study/stacks.ts';
import { type Pane, type ReadingState, showIn, stackOf } from './reading-state.ts';

/**
 * More of the study was read. Each pane goes on showing the image that it shows, wherever that lies now; empty ones are filled. `marks`: on
 * what is new, from before.
 */
export function growReading(
  state: ReadingState,
  study: Study,
  stacks: readonly Stack[],
  marks: readonly Mark[] = [],
): ReadingState {
  const indexNow = ({ stack }: Pane, index: number): number => {
    const image = stackOf(state, { stack })?.images[index];
    const images = stackOf({ stacks }, { stack })?.images ?? [];
    const now = images.findIndex(({ file, frame }) => file === image?.file && frame === image.frame);
    return Math.max(0, now);
  };
  const shown = new Set(state.panes.map(({ stack }) => stack));
  const others = stacks.filter(({ id }) => !shown.has(id));
  return {
    ...state,
    study,
    stacks,
    marks: [...state.marks, ...marks],
    anchors: state.panes.map((pane, place) => indexNow(pane, state.anchors[place] ?? 0)),
    panes: state.panes.map(pane => {
      if (pane.stack !== null) return { ...pane, index: indexNow(pane, pane.index) };
      const stack = others.shift();
      return stack ? showIn(study, pane, stack, 0) : pane;
    }),
  };
}
