/** What panes that are linked do when one of them was changed. */
import type { FramePlace } from '../../../client/index.ts';
import { matchView } from '../../viewer/view-transform.ts';
import { heightOf, liesAlike, placeOf } from '../study/frame-place.ts';
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

/** How a pane follows when the active one is scrolled. */
type Following = 'place' | 'distance' | 'number';

/**
 * To the same place in the patient, where both stacks lie alike and share a frame of reference; where they lie alike in two, as two
 * studies do, by as many millimetres as the active pane is from its anchor; else by as many images. Counted from the anchor, so that
 * stacks of other steps do not drift apart.
 */
export function followScroll(state: ReadingState): ReadingState {
  if (!state.links.scroll) return state;
  const now = activePane(state);
  const start = anchorOf(state, state.active);
  return others(state, (pane, at) => {
    const stack = stackOf(state, pane)!;
    const anchor = anchorOf(state, at);
    const following = followingOf(state, at);
    if (following === 'number')
      return showIn(state.study, pane, stack, anchor.index + now.index - start.index);
    const height = (each: Pane) => place(state, each)!.height;
    const wanted = following === 'place' ? height(now) : height(anchor) + height(now) - height(start);
    return showIn(state.study, pane, stack, nearest(state, pane, wanted, pane.index));
  });
}

function followingOf(state: ReadingState, at: number): Following {
  const here = place(state, anchorOf(state, at));
  const there = place(state, anchorOf(state, state.active));
  if (!here || !there || !place(state, activePane(state)) || !liesAlike(here.orientation, there.orientation))
    return 'number';
  return here.space !== null && here.space === there.space ? 'place' : 'distance';
}

const followingWords: Readonly<Record<Following, string>> = {
  place: 'Follows to the same place',
  distance: 'Follows by millimetres',
  number: 'Follows image by image',
};

/** How a pane that is seen follows the active one; null where it does not. */
export function followingInWords(state: ReadingState, at: number): string | null {
  const isFollowing = state.links.scroll && at !== state.active && at < state.layout;
  return isFollowing && state.panes[at]!.stack !== null ? followingWords[followingOf(state, at)] : null;
}

function anchorOf(state: ReadingState, at: number): Pane {
  const pane = state.panes[at]!;
  return { ...pane, index: state.anchors[at] ?? pane.index };
}

interface Place {
  height: number;
  orientation: FramePlace['orientation'];
  /** Heights are comparable within one. */
  space: string | null;
}

function place(state: ReadingState, pane: Pane): Place | null {
  const image = imageOf(state, pane);
  const file = image && state.study.files[image.file]!;
  const height = file && heightOf(file, image.frame);
  if (!file || height === null) return null;
  const space = file.facts.dicom?.identity.frameOfReferenceUid ?? null;
  return { height, orientation: placeOf(file, image.frame).orientation, space };
}

function nearest(state: ReadingState, pane: Pane, wanted: number, otherwise: number): number {
  const { images } = stackOf(state, pane)!;
  let best = { index: otherwise, distance: Number.POSITIVE_INFINITY };
  images.forEach(({ file, frame }, index) => {
    const height = heightOf(state.study.files[file]!, frame);
    const distance = height === null ? Number.POSITIVE_INFINITY : Math.abs(height - wanted);
    if (distance < best.distance) best = { index, distance };
  });
  return best.index;
}
