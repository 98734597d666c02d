import { startView, transformView } from '../../viewer/view-transform.ts';
import { changeMarks, draw } from './change-marks.ts';
import { anchorPanes, followScroll, followWindow, followZoom } from './follow.ts';
import { growReading } from './grow-reading.ts';
import type { ReadingAction } from './reading-actions.ts';
import {
  activePane,
  keyOf,
  type Pane,
  type ReadingState,
  rangeOf,
  showIn,
  stackOf,
  voiOf,
} from './reading-state.ts';
import { dragLevel, levelOf } from './voi.ts';

export function changeReading(state: ReadingState, action: ReadingAction): ReadingState {
  switch (action.type) {
    case 'grow':
      return growReading(state, action.study, action.stacks, action.marks);
    case 'resize': {
      const { pane, frame } = action;
      return onPane(state, pane, each => ({
        ...each,
        view: transformView(each.view, { type: 'resize', frame }),
      }));
    }
    case 'shown':
      return onPane(state, action.pane, pane =>
        keyOf(state, pane) === action.info.key ? { ...pane, info: action.info } : pane,
      );
    case 'measured':
      return onPane(state, action.pane, pane => ({ ...pane, range: action.range }));
    case 'activate':
      return action.pane === state.active
        ? state
        : { ...state, active: action.pane, drawing: null, cursor: null, chosenMark: null };
    case 'lay-out':
      return {
        ...state,
        layout: action.layout,
        active: Math.min(state.active, action.layout - 1),
        drawing: null,
      };
    case 'link':
      return link(state, action);
    case 'choose-tool':
      return { ...state, tool: action.tool, drawing: null };
    case 'show-stack':
      return showStack(state, action.stack, action.pane ?? state.active);
    case 'scroll-by':
      return scroll(state, scrolled(state, action));
    case 'scroll-to':
      return scroll(state, action.index);
    case 'view':
      return followZoom(
        onActive(state, pane => ({ ...pane, view: transformView(pane.view, action.action) })),
      );
    case 'set-voi':
      return followWindow(onActive(state, pane => ({ ...pane, voi: action.voi })));
    case 'drag-voi':
      return followWindow(onActive(state, pane => dragged(state, pane, action.by)));
    case 'invert':
      return followWindow(onActive(state, pane => ({ ...pane, isInverted: !pane.isInverted })));
    case 'reset':
      return followWindow(followZoom(onActive(state, resetPane)));
    case 'hover':
      return { ...state, cursor: action.at };
    case 'draw-press':
    case 'draw-move':
    case 'draw-release':
    case 'draw-end':
    case 'draw-cancel':
      return draw(state, action);
    default:
      return changeMarks(state, action);
  }
}

function onPane(state: ReadingState, place: number, change: (pane: Pane) => Pane): ReadingState {
  return { ...state, panes: state.panes.map((pane, at) => (at === place ? change(pane) : pane)) };
}

const onActive = (state: ReadingState, change: (pane: Pane) => Pane) => onPane(state, state.active, change);

function link(state: ReadingState, { what, isOn }: Extract<ReadingAction, { type: 'link' }>): ReadingState {
  const linked = { ...state, links: { ...state.links, [what]: isOn } };
  if (!isOn) return linked;
  if (what === 'scroll') return anchorPanes(linked);
  return what === 'zoom' ? followZoom(linked) : followWindow(linked);
}

function showStack(state: ReadingState, id: string, place: number): ReadingState {
  const stack = state.stacks.find(each => each.id === id);
  if (!stack) return state;
  const shown = onPane(state, place, pane =>
    pane.stack === id ? pane : showIn(state.study, pane, stack, 0),
  );
  return anchorPanes({ ...shown, active: place, drawing: null, cursor: null, chosenMark: null });
}

/** Where a step leads: to the end and no farther, or, where it is endless, round to the other one. */
function scrolled(
  state: ReadingState,
  { by, isEndless }: Extract<ReadingAction, { type: 'scroll-by' }>,
): number {
  const { index } = activePane(state);
  const count = stackOf(state, activePane(state))?.images.length ?? 1;
  return isEndless ? (((index + by) % count) + count) % count : index + by;
}

function scroll(state: ReadingState, index: number): ReadingState {
  const before = activePane(state);
  const stack = stackOf(state, before);
  if (!stack) return state;
  const moved = onActive(state, pane => showIn(state.study, pane, stack, index));
  if (activePane(moved).index === before.index) return state;
  const settled = { ...moved, drawing: null, chosenMark: null };
  return state.links.scroll ? followScroll(settled) : settled;
}

function dragged(state: ReadingState, pane: Pane, by: readonly [number, number]): Pane {
  const choice = voiOf(pane);
  const level = choice && levelOf(choice, rangeOf(state, pane));
  return level ? { ...pane, voi: dragLevel(level, by) } : pane;
}

function resetPane(pane: Pane): Pane {
  const { image, frame } = pane.view;
  return {
    ...pane,
    view: transformView(startView(image), { type: 'resize', frame }),
    voi: null,
    isInverted: false,
  };
}
