/** What panes that are linked do when one of them was changed. */
import type { ImageFacts } from '../../../client/index.ts';
import { matchView } from '../../viewer/view-transform.ts';
import { heightOf } from '../study/stacks.ts';
import { unitOf } from '../study/units.ts';
import {
  activePane,
  factsOf,
  hasWindow,
  imageOf,
  type Pane,
  type ReadingState,
  showIn,
  stackOf,
} from './reading-state.ts';

function others(state: ReadingState, change: (pane: Pane, place: number) => Pane): ReadingState {
  return {
    ...state,
    panes: state.panes.map((pane, place) =>
      place === state.active || place >= state.layout || pane.stack === null ? pane : change(pane, place),
    ),
  };
}

export function followZoom(state: ReadingState): ReadingState {
  if (!state.links.zoom) return state;
  const { view } = activePane(state);
  return others(state, pane => ({ ...pane, view: matchView(view, pane.view) }));
}

/** Values of another unit have other windows, and colours have none. */
export function followWindow(state: ReadingState): ReadingState {
  const active = activePane(state);
  const { voi, isInverted } = active;
  const unit = unitOf(factsOf(state, active));
  if (!state.links.window || !hasWindow(active)) return state;
  return others(state, pane =>
    hasWindow(pane) && unitOf(factsOf(state, pane)) === unit ? { ...pane, voi, isInverted } : pane,
  );
}

/** Where each pane is now is where it belongs beside the others from here on. */
export function anchorPanes(state: ReadingState): ReadingState {
  return { ...state, anchors: state.panes.map(({ index }) => index) };
}

/**
 * By as many millimetres along the patient as the active pane is from its anchor, where both stacks lie the same way; else by as many
 * images. Counted from the anchor, so that stacks of other steps do not drift apart.
 */
export function followScroll(state: ReadingState): ReadingState {
  if (!state.links.scroll) return state;
  const now = activePane(state);
  const start = { ...now, index: state.anchors[state.active] ?? now.index };
  const [from, to] = [place(state, start), place(state, now)];
  return others(state, (pane, at) => {
    const stack = stackOf(state, pane)!;
    const anchor = { ...pane, index: state.anchors[at] ?? pane.index };
    const here = place(state, anchor);
    if (!from || !to || !here || !liesAlike(to.facts, here.facts))
      return showIn(state.study, pane, stack, anchor.index + now.index - start.index);
    const isSameSpace = seriesSpace(to.facts) === seriesSpace(here.facts);
    const wanted = isSameSpace ? to.height : here.height + (to.height - from.height);
    return showIn(state.study, pane, stack, nearest(state, pane, wanted, pane.index));
  });
}

interface Place {
  height: number;
  facts: ImageFacts;
}

function place(state: ReadingState, pane: Pane): Place | null {
  const image = imageOf(state, pane);
  const file = image && state.study.files[image.file]!;
  const height = file && heightOf(file);
  return file && height !== null && height !== undefined ? { height, facts: file.facts } : null;
}

/** Within two degrees or so. */
function liesAlike(a: ImageFacts, b: ImageFacts): boolean {
  const [left, right] = [a.dicom?.identity.orientation, b.dicom?.identity.orientation];
  return !!left && !!right && left.every((share, axis) => Math.abs(share - right[axis]!) < 0.04);
}

/** Coordinates are comparable within a study: an earlier one was measured from elsewhere. */
const seriesSpace = (facts: ImageFacts) => facts.dicom?.identity.studyUid ?? null;

function nearest(state: ReadingState, pane: Pane, wanted: number, otherwise: number): number {
  const { images } = stackOf(state, pane)!;
  let best = { index: otherwise, distance: Number.POSITIVE_INFINITY };
  images.forEach(({ file }, index) => {
    const height = heightOf(state.study.files[file]!);
    const distance = height === null ? Number.POSITIVE_INFINITY : Math.abs(height - wanted);
    if (distance < best.distance) best = { index, distance };
  });
  return best.index;
}
