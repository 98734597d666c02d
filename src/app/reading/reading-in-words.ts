/** What changed, for those who do not see it. */
import { zoomInWords } from '../viewer/change-in-words.ts';
import { markNames } from './marks/mark.ts';
import { measure } from './marks/mark-values.ts';
import { valueInWords } from './marks/values-in-words.ts';
import { cursorInWords } from './panes/pane-stage.tsx';
import type { KeyedValues } from './panes/use-values.ts';
import { followingInWords } from './state/follow.ts';
import {
  activePane,
  factsOf,
  imageOf,
  marksOf,
  type ReadingState,
  stackOf,
  voiOf,
} from './state/reading-state.ts';
import { voiInWords } from './state/voi.ts';
import { scaleOf } from './study/image-scale.ts';
import { unitOf } from './study/units.ts';
import { toolOf } from './tools/registry.ts';

/** Empty where nothing is different. */
export function changesInWords(
  before: ReadingState,
  after: ReadingState,
  values: KeyedValues | null,
): string {
  const [was, is] = [activePane(before), activePane(after)];
  const changes: (string | false)[] = [
    before.layout !== after.layout && `${after.layout === 1 ? 'One pane' : `${after.layout} panes`}`,
    (before.active !== after.active || was.stack !== is.stack) && stackInWords(after),
    !before.links.scroll && after.links.scroll && linkInWords(after),
    before.tool !== after.tool && `${toolOf(after.tool).name}. ${toolOf(after.tool).pointer}`,
    was.index !== is.index && imageInWords(after),
    voiChange(before, after),
    was.isInverted !== is.isInverted && (is.isInverted ? 'Inverted' : 'Not inverted'),
    was.view.turns !== is.view.turns && (is.view.turns === 0 ? 'Upright' : `Turned ${is.view.turns * 90}°`),
    was.view.isFlipped !== is.view.isFlipped && (is.view.isFlipped ? 'Flipped' : 'Not flipped'),
    zoomInWords(was.view.zoom) !== zoomInWords(is.view.zoom) && `Zoom ${zoomInWords(is.view.zoom)}`,
    markChange(before, after, values),
    before.cursor !== after.cursor && (cursorInWords(after, values, unitOf(factsOf(after, is))) ?? false),
  ];
  return changes.filter(Boolean).join('. ');
}

/** How each of the other panes follows. */
function linkInWords(state: ReadingState): string {
  return state.panes
    .map((_, place) => ({ place, words: followingInWords(state, place) }))
    .filter(({ words }) => words)
    .map(({ place, words }) => `Pane ${place + 1}: ${words}`)
    .join('. ');
}

function stackInWords(state: ReadingState): string {
  const pane = activePane(state);
  const stack = stackOf(state, pane);
  const name = stack ? `${stack.name}, ${stack.detail}` : 'empty';
  return state.layout > 1 ? `Pane ${state.active + 1}: ${name}` : name;
}

function imageInWords(state: ReadingState): string {
  const pane = activePane(state);
  return `Image ${pane.index + 1} of ${stackOf(state, pane)?.images.length ?? 0}`;
}

function voiChange(before: ReadingState, after: ReadingState): string | false {
  const [was, is] = [activePane(before), activePane(after)];
  const voi = voiOf(is);
  return was.stack === is.stack && was.voi !== is.voi && voi !== null && voiInWords(voi);
}

function markChange(before: ReadingState, after: ReadingState, values: KeyedValues | null): string | false {
  const pane = activePane(after);
  const image = imageOf(after, pane);
  if (!image) return false;
  const known = new Set(before.marks.map(({ id }) => id));
  const added = marksOf(after, pane).find(({ id }) => !known.has(id));
  if (!added) return after.marks.length < before.marks.length && 'Mark removed';
  const scale = scaleOf(after.study, image);
  const value = measure(added, scale, values);
  const words = value ? `: ${valueInWords(value, scale, unitOf(factsOf(after, pane))).join(', ')}` : '';
  return `${markNames[added.kind]} ${added.number}${words}`;
}
