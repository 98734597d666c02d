import type { ReactNode } from 'react';
import { zoomInWords } from '../../viewer/change-in-words.ts';
import { edgeLetters, type ImageOrientation } from '../geometry/orientation.ts';
import { scaleBar } from '../geometry/scale-bar.ts';
import { heightInWords, lengthInWords } from '../marks/values-in-words.ts';
import { followingInWords } from '../state/follow.ts';
import { imageOf, type Pane, type ReadingState, stackOf, voiOf } from '../state/reading-state.ts';
import { voiInWords } from '../state/voi.ts';
import { heightOf, placeOf } from '../study/frame-place.ts';
import { scaleOf } from '../study/image-scale.ts';

interface PaneWordsProps {
  state: ReadingState;
  pane: Pane;
  pixelRatio: number;
  /** What the pointer is at. */
  value: string | null;
}

/** Over the image, at its edges: which it is, how it is shown, what lies where in the patient. */
export function PaneWords({ state, pane, pixelRatio, value }: PaneWordsProps) {
  const stack = stackOf(state, pane);
  if (!stack) return <p className="reading-empty">Choose a series for this pane.</p>;
  const image = imageOf(state, pane);
  const height = image && heightOf(state.study.files[image.file]!, image.frame);
  const following = followingInWords(state, state.panes.indexOf(pane));
  const voi = voiOf(pane);
  const isInverted = pane.isInverted ? ' · Inverted' : '';
  return (
    <>
      <Corner at="top-left">
        <bdi>{stack.name}</bdi>
        <br />
        {pane.index + 1} / {stack.images.length}
        {height !== null && ` · ${heightInWords(height)}`}
        {following && <br />}
        {following}
      </Corner>
      {value && <Corner at="top-right">{value}</Corner>}
      <Corner at="bottom-left">
        {voi ? `${voiInWords(voi)}${isInverted}` : pane.info ? `Colour${isInverted}` : ''}
        <br />
        {pane.view.frame.width > 0 && zoomInWords(pane.view.zoom)}
        {pane.view.turns > 0 && ` · Turned ${pane.view.turns * 90}°`}
        {pane.view.isFlipped && <strong className="reading-flipped"> · Flipped</strong>}
      </Corner>
      <Letters state={state} pane={pane} />
      <Ruler state={state} pane={pane} pixelRatio={pixelRatio} />
    </>
  );
}

function Corner({ at, children }: { at: string; children: ReactNode }) {
  return (
    <p className="reading-corner figure" data-at={at}>
      {children}
    </p>
  );
}

function Letters({ state, pane }: Pick<PaneWordsProps, 'state' | 'pane'>) {
  const image = imageOf(state, pane);
  const orientation = image && placeOf(state.study.files[image.file]!, image.frame).orientation;
  if (!orientation) return null;
  const letters = edgeLetters(orientation as ImageOrientation, pane.view);
  return Object.entries(letters).map(([edge, letter]) => (
    <span key={edge} className="reading-letter" data-at={edge}>
      {letter}
    </span>
  ));
}

function Ruler({ state, pane, pixelRatio }: Pick<PaneWordsProps, 'state' | 'pane' | 'pixelRatio'>) {
  const image = imageOf(state, pane);
  const scale = image && scaleOf(state.study, image);
  if (!scale?.spacing) return null;
  const { zoom, frame } = pane.view;
  const bar = scaleBar(zoom / pixelRatio / scale.spacing.column, (frame.width / pixelRatio) * 0.25);
  if (!bar) return null;
  const words =
    bar.length >= 10 && scale.spacing.at === 'patient'
      ? `${bar.length / 10}\u00a0cm`
      : lengthInWords(bar.length, scale).replace('.0', '');
  return (
    <div className="reading-ruler figure">
      <span style={{ width: bar.size }} />
      {words}
    </div>
  );
}
