import type { Pane, ReadingState } from './reading-state.ts';

/**
 * Whether a state differs from the one before at most in which images are shown and where the pointer is. What stands beside the panes may
 * follow such a change when the page has time: a scroll is sixty of them a second.
 */
export function staysBeside(before: ReadingState, after: ReadingState): boolean {
  if (before === after) return true;
  const names = Object.keys(after) as (keyof ReadingState)[];
  return names.every(name => {
    if (name === 'panes') return after.panes.every((pane, place) => isScrolled(before.panes[place]!, pane));
    return passing.has(name) || before[name] === after[name];
  });
}

/** What changes with a scroll; of a pane, also what is known of its image. */
const passing = new Set<keyof ReadingState>(['anchors', 'cursor']);
const passingOfPane = new Set<keyof Pane>(['index', 'info', 'range']);

function isScrolled(before: Pane, after: Pane): boolean {
  const names = Object.keys(after) as (keyof Pane)[];
  return names.every(name => passingOfPane.has(name) || before[name] === after[name]);
}
