import { type Pane, type ReadingState, stackOf } from '../state/reading-state.ts';

/** Images of a stack that may be shown next: those in the direction of scrolling, and some behind in case it turns. */
const [ahead, behind] = [8, 2];

/** Which way a pane was scrolled last. */
export interface Heading extends Pick<Pane, 'stack' | 'index'> {
  direction: 1 | -1;
}

export function headingOf(before: Heading | undefined, { stack, index }: Pane): Heading {
  if (before?.stack !== stack) return { stack, index, direction: 1 };
  const moved = Math.sign(index - before.index);
  return { stack, index, direction: moved === 0 ? before.direction : (moved as 1 | -1) };
}

/** Images that a pane is scrolled by before it is said anew which come next: there are still as many then. */
const renewedAfter = ahead / 2;

/** Whether what was asked for is not what may be shown next any more. */
export function hasMovedOn(asked: readonly Heading[], now: readonly Heading[]): boolean {
  return now.some(({ stack, index, direction }, place) => {
    const before = asked[place];
    if (before?.stack !== stack || before.direction !== direction) return true;
    return Math.abs(index - before.index) >= renewedAfter;
  });
}

/** What the panes that are seen may show next, the nearest first, and of those at the same distance that of the active pane. */
export function framesAhead(
  state: ReadingState,
  headings: readonly Heading[],
): { file: Blob; frame: number }[] {
  const places = state.panes.slice(0, state.layout).map((_, place) => place);
  places.sort((a, b) => Number(b === state.active) - Number(a === state.active));
  const steps = [
    ...Array.from({ length: ahead }, (_, at) => at + 1),
    ...Array.from({ length: behind }, (_, at) => -at - 1),
  ];
  return steps.flatMap(step =>
    places.flatMap(place => {
      const pane = state.panes[place]!;
      const direction = headings[place]?.direction ?? 1;
      const image = stackOf(state, pane)?.images[pane.index + step * direction];
      return image ? { file: state.study.files[image.file]!.file, frame: image.frame } : [];
    }),
  );
}
