import { type RefObject, useCallback, useEffect, useId, useLayoutEffect, useRef } from 'react';
import type { ImageReader } from '../../../client/index.ts';
import { useFrameSize } from '../../viewer/use-frame-size.ts';
import { pixelValue } from '../marks/values-in-words.ts';
import type { ReadingAction } from '../state/reading-actions.ts';
import { imageOf, keyOf, marksOf, type Pane, type ReadingState, stackOf } from '../state/reading-state.ts';
import { sizeOf } from '../study/image-facts.ts';
import { scaleOf } from '../study/image-scale.ts';
import { unitOf } from '../study/units.ts';
import { toolOf } from '../tools/registry.ts';
import { Magnifier } from './magnifier.tsx';
import { MarkOverlay } from './mark-overlay.tsx';
import { PaneWords } from './pane-words.tsx';
import { PictureCanvas } from './picture-canvas.tsx';
import { panePoint } from './places.ts';
import { usePanePointers } from './use-pane-pointers.ts';
import { type Picture, usePicture } from './use-picture.ts';
import { type KeyedValues, useValues, valueAt } from './use-values.ts';

interface PaneStageProps {
  state: ReadingState;
  place: number;
  reader: ImageReader;
  act: (action: ReadingAction) => void;
  /** The values of the image, each time that they are there. */
  onValues: (place: number, values: KeyedValues | null) => void;
}

/** One pane: an image of a stack, what is drawn over it, and what is said at its edges. */
export function PaneStage({ state, place, reader, act, onValues }: PaneStageProps) {
  const stage = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const hintId = useId();
  const pane = state.panes[place]!;
  const stack = stackOf(state, pane);
  const image = imageOf(state, pane);
  const file = image && state.study.files[image.file]!;
  const size = useFrameSize(stage);
  const pixelRatio = size?.pixelRatio ?? 1;
  const noteShown = useCallback(
    ({ key, pixels }: Picture) => {
      if (!pixels) return;
      const { windows, warnings } = pixels;
      act({ type: 'shown', pane: place, info: { key, windows, warnings } });
    },
    [place, act],
  );
  const picture = usePicture(reader, state, pane, canvas, noteShown);
  const values = useValues(reader, state, pane);
  const grid = file && sizeOf(file);
  const pointers = usePanePointers({
    stage,
    state,
    place,
    grid,
    count: stack?.images.length ?? 0,
    pixelRatio,
    act,
  });
  const isActive = state.active === place;
  const tool = toolOf(state.tool);

  useLayoutEffect(() => {
    if (size) act({ type: 'resize', pane: place, frame: size.frame });
  }, [size, place, act]);
  useEffect(() => {
    if (values)
      act({
        type: 'measured',
        pane: place,
        range: { key: values.key, least: values.least, greatest: values.greatest },
      });
    onValues(place, values);
  }, [values, place, act, onValues]);
  // What a pane that is seen no more has measured is kept by nobody.
  useEffect(() => () => onValues(place, null), [place, onValues]);

  const name = stack
    ? `${stack.name}, image ${pane.index + 1} of ${stack.images.length}`
    : `Pane ${place + 1}, empty`;
  return (
    <div
      ref={stage}
      className="reading-stage"
      role="application"
      aria-label={name}
      aria-describedby={hintId}
      aria-busy={picture?.key !== keyOf(state, pane)}
      data-active={isActive && state.layout > 1}
      data-pane={place}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: it takes the arrow keys
      tabIndex={0}
      style={{ cursor: tool.cursor }}
      onFocus={() => act({ type: 'activate', pane: place })}
      {...pointers}
    >
      <p id={hintId} className="visually-hidden">
        {tool.name}. {tool.arrows} Page up and page down change the image.
      </p>
      <PaneImage canvas={canvas} picture={picture} pane={pane} pixelRatio={pixelRatio} name={name} />
      {file && grid && image && size && (
        <>
          <MarkOverlay
            marks={drawnMarks(state, pane, isActive)}
            chosen={state.chosenMark}
            view={pane.view}
            grid={grid}
            pixelRatio={pixelRatio}
            scale={scaleOf(state.study, image)}
            unit={unitOf(file.facts)}
            values={values}
          />
          {isActive && state.cursor && (
            <Cross state={state} pane={pane} pixelRatio={pixelRatio} grid={grid} />
          )}
          {isActive && state.tool === 'magnify' && state.cursor && picture?.pixels && (
            <Magnifier
              pixels={picture.pixels}
              view={pane.view}
              grid={grid}
              at={state.cursor}
              pixelRatio={pixelRatio}
            />
          )}
        </>
      )}
      <PaneWords
        state={state}
        pane={pane}
        pixelRatio={pixelRatio}
        value={isActive ? cursorInWords(state, values, unitOf(file?.facts ?? null)) : null}
      />
    </div>
  );
}

function PaneImage({
  canvas,
  picture,
  pane,
  pixelRatio,
  name,
}: {
  canvas: RefObject<HTMLCanvasElement | null>;
  picture: Picture | null;
  pane: Pane;
  pixelRatio: number;
  name: string;
}) {
  if (picture?.error) {
    return (
      <p className="reading-empty" role="alert">
        <strong>{picture.error.message}</strong> {picture.error.advice}
      </p>
    );
  }
  if (!picture?.pixels || pane.view.frame.width === 0) return null;
  return (
    <div className="reading-window">
      <PictureCanvas
        canvas={canvas}
        pixels={picture.pixels}
        view={pane.view}
        pixelRatio={pixelRatio}
        name={name}
      />
    </div>
  );
}

/** Those of the image, black boxes even where marks are hidden, and the one that is being drawn. */
function drawnMarks(state: ReadingState, pane: Pane, isActive: boolean) {
  const marks = marksOf(state, pane).filter(({ kind }) => state.areMarksShown || kind === 'redaction');
  const { drawing } = state;
  return isActive && drawing ? [...marks, { id: 'drawing', number: marks.length + 1, ...drawing }] : marks;
}

/** Where the keyboard's cross is; a pointer is seen by itself. */
function Cross({
  state,
  pane,
  pixelRatio,
  grid,
}: {
  state: ReadingState;
  pane: Pane;
  pixelRatio: number;
  grid: { width: number; height: number };
}) {
  if (!state.cursor || toolOf(state.tool).press || state.tool === 'magnify') return null;
  const [left, top] = panePoint(pane.view, state.cursor, grid, pixelRatio);
  return <span className="reading-cross" aria-hidden="true" style={{ left, top }} />;
}

/** "x 12, y 40: −1024 HU". */
export function cursorInWords(state: ReadingState, values: KeyedValues | null, unit: string): string | null {
  if (!state.cursor) return null;
  const [x, y] = state.cursor;
  const value = values && valueAt(values, state.cursor);
  const at = `x ${Math.floor(x)}, y ${Math.floor(y)}`;
  if (values && value === null) return null;
  return value === null ? at : `${at}: ${pixelValue(value, unit)}`;
}
